// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Theme

// One way in which a filter may go on.
Rectangle {
    id: root

    required property string text
    required property string help
    property bool current: false

    signal chosen

    implicitHeight: 28
    radius: Theme.controlRadius
    color: root.current ? Theme.selected : pointer.hovered ? Theme.hover : "transparent"
    Accessible.role: Accessible.ListItem
    Accessible.name: root.text
    Accessible.description: root.help
    Accessible.selected: root.current
    Accessible.onPressAction: root.chosen()

    CodeText {
        id: code

        x: Theme.space2
        anchors.verticalCenter: parent.verticalCenter
        width: Math.min(code.implicitWidth, root.help === "" ? root.width - 2 * Theme.space2 : root.width * 0.5)
        text: root.text
        elide: Text.ElideRight
        textFormat: Text.PlainText
    }

    PlainLabel {
        anchors.left: code.right
        anchors.leftMargin: Theme.space3
        anchors.right: parent.right
        anchors.rightMargin: Theme.space2
        anchors.verticalCenter: parent.verticalCenter
        text: root.help
        color: Theme.text3
        font.pixelSize: Theme.metaSize
        elide: Text.ElideRight
        textFormat: Text.PlainText
    }

    HoverHandler {
        id: pointer
    }

    TapHandler {
        // The field keeps the keyboard.
        onTapped: root.chosen()
    }
}
