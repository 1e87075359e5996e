// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// A paragraph of unfolded thinking.
Item {
    id: root

    required property string body

    implicitHeight: text.implicitHeight + Theme.space2
    Accessible.role: Accessible.StaticText
    Accessible.name: root.body

    Rectangle {
        x: 61
        width: 1
        height: root.height
        color: Theme.lineStrong
    }

    SelectableText {
        id: text

        x: 76
        y: 2
        width: Math.min(840, root.width - text.x - Theme.space5)
        text: root.body
        color: Theme.text2
        lineHeight: Theme.messageLineHeight
        font.pixelSize: Theme.controlSize
        font.preferShaping: false // the font would draw "2x4" and "->" as other characters
    }
}
