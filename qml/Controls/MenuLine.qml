// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Theme

// What a MenuRow says: a sign, the words, and the key at the right edge.
Item {
    id: root

    required property string glyph
    required property string text
    required property string keys
    required property color tint
    required property color glyphTint

    implicitWidth: mark.width + label.implicitWidth + key.implicitWidth + 5 * Theme.space2

    Glyph {
        id: mark

        x: Theme.space2
        anchors.verticalCenter: parent.verticalCenter
        name: root.glyph
        size: 14
        tint: root.glyphTint
    }

    PlainLabel {
        id: label

        anchors.left: mark.right
        anchors.leftMargin: Theme.space2
        anchors.right: key.left
        anchors.rightMargin: Theme.space2
        anchors.verticalCenter: parent.verticalCenter
        text: root.text
        color: root.tint
        elide: Text.ElideRight
        textFormat: Text.PlainText
    }

    PlainLabel {
        id: key

        anchors.right: parent.right
        anchors.rightMargin: Theme.space2
        anchors.verticalCenter: parent.verticalCenter
        text: root.keys
        color: Theme.text3
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }
}
