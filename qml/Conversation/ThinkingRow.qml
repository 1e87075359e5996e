// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Something that is folded to a line: the model's thinking, what the agent got.
FoldRow {
    id: root

    required property int tone

    implicitHeight: Math.max(32, Math.ceil(line.height))
    ringMargin: 50

    Row {
        id: line

        x: 56
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space2

        Glyph {
            anchors.verticalCenter: parent.verticalCenter
            name: root.expanded ? "chevron-down" : "chevron-right"
            size: 12
            tint: Theme.text3
            opacity: root.expandable ? 1 : 0
        }

        PlainLabel {
            id: title

            text: root.title
            elide: Text.ElideRight
            maximumLineCount: 1
            color: root.tone === Block.Live ? Theme.accent : Theme.text2
            font.pixelSize: Theme.secondarySize
            font.weight: Font.Medium
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: Math.max(0, Math.min(implicitWidth, root.width - 56 - 36 - title.width - Theme.space5))
            visible: !root.expanded
            text: root.body
            color: Theme.text3
            elide: Text.ElideRight
            maximumLineCount: 1
            font.pixelSize: Theme.secondarySize
            font.italic: true
            textFormat: Text.PlainText
        }
    }
}
