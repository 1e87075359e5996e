// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// One side of a changed line, with the words that differ marked.
Rectangle {
    id: root

    required property string sign
    required property string text
    required property list<int> marks
    required property color tint
    required property color fill

    implicitHeight: words.height + 2
    color: root.fill

    CodeText {
        x: Theme.space2
        y: 1
        text: root.sign
        color: root.tint
        textFormat: Text.PlainText
    }

    SelectableText {
        id: words

        x: 24
        y: 1
        width: root.width - words.x - Theme.space2
        text: root.text
        marks: root.marks
        markColor: root.tint
        markFill: Theme.raised
        color: Theme.text
        wrapMode: TextEdit.WrapAnywhere
        font.family: Theme.mono
        font.pixelSize: Theme.codeSize
        font.preferShaping: false
    }
}
