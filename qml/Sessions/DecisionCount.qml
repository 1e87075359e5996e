// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// How often policies stepped in, by kind.
Row {
    id: root

    required property string glyph
    required property color tint
    required property int count
    required property string meaning

    spacing: 3
    visible: root.count > 0
    Accessible.role: Accessible.StaticText
    Accessible.name: root.count + " " + root.meaning
    Accessible.ignored: root.count === 0

    Glyph {
        anchors.verticalCenter: parent.verticalCenter
        name: root.glyph
        size: 12
        tint: root.tint
    }

    PlainLabel {
        anchors.verticalCenter: parent.verticalCenter
        text: String(root.count)
        color: root.tint
        font.pixelSize: Theme.metaSize
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
    }
}
