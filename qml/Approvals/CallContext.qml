// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Where the call comes from, and what the person said before it.
Column {
    id: root

    required property AskedCall call

    signal wanted

    spacing: Theme.space2

    PlainLabel {
        width: root.width
        visible: root.call.userText !== ""
        text: qsTr("The person's last message")
        color: Theme.text3
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }

    SelectableText {
        objectName: "approvalUserText"
        width: root.width
        visible: root.call.userText !== ""
        text: root.call.userText
        color: Theme.text2
    }

    Item {
        width: root.width
        height: Theme.button

        PlainLabel {
            objectName: "approvalOrigin"
            anchors.left: parent.left
            anchors.right: open.left
            anchors.rightMargin: Theme.space2
            anchors.verticalCenter: parent.verticalCenter
            text: root.call.origin
            color: Theme.text2
            elide: Text.ElideRight
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }

        PushButton {
            id: open

            objectName: "openConversation"
            anchors.right: parent.right
            visible: root.call.sessionId !== ""
            glyph: "sessions"
            text: qsTr("Show in the conversation")
            onClicked: root.wanted()
        }
    }
}
