// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Theme

// What in a text deceives the eye, a line each.
Rectangle {
    id: root

    required property list<string> warnings

    height: root.visible ? lines.height + 2 * Theme.space2 : 0
    visible: root.warnings.length > 0
    radius: Theme.controlRadius
    color: Theme.modifySoft
    Accessible.role: Accessible.AlertMessage
    Accessible.name: Array.from(root.warnings).join(" ")

    Glyph {
        x: Theme.space3
        y: Theme.space2 + 1
        name: "triangle"
        size: 14
        tint: Theme.modify
    }

    Column {
        id: lines

        x: Theme.space3 + 22
        y: Theme.space2
        width: root.width - lines.x - Theme.space3
        spacing: 2

        Repeater {
            model: root.warnings
            delegate: PlainLabel {
                required property string modelData

                width: lines.width
                text: modelData
                color: Theme.modify
                wrapMode: Text.Wrap
                font.pixelSize: Theme.secondarySize
                textFormat: Text.PlainText
            }
        }
    }
}
