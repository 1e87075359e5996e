// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// A paragraph, heading, list item or quotation; or text as it was written.
RowItem {
    id: root

    required property int style
    required property int tone
    required property int depth
    required property bool quoted
    required property bool first
    required property string marker
    required property string body
    required property list<int> spans
    required property list<int> found

    readonly property bool isItem: root.style === Block.ListItem
    readonly property bool isQuote: root.quoted || root.style === Block.Quote
    readonly property bool isHeading: root.style === Block.Heading
    readonly property bool isMono: root.style === Block.Monospace
    readonly property int indent: (root.isItem ? 20 + 16 * root.depth : 0) + (root.isQuote ? 14 : 0)
    readonly property int leading: !root.first || root.isMono ? 0 : root.isItem ? 2 : root.isHeading ? 10 : 4

    words: text
    implicitHeight: Math.ceil(text.implicitHeight + root.leading + (root.isMono ? 0 : 4))
    Accessible.role: root.isHeading ? Accessible.Heading : Accessible.StaticText
    Accessible.name: root.marker === "" ? root.body : root.marker + " " + root.body

    PlainLabel {
        x: 56 + root.indent - 4 - width
        y: text.y + text.topPadding
        visible: root.isItem
        text: root.marker
        elide: Text.ElideRight
        maximumLineCount: 1
        color: Theme.text3
        font.pixelSize: Theme.messageSize
        lineHeight: Theme.messageLineHeight
        textFormat: Text.PlainText
        Accessible.ignored: true
    }

    Rectangle {
        x: 56
        y: text.y
        width: 2
        height: text.height
        visible: root.isQuote
        color: Theme.lineStrong
    }

    RowText {
        id: text

        x: 56 + root.indent
        y: root.leading
        width: Math.min(root.isMono ? 1200 : 860, root.width - text.x - Theme.space5)
        text: root.body
        spans: root.spans
        found: root.found
        selectedFrom: root.selectedFrom
        selectedTo: root.selectedTo
        color: root.tone === Block.Warning ? Theme.modify : root.isQuote ? Theme.text2 : Theme.text
        wrapMode: root.isMono ? TextEdit.WrapAnywhere : TextEdit.Wrap
        lineHeight: root.isMono ? Theme.codeLineHeight : Theme.messageLineHeight
        font.family: root.isMono ? Theme.mono : Theme.sans
        font.pixelSize: root.isMono ? Theme.codeSize : root.isHeading && root.depth <= 2 ? Theme.titleSize : Theme.messageSize
        font.weight: root.isHeading ? Font.DemiBold : Font.Normal
    }
}
