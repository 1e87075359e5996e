// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Window
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// A tool call that waits for a person, over every page but that of the approvals: what it would do, who asks why, and
// the answers. It never takes the keyboard by itself: a key meant for something else must not allow anything.
FocusScope {
    id: root

    required property PendingApprovals approvals
    /// The page of the approvals shows the same.
    property bool elsewhere: false

    readonly property bool shown: !root.elsewhere && (root.approvals.waiting || root.approvals.problem !== "")
    readonly property AskedCall call: root.approvals.shown
    /// A low window keeps most of its height for what is asked about.
    readonly property real mostWords: Math.max(72, Math.min(208, root.Window.height - 480))

    signal allWanted

    /// Puts the keyboard on the answer that does least.
    function take() {
        bar.take(Qt.ShortcutFocusReason);
    }

    implicitHeight: content.height + 2 * Theme.space3 + 1
    visible: root.shown
    Accessible.role: Accessible.AlertMessage
    Accessible.name: root.approvals.waiting ? qsTr("%1 waits for an answer, asked by %2").arg(root.call.tool).arg(root.call.policy) : root.approvals.problem

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
            height: Theme.button
            visible: root.approvals.waiting

            Glyph {
                id: sign

                anchors.verticalCenter: parent.verticalCenter
                name: "pause"
                tint: Theme.hold
            }

            PlainLabel {
                id: heading

                anchors.left: sign.right
                anchors.leftMargin: Theme.space2
                anchors.verticalCenter: parent.verticalCenter
                width: Math.min(implicitWidth, left.x - heading.x - Theme.space3)
                text: root.approvals.count > 1 ? qsTr("%1 waits for you, and %2 more").arg(root.call.tool).arg(root.approvals.count - 1) : qsTr("%1 waits for you").arg(root.call.tool)
                elide: Text.ElideRight
                font.weight: Font.DemiBold
                textFormat: Text.PlainText
            }

            TimeLeft {
                id: left

                anchors.right: all.left
                anchors.rightMargin: Theme.space3
                anchors.verticalCenter: parent.verticalCenter
                approvals: root.approvals
            }

            PushButton {
                id: all

                objectName: "openApprovals"
                anchors.right: parent.right
                text: qsTr("Open")
                Accessible.name: qsTr("Open the approvals")
                onClicked: root.allWanted()
            }
        }

        PlainLabel {
            objectName: "approvalReason"
            width: parent.width
            visible: root.approvals.waiting
            text: (root.call.reason === "" ? qsTr("Asked by %1").arg(root.call.policy) : qsTr("%1: %2").arg(root.call.policy).arg(root.call.reason)) + (root.call.origin === "" ? "" : " · " + root.call.origin)
            color: Theme.text2
            wrapMode: Text.Wrap
            maximumLineCount: 3
            elide: Text.ElideRight
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }

        PageScroll {
            id: page

            objectName: "approvalArguments"
            width: parent.width
            height: Math.min(root.mostWords, words.height)
            visible: root.approvals.waiting
            contentHeight: words.height
            activeFocusOnTab: page.contentHeight > page.height
            Accessible.role: Accessible.Pane
            Accessible.name: qsTr("The call")
            onContentYChanged: {
                if (page.contentY > 0)
                    root.approvals.touch();
            }
            Keys.onDownPressed: page.scrollTo(page.contentY + Theme.wheelStep)
            Keys.onUpPressed: page.scrollTo(page.contentY - Theme.wheelStep)

            CallArguments {
                id: words

                width: page.width - 14
                call: root.call
                pageHeight: root.mostWords
            }
        }

        ReachChoice {
            width: parent.width
            visible: root.approvals.waiting
            reach: root.approvals.reach
        }

        AnswerBar {
            id: bar

            width: parent.width
            visible: root.approvals.waiting
            approvals: root.approvals
            focus: true
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

    Connections {
        target: root.call

        function onChanged() {
            page.contentY = 0;
        }
    }
}
