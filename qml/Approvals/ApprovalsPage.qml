// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Tool calls that wait for a person, the answers of the past, and the rules they left.
FocusScope {
    id: root

    required property PendingApprovals approvals
    required property ApprovalHistory history
    required property ApprovalRulesModel rules
    property int part: 0

    signal callWanted(string sessionId, string callId)

    function go(part: int) {
        root.part = part;
        [waiting, answered, ruled][part].forceActiveFocus(Qt.ShortcutFocusReason);
    }

    onVisibleChanged: {
        root.approvals.browsed = root.visible;
        // A key or a click that brought this page up answers nothing on it.
        root.approvals.rearm();
    }
    Component.onCompleted: root.approvals.browsed = root.visible
    Component.onDestruction: root.approvals.browsed = false

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }

    Item {
        id: head

        width: root.width
        height: Theme.paneHeader - Theme.space3

        PlainLabel {
            id: heading

            x: 20
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("Approvals")
            font.pixelSize: Theme.titleSize
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
            Accessible.role: Accessible.Heading
            Accessible.name: heading.text
        }

        SegmentedChoice {
            objectName: "approvalsPart"
            anchors.left: heading.right
            anchors.leftMargin: Theme.space5
            anchors.verticalCenter: parent.verticalCenter
            name: qsTr("Approvals")
            words: [root.approvals.count > 0 ? qsTr("Waiting %1").arg(root.approvals.count) : qsTr("Waiting"), qsTr("Answered"), root.rules.count > 0 ? qsTr("Rules %1").arg(root.rules.count) : qsTr("Rules")]
            current: root.part
            onChosen: index => root.go(index)
        }

        PushButton {
            objectName: "pauseApprovals"
            anchors.right: parent.right
            anchors.rightMargin: Theme.space5
            anchors.verticalCenter: parent.verticalCenter
            glyph: root.approvals.paused ? "play" : "pause"
            text: root.approvals.paused ? qsTr("Resume (F7)") : qsTr("Hold what is asked (F7)")
            onClicked: root.approvals.paused = !root.approvals.paused
        }
    }

    Rule {
        anchors.top: head.bottom
        width: parent.width
    }

    Rectangle {
        id: held

        anchors.top: head.bottom
        anchors.topMargin: 1
        width: parent.width
        height: root.approvals.paused ? note.height + 2 * Theme.space2 : 0
        visible: root.approvals.paused
        color: Theme.holdSoft

        PlainLabel {
            id: note

            objectName: "pausedNote"
            x: 20
            y: Theme.space2
            width: parent.width - 40
            text: qsTr("No rule allows anything now: each call that policies ask about waits for you, and the clocks stand still, for at most 10 minutes a call.")
            color: Theme.hold
            wrapMode: Text.Wrap
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }
    }

    Item {
        anchors.top: held.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom

        WaitingPane {
            id: waiting

            anchors.fill: parent
            visible: root.part === 0
            focus: root.part === 0
            approvals: root.approvals
            onCallWanted: (sessionId, callId) => root.callWanted(sessionId, callId)
        }

        HistoryPane {
            id: answered

            anchors.fill: parent
            visible: root.part === 1
            focus: root.part === 1
            history: root.history
            onVisibleChanged: root.history.active = answered.visible
            onCallWanted: (sessionId, callId) => root.callWanted(sessionId, callId)
            onRuleWanted: ruleId => {
                root.go(2);
                ruled.show(ruleId);
            }
        }

        RulesPane {
            id: ruled

            anchors.fill: parent
            visible: root.part === 2
            focus: root.part === 2
            rules: root.rules
            onCallWanted: (sessionId, callId) => root.callWanted(sessionId, callId)
        }
    }
}
