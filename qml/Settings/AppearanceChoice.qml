// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Light, dark, or as the desktop says.
Column {
    id: root

    required property Appearance appearance

    spacing: Theme.space3

    SegmentedChoice {
        name: qsTr("Appearance")
        words: [qsTr("As the desktop"), qsTr("Light"), qsTr("Dark")]
        glyphs: ["display", "sun", "moon"]
        current: root.appearance.scheme
        onChosen: index => root.appearance.scheme = index
    }

    PlainLabel {
        width: parent.width
        text: qsTr("The size of everything follows your desktop's scale.")
        color: Theme.text3
        font.pixelSize: Theme.secondarySize
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }
}
