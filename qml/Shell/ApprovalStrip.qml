// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The tool call that has waited longest for a person: what it would do, who asks why, and the answers. It never takes
// the keyboard by itself: a key meant for something else must not allow anything.
FocusScope {
    id: root

    required property PendingApprovals approvals

    readonly property bool shown: root.approvals.waiting || root.approvals.problem !== ""

    /// Puts the keyboard on the answer that does least.
    function take() {
        deny.forceActiveFocus(Qt.ShortcutFocusReason);
    }

    /// What a button does: a wider answer says for how long.
    function withReach(word: string, once: string): string {
        const reach = root.approvals.reach;
        if (!reach.wide)
            return once === "" ? word : once;
        return qsTr("%1: %2").arg(word).arg(reach.durations[reach.duration]);
    }

    implicitHeight: content.height + 2 * Theme.space3 + 1
    visible: root.shown
    Accessible.role: Accessible.AlertMessage
    Accessible.name: root.approvals.waiting ? qsTr("%1 waits for an answer, asked by %2").arg(root.approvals.tool).arg(root.approvals.policy) : root.approvals.problem

    Rectangle {
        anchors.fill: parent
        color: Theme.holdSoft
    }

    Rectangle {
        anchors.left: parent.left
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        width: 3
        color: Theme.hold
    }

    Rule {
        anchors.bottom: parent.bottom
        width: parent.width
    }

    Column {
        id: content

        x: Theme.space4
        y: Theme.space3
        width: root.width - 2 * Theme.space4
        spacing: Theme.space2

        Item {
            width: parent.width
            height: heading.height
            visible: root.approvals.waiting

            Glyph {
                id: sign

                y: 1
                name: "pause"
                size: 15
                tint: Theme.hold
            }

            PlainLabel {
                id: heading

                anchors.left: sign.right
                anchors.leftMargin: Theme.space2
                anchors.right: time.left
                anchors.rightMargin: Theme.space3
                text: qsTr("May %1 run?").arg(root.approvals.tool)
                font.weight: Font.DemiBold
                elide: Text.ElideRight
                textFormat: Text.PlainText
                Accessible.role: Accessible.Heading
                Accessible.name: heading.text
            }

            PlainLabel {
                id: time

                objectName: "timeLeft"
                anchors.right: parent.right
                text: (root.approvals.count > 1 ? qsTr("%1 more wait · ").arg(root.approvals.count - 1) : "") + qsTr("%1 s left, then denied").arg(root.approvals.secondsLeft)
                color: root.approvals.secondsLeft <= 10 ? Theme.block : Theme.text2
                font.pixelSize: Theme.secondarySize
                textFormat: Text.PlainText
            }
        }

        PlainLabel {
            objectName: "approvalReason"
            width: parent.width
            visible: root.approvals.waiting
            text: (root.approvals.reason === "" ? qsTr("Asked by %1").arg(root.approvals.policy) : qsTr("%1: %2").arg(root.approvals.policy).arg(root.approvals.reason)) + (root.approvals.origin === "" ? "" : " · " + root.approvals.origin)
            color: Theme.text2
            wrapMode: Text.Wrap
            maximumLineCount: 3
            elide: Text.ElideRight
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }

        Rectangle {
            width: parent.width
            height: Math.min(168, words.height + 2 * Theme.space2 + 2)
            visible: root.approvals.waiting
            radius: Theme.controlRadius
            color: Theme.canvas
            border.color: page.activeFocus ? Theme.accent : Theme.lineStrong
            border.width: page.activeFocus ? 2 : 1

            PageScroll {
                id: page

                objectName: "approvalArguments"
                anchors.fill: parent
                anchors.margins: 1
                contentHeight: words.height + 2 * Theme.space2
                activeFocusOnTab: page.contentHeight > page.height
                Accessible.role: Accessible.StaticText
                Accessible.name: qsTr("Arguments: %1").arg(root.approvals.arguments)
                Keys.onDownPressed: page.scrollTo(page.contentY + Theme.wheelStep)
                Keys.onUpPressed: page.scrollTo(page.contentY - Theme.wheelStep)

                SelectableText {
                    id: words

                    objectName: "approvalWords"
                    x: 10
                    y: Theme.space2
                    width: page.width - 28
                    text: root.approvals.arguments
                    wrapMode: TextEdit.WrapAnywhere
                    font.family: Theme.mono
                    font.pixelSize: Theme.codeSize
                    font.preferShaping: false
                }
            }
        }

        ReachChoice {
            width: parent.width
            visible: root.approvals.waiting
            reach: root.approvals.reach
        }

        Item {
            width: parent.width
            height: Theme.button + 2
            visible: root.approvals.waiting

            LineField {
                id: message

                objectName: "denyMessage"
                anchors.left: parent.left
                anchors.right: deny.left
                anchors.rightMargin: Theme.space2
                placeholderText: qsTr("What the agent is told if you deny (may be empty)")
                maximumLength: 500
                Accessible.name: qsTr("Message to the agent")
            }

            PushButton {
                id: deny

                objectName: "denyCall"
                anchors.right: allow.left
                anchors.rightMargin: Theme.space2
                anchors.verticalCenter: parent.verticalCenter
                focus: true
                enabled: root.approvals.armed
                opacity: enabled ? 1 : 0.5
                glyph: "barred"
                text: root.withReach(message.text === "" ? qsTr("Deny") : qsTr("Deny with message"), "")
                onClicked: root.approvals.deny(root.approvals.promptId, message.text)
            }

            PushButton {
                id: allow

                objectName: "allowCall"
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                enabled: root.approvals.armed
                opacity: enabled ? 1 : 0.5
                glyph: "check"
                text: root.withReach(qsTr("Allow"), qsTr("Allow once"))
                onClicked: root.approvals.allow(root.approvals.promptId)
            }
        }

        PlainLabel {
            objectName: "approvalProblem"
            width: parent.width
            visible: root.approvals.problem !== ""
            text: root.approvals.problem
            color: Theme.failure
            wrapMode: Text.Wrap
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }
    }

    // What was written for one question is not said to another.
    Connections {
        property string promptId: ""

        target: root.approvals

        function onChanged() {
            if (promptId === root.approvals.promptId)
                return;
            promptId = root.approvals.promptId;
            message.clear();
            page.contentY = 0;
        }
    }
}
