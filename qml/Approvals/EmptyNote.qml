// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// What a place says while there is nothing in it.
Item {
    id: root

    required property string title
    property string glyph: ""
    property string text: ""

    Column {
        anchors.centerIn: parent
        width: Math.min(420, root.width - 2 * Theme.space5)
        spacing: Theme.space2

        Glyph {
            anchors.horizontalCenter: parent.horizontalCenter
            name: root.glyph
            size: 24
            tint: Theme.text3
            visible: root.glyph !== ""
        }

        PlainLabel {
            width: parent.width
            text: root.title
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: parent.width
            visible: root.text !== ""
            text: root.text
            color: Theme.text2
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            lineHeight: Theme.messageLineHeight
            textFormat: Text.PlainText
        }
    }
}
