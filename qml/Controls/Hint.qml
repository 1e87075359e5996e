// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Controls.Basic
import Luthien.Theme

// A line beside what the pointer is on; never read as markup.
ToolTip {
    id: root

    delay: 600

    contentItem: PlainLabel {
        text: root.text
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
    }
    background: Rectangle {
        radius: Theme.controlRadius
        color: Theme.raised
        border.color: Theme.lineStrong
    }
}
