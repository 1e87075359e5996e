// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The call that is shown in full: what it is, who asks and why, all of its arguments, what was said before; or, while
// somebody changes it, the editor.
FocusScope {
    id: root

    required property PendingApprovals approvals

    readonly property AskedCall call: root.approvals.shown
    readonly property bool waits: root.call.state === Asked.Waiting

    signal callWanted(string sessionId, string callId)

    /// Goes to the end of the arguments, or back to their beginning.
    function scrollTo(end: bool) {
        page.scrollTo(end ? page.contentHeight : 0);
    }

    function scrollBy(pixels: real) {
        page.scrollTo(page.contentY + pixels);
    }

    Item {
        id: head

        x: Theme.space5
        y: Theme.space4
        width: root.width - 2 * Theme.space5
        height: tool.height + 6 + why.height

        PlainLabel {
            id: tool

            objectName: "approvalTool"
            anchors.left: parent.left
            anchors.right: state.left
            anchors.rightMargin: Theme.space3
            text: root.call.tool
            elide: Text.ElideRight
            font.pixelSize: Theme.titleSize
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
            Accessible.role: Accessible.Heading
            Accessible.name: tool.text
        }

        Row {
            id: state

            anchors.right: parent.right
            anchors.verticalCenter: tool.verticalCenter
            spacing: Theme.space3

            TimeLeft {
                anchors.verticalCenter: parent.verticalCenter
                visible: root.waits
                approvals: root.approvals
            }

            AnswerBadge {
                anchors.verticalCenter: parent.verticalCenter
                asked: root.call.state
                label: root.waits ? qsTr("Waiting") : root.call.outcome
            }
        }

        PlainLabel {
            id: why

            objectName: "approvalReason"
            anchors.top: tool.bottom
            anchors.topMargin: 6
            width: parent.width
            text: root.call.reason === "" ? qsTr("Asked by %1").arg(root.call.policy) : qsTr("%1: %2").arg(root.call.policy).arg(root.call.reason)
            color: Theme.text2
            wrapMode: Text.Wrap
            maximumLineCount: 3
            elide: Text.ElideRight
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }
    }

    PageScroll {
        id: page

        objectName: "approvalArguments"
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: head.bottom
        anchors.topMargin: Theme.space3
        anchors.bottom: parent.bottom
        visible: !root.approvals.edit.open
        contentHeight: body.height + Theme.space4
        activeFocusOnTab: page.contentHeight > page.height
        Accessible.role: Accessible.Pane
        Accessible.name: qsTr("The call")
        onContentYChanged: {
            if (page.contentY > 0)
                root.approvals.touch();
        }
        Keys.onDownPressed: root.scrollBy(Theme.wheelStep)
        Keys.onUpPressed: root.scrollBy(-Theme.wheelStep)

        Column {
            id: body

            x: Theme.space5
            width: page.width - 2 * Theme.space5
            spacing: Theme.space3

            FoundParts {
                width: body.width
                parts: root.call.found
            }

            CallArguments {
                width: body.width
                call: root.call
                pageHeight: page.height
            }

            CallContext {
                width: body.width
                call: root.call
                onWanted: root.callWanted(root.call.sessionId, root.call.callId)
            }
        }
    }

    // What is below must not go unnoticed.
    Rectangle {
        anchors.bottom: page.bottom
        anchors.bottomMargin: Theme.space2
        anchors.horizontalCenter: page.horizontalCenter
        width: more.implicitWidth + 2 * Theme.space3
        height: 24
        radius: 12
        visible: page.visible && page.contentHeight - page.contentY - page.height > 8
        color: Theme.holdSoft
        border.color: Theme.hold

        PlainLabel {
            id: more

            objectName: "moreBelow"
            anchors.centerIn: parent
            text: page.contentHeight - page.contentY > 2 * page.height ? qsTr("More below: %1 screens (End)").arg(Math.ceil((page.contentHeight - page.contentY - page.height) / Math.max(1, page.height))) : qsTr("More below (End)")
            color: Theme.hold
            font.pixelSize: Theme.metaSize
            font.weight: Font.Medium
            textFormat: Text.PlainText
        }

        TapHandler {
            onTapped: page.scrollTo(page.contentY + page.height - Theme.wheelStep)
        }
    }

    ArgumentsEditor {
        id: editor

        anchors.fill: page
        visible: root.approvals.edit.open
        approvals: root.approvals
    }

    Connections {
        target: root.call

        function onChanged() {
            page.contentY = 0;
        }
    }
}
