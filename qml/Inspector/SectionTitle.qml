// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// What the lines below it are about.
PlainLabel {
    id: root

    color: Theme.text2
    font.pixelSize: Theme.secondarySize
    font.weight: Font.DemiBold
    textFormat: Text.PlainText
    Accessible.role: Accessible.Heading
    Accessible.name: root.text
}
