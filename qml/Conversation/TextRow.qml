// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// A paragraph, heading, list item or quotation.
Item {
    id: root

    required property int style
    required property int tone
    required property int depth
    required property string marker
    required property string body

    readonly property int indent: root.style === Block.ListItem ? 20 + 16 * root.depth : root.style === Block.Quote ? 14 : 0
    readonly property int leading: root.style === Block.ListItem ? 2 : root.style === Block.Heading ? 10 : 4

    implicitHeight: text.implicitHeight + root.leading + 4
    Accessible.role: root.style === Block.Heading ? Accessible.Heading : Accessible.StaticText
    Accessible.name: root.body

    PlainLabel {
        x: 56 + root.indent - 18
        y: text.y + text.topPadding
        visible: root.style === Block.ListItem
        text: root.marker
        color: Theme.text3
        font.pixelSize: Theme.messageSize
        lineHeight: Theme.messageLineHeight
        textFormat: Text.PlainText
    }

    Rectangle {
        x: 56
        y: text.y
        width: 2
        height: text.height
        visible: root.style === Block.Quote
        color: Theme.lineStrong
    }

    SelectableText {
        id: text

        x: 56 + root.indent
        y: root.leading
        width: Math.min(860, root.width - text.x - Theme.space5)
        text: root.body
        color: root.tone === Block.Warning ? Theme.modify : root.style === Block.Quote ? Theme.text2 : Theme.text
        lineHeight: Theme.messageLineHeight
        font.pixelSize: root.style === Block.Heading && root.depth <= 2 ? Theme.titleSize : Theme.messageSize
        font.weight: root.style === Block.Heading ? Font.DemiBold : Font.Normal
        font.preferShaping: false // the font would draw "2x4" and "->" as other characters
    }
}
