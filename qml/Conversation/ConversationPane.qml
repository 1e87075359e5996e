// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The session that is being read: its head, its agents, its conversation, and what stands there when there is none.
FocusScope {
    id: root

    required property ConversationModel conversation
    required property ConversationModel request
    required property SelectedSession selected
    required property Clipboard clipboard
    required property SessionExport exporter

    /// What stands between the head and the conversation, at most one item.
    property alias above: aboveSlot.data
    property bool aboveShown: true

    property bool finding: false
    /// In a low window the conversation needs the room.
    property bool agentsShown: root.height >= 560

    function exportSession() {
        if (root.conversation.sessionId !== "")
            exportDialog.openFor(root.conversation.sessionId);
    }

    function findInSession() {
        root.finding = true;
        findBar.begin();
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }

    ConversationHeader {
        id: header

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        visible: root.conversation.sessionId !== ""
        selected: root.selected
        subagents: root.conversation.agents.subagents
        agentsShown: root.agentsShown
        partial: root.conversation.onlyRange
        onWholeWanted: root.conversation.showAllTimes()
        onExportWanted: root.exportSession()
        onFindWanted: root.findInSession()
        onAgentsToggled: root.agentsShown = !root.agentsShown
    }

    ExportDialog {
        id: exportDialog

        exporter: root.exporter
    }

    Item {
        id: aboveSlot

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: header.bottom
        z: 1 // what it tells of itself reaches over what is below
        visible: header.visible && root.aboveShown
        height: aboveSlot.visible ? aboveSlot.children[0]?.implicitHeight ?? 0 : 0
    }

    FindBar {
        id: findBar

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: aboveSlot.bottom
        height: root.finding ? findBar.implicitHeight : 0
        visible: root.finding && header.visible
        find: root.conversation.find
        onClosed: {
            root.finding = false;
            view.forceActiveFocus(Qt.ShortcutFocusReason);
        }
    }

    AgentList {
        id: agents

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: findBar.bottom
        height: agents.visible ? agents.implicitHeight : 0
        visible: header.visible && root.agentsShown && root.conversation.agents.subagents > 0
        conversation: root.conversation
    }

    FailureBar {
        id: failure

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: agents.bottom
        height: failure.implicitHeight
        error: root.conversation.error !== "" ? root.conversation.error : root.selected.error
        onRetryWanted: {
            root.conversation.retry();
            if (root.selected.error !== "")
                root.selected.retry();
        }
    }

    ConversationView {
        id: view

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: failure.bottom
        anchors.bottom: newest.top
        focus: true
        visible: header.visible
        conversation: root.conversation
        clipboard: root.clipboard
        onLinkPressed: address => links.address = address
        onFindWanted: root.findInSession()
        onRequestWanted: callId => {
            requestPane.visible = true;
            requestPane.show(callId);
        }
    }

    // In a place of its own: what is read ends above it.
    NewestBar {
        id: newest

        objectName: "newestBar"
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        height: newest.visible ? newest.implicitHeight : 0
        visible: view.visible && !view.following && view.count > 0 && root.height - view.y > 160 && !requestPane.visible
        conversation: root.conversation
        onNewestWanted: view.goToNewest()
    }

    PlainLabel {
        anchors.centerIn: parent
        width: Math.min(420, parent.width - 2 * Theme.space5)
        visible: text !== ""
        text: failure.shown ? "" : root.conversation.sessionId === "" ? qsTr("Choose a session to read its conversation") : root.conversation.loading && view.count === 0 ? qsTr("Reading…") : ""
        color: Theme.text3
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }

    // Why a jump led nowhere, for a moment: beside the button, or where nothing stands below the last row.
    Badge {
        objectName: "jumpNotice"
        anchors.left: parent.left
        anchors.leftMargin: Theme.space5
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.space2
        visible: view.visible && noticeTime.running
        label: root.conversation.cursor.notice
    }

    Timer {
        id: noticeTime

        interval: 3000
    }

    Connections {
        target: root.conversation.cursor
        function onNoticeChanged() {
            noticeTime.stop();
            if (root.conversation.cursor.notice !== "")
                noticeTime.start();
        }
    }

    RequestPane {
        id: requestPane

        anchors.fill: parent
        visible: false
        request: root.request
        clipboard: root.clipboard
        onLinkPressed: address => links.address = address
        onClosed: {
            requestPane.visible = false;
            view.forceActiveFocus(Qt.ShortcutFocusReason);
        }
    }

    LinkBar {
        id: links

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: newest.top
        anchors.margins: Theme.space4
        clipboard: root.clipboard
    }

    Connections {
        target: root.conversation
        function onSessionIdChanged() {
            requestPane.visible = false;
            links.close();
        }
    }
}
