// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The session that is being read: its head, its conversation, and what stands there when there is none.
FocusScope {
    id: root

    required property ConversationModel conversation
    required property SelectedSession selected
    required property Clipboard clipboard
    required property SessionExport exporter

    function exportSession() {
        if (root.conversation.sessionId !== "")
            exportDialog.openFor(root.selected.sessionId);
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
        onExportWanted: root.exportSession()
    }

    ExportDialog {
        id: exportDialog

        exporter: root.exporter
    }

    ConversationView {
        id: view

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: header.bottom
        anchors.bottom: parent.bottom
        focus: true
        visible: header.visible
        conversation: root.conversation
        clipboard: root.clipboard
    }

    PushButton {
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.space4
        visible: view.visible && !view.following && view.count > 0
        glyph: "arrow-down"
        text: qsTr("Jump to newest")
        onClicked: view.goToNewest()
    }

    PlainLabel {
        anchors.centerIn: parent
        width: Math.min(420, parent.width - 2 * Theme.space5)
        visible: text !== ""
        text: root.conversation.error !== "" ? root.conversation.error : root.conversation.sessionId === "" ? qsTr("Choose a session to read its conversation") : ""
        color: Theme.text3
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }
}
