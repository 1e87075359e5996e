// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// One call in every detail: what policies said, what was asked and answered, each event, and where the time went.
FocusScope {
    id: root

    required property InspectedCall call
    required property Clipboard clipboard
    property int tab: 0
    readonly property list<string> tabNames: [qsTr("Decision"), qsTr("Request"), qsTr("Response"), qsTr("Raw"), qsTr("Timing")]

    signal closed
    signal policyWanted(string policyId)
    signal ruleWanted(string tool)
    signal replayWanted(string callId)
    signal resendWanted(string callId)
    /// callId: empty = the session from its end.
    signal callWanted(string sessionId, string callId)

    function go(tab: int) {
        root.tab = Math.max(0, Math.min(root.tabNames.length - 1, tab));
        const button = tabs.itemAt(root.tab) as InspectorTab;
        if (button)
            button.forceActiveFocus(Qt.TabFocusReason);
    }

    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Inspector")
    Keys.onEscapePressed: root.closed()

    Rectangle {
        anchors.fill: parent
        color: Theme.panel
    }

    Item {
        id: header

        width: parent.width
        height: Theme.paneHeader
        visible: root.call.loaded

        PlainLabel {
            id: title

            x: 20
            y: 11
            width: Math.min(title.implicitWidth, parent.width - 84 - (badge.visible ? badge.width + 8 : 0))
            text: root.call.title
            elide: Text.ElideRight
            maximumLineCount: 1
            font.pixelSize: Theme.titleSize
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
            Accessible.role: Accessible.Heading
            Accessible.name: title.text
        }

        VerdictBadge {
            id: badge

            anchors.left: title.right
            anchors.leftMargin: 8
            anchors.verticalCenter: title.verticalCenter
            visible: root.call.verdict !== ""
            label: root.call.verdict
            tone: root.call.tone
        }

        PlainLabel {
            x: 20
            y: 35
            text: root.call.place
            color: Theme.text2
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }
    }

    PushButton {
        objectName: "closeInspector"
        anchors.right: parent.right
        anchors.rightMargin: 14
        y: 18
        glyph: "cross"
        Accessible.name: qsTr("Close the inspector")
        onClicked: root.closed()
    }

    Row {
        id: tabRow

        x: 11
        anchors.top: header.bottom
        Accessible.role: Accessible.PageTabList
        Accessible.name: qsTr("Inspector")

        Repeater {
            id: tabs

            model: root.tabNames
            delegate: InspectorTab {
                id: button

                required property int index
                required property string modelData

                objectName: "inspectorTab." + button.index
                text: button.modelData
                current: button.index === root.tab
                activeFocusOnTab: button.current
                onClicked: root.tab = button.index
                Keys.onLeftPressed: root.go(button.index - 1)
                Keys.onRightPressed: root.go(button.index + 1)
            }
        }
    }

    Rule {
        id: edge

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: tabRow.bottom
    }

    Item {
        id: content

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: edge.bottom
        anchors.bottom: footer.top
        visible: root.call.loaded
        clip: true

        DecisionTab {
            anchors.fill: parent
            visible: root.tab === 0
            call: root.call
            clipboard: root.clipboard
            onPolicyWanted: policyId => root.policyWanted(policyId)
            onCallWanted: (sessionId, callId) => root.callWanted(sessionId, callId)
        }

        CallSideTab {
            anchors.fill: parent
            visible: root.tab === 1
            side: root.call.request
            clipboard: root.clipboard
            name: qsTr("Request")
        }

        CallSideTab {
            anchors.fill: parent
            visible: root.tab === 2
            side: root.call.response
            clipboard: root.clipboard
            name: qsTr("Response")
        }

        RawTab {
            anchors.fill: parent
            visible: root.tab === 3
            call: root.call
            clipboard: root.clipboard
        }

        TimingTab {
            anchors.fill: parent
            visible: root.tab === 4
            timing: root.call.timing
        }
    }

    PlainLabel {
        anchors.centerIn: parent
        width: parent.width - 2 * Theme.space5
        visible: text !== ""
        text: root.call.loaded ? "" : root.call.problem !== "" ? root.call.problem : root.call.callId === "" ? qsTr("Choose a call to see what was asked, answered and decided") : qsTr("Reading…")
        color: Theme.text3
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }

    Rule {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: footer.top
        visible: root.call.loaded
    }

    Item {
        id: footer

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        height: root.call.loaded ? buttons.y + buttons.height + 12 : 0
        visible: root.call.loaded

        PlainLabel {
            id: trouble

            x: 20
            y: 12
            width: parent.width - 40
            visible: root.call.problem !== ""
            text: root.call.problem
            color: Theme.block
            font.pixelSize: Theme.secondarySize
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
        }

        CopyButtons {
            id: buttons

            x: 20
            y: trouble.visible ? trouble.y + trouble.height + 8 : 12
            width: parent.width - 40
            call: root.call
            clipboard: root.clipboard
            onRuleWanted: tool => root.ruleWanted(tool)
            onReplayWanted: root.replayWanted(root.call.callId)
            onResendWanted: root.resendWanted(root.call.callId)
        }
    }
}
