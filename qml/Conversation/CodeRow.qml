// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// A block of code in a message; long ones come in slices.
Item {
    id: root

    required property bool first
    required property bool last
    required property string body

    implicitHeight: code.y + code.implicitHeight + (root.last ? Theme.space3 + 6 : 0)
    Accessible.role: Accessible.StaticText
    Accessible.name: root.body

    CardSlice {
        anchors.fill: parent
        anchors.leftMargin: 56
        anchors.rightMargin: Theme.space5
        anchors.topMargin: root.first ? 6 : 0
        anchors.bottomMargin: root.last ? 6 : 0
        first: root.first
        last: root.last
        fill: Theme.inset
    }

    SelectableText {
        id: code

        x: 56 + Theme.space3
        y: root.first ? 6 + Theme.space3 : 0
        width: root.width - code.x - Theme.space5 - Theme.space3
        text: root.body
        color: Theme.text
        wrapMode: TextEdit.WrapAnywhere
        lineHeight: Theme.codeLineHeight
        font.family: Theme.mono
        font.pixelSize: Theme.codeSize
        font.preferShaping: false // ligatures would draw several bytes as one sign
    }
}
