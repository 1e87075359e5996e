// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// One request with everything that was sent: instructions, tools and every message, however many.
FocusScope {
    id: root

    required property ConversationModel request
    required property Clipboard clipboard

    signal closed
    signal linkPressed(string address)

    function show(callId: string) {
        root.request.openFromStart(callId);
        view.forceActiveFocus(Qt.ShortcutFocusReason);
    }

    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Full request")
    Keys.onEscapePressed: root.closed()

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }

    PushButton {
        id: back

        x: Theme.space5
        y: (Theme.paneHeader - height) / 2
        glyph: "undo"
        text: qsTr("Back")
        onClicked: root.closed()
    }

    PlainLabel {
        anchors.left: back.right
        anchors.leftMargin: Theme.space3
        anchors.verticalCenter: back.verticalCenter
        text: qsTr("Full request")
        font.pixelSize: Theme.titleSize
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
    }

    Rule {
        id: edge

        y: Theme.paneHeader - 1
        width: parent.width
    }

    ConversationView {
        id: view

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: edge.bottom
        anchors.bottom: parent.bottom
        focus: true
        conversation: root.request
        clipboard: root.clipboard
        onLinkPressed: address => root.linkPressed(address)
    }

    PlainLabel {
        anchors.centerIn: view
        width: Math.min(420, parent.width - 2 * Theme.space5)
        visible: text !== ""
        text: root.request.error !== "" ? root.request.error : root.request.loading && view.count === 0 ? qsTr("Reading the request…") : view.count === 0 ? qsTr("This request has no messages that are understood") : ""
        color: Theme.text3
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }
}
