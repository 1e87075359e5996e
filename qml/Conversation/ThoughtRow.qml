// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// A paragraph of unfolded thinking, or of what the agent got.
RowItem {
    id: root

    required property int style
    required property int depth
    required property string marker
    required property string body
    required property list<int> spans
    required property list<int> found

    readonly property bool isItem: root.style === Block.ListItem
    readonly property bool isMono: root.style === Block.Monospace

    words: text
    implicitHeight: Math.ceil(text.implicitHeight + Theme.space2)
    Accessible.role: Accessible.StaticText
    Accessible.name: root.body

    Rectangle {
        x: 61
        width: 1
        height: root.height
        color: Theme.lineStrong
    }

    PlainLabel {
        x: text.x - 4 - width
        y: text.y + text.topPadding
        visible: root.isItem
        text: root.marker
        elide: Text.ElideRight
        maximumLineCount: 1
        color: Theme.text3
        textFormat: Text.PlainText
        Accessible.ignored: true
    }

    RowText {
        id: text

        x: 76 + (root.isItem ? 16 + 14 * root.depth : 0)
        y: 2
        width: Math.min(840, root.width - text.x - Theme.space5)
        text: root.body
        spans: root.spans
        found: root.found
        selectedFrom: root.selectedFrom
        selectedTo: root.selectedTo
        color: Theme.text2
        lineHeight: Theme.messageLineHeight
        font.family: root.isMono ? Theme.mono : Theme.sans
        font.pixelSize: root.isMono ? Theme.codeSize : Theme.controlSize
        font.weight: root.style === Block.Heading ? Font.DemiBold : Font.Normal
    }
}
