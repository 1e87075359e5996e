// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Theme

// A key, or several pressed together, as they are written on the keyboard.
Rectangle {
    id: root

    required property string keys

    implicitWidth: Math.max(20, label.implicitWidth + 10)
    implicitHeight: 20
    radius: Theme.chipRadius
    color: Theme.hover
    border.color: Theme.line
    visible: root.keys !== ""
    Accessible.ignored: true

    PlainLabel {
        id: label

        anchors.centerIn: parent
        text: root.keys
        color: Theme.text2
        font.pixelSize: Theme.metaSize
        font.weight: Font.Medium
        textFormat: Text.PlainText
    }
}
