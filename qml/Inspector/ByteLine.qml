// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// Eight bytes: where, which, and the letters among them.
Item {
    id: root

    required property string offset
    required property string bytes
    required property string letters

    Accessible.role: Accessible.ListItem
    Accessible.name: root.offset + ": " + root.bytes

    CodeText {
        id: place

        x: 12
        anchors.verticalCenter: parent.verticalCenter
        text: root.offset
        color: Theme.text3
        textFormat: Text.PlainText
    }

    CodeText {
        anchors.left: place.right
        anchors.leftMargin: 14
        anchors.verticalCenter: parent.verticalCenter
        text: root.bytes
        color: Theme.text
        textFormat: Text.PlainText
    }

    CodeText {
        x: root.width - 92
        anchors.verticalCenter: parent.verticalCenter
        text: root.letters
        color: Theme.allow
        textFormat: Text.PlainText
    }
}
