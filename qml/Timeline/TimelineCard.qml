// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// What stands under the pointer. It never takes the pointer away from what it tells of.
Rectangle {
    id: root

    required property string title
    required property string text

    implicitWidth: Math.min(360, Math.max(name.implicitWidth, lines.implicitWidth)) + 2 * Theme.space3
    implicitHeight: content.implicitHeight + 2 * Theme.space2
    radius: Theme.controlRadius
    color: Theme.raised
    border.color: Theme.lineStrong
    visible: root.title !== ""
    Accessible.ignored: true

    Column {
        id: content

        x: Theme.space3
        y: Theme.space2
        width: root.width - 2 * Theme.space3
        spacing: 2

        PlainLabel {
            id: name

            width: parent.width
            text: root.title
            elide: Text.ElideRight
            maximumLineCount: 1
            font.pixelSize: Theme.secondarySize
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
        }

        PlainLabel {
            id: lines

            width: parent.width
            visible: root.text !== ""
            text: root.text
            color: Theme.text2
            wrapMode: Text.Wrap
            font.pixelSize: Theme.metaSize
            textFormat: Text.PlainText
        }
    }
}
