// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// A slice of what is inside a card: arguments or a result.
Item {
    id: root

    required property bool first
    required property bool last
    required property string body

    implicitHeight: code.y + code.implicitHeight + (root.last ? 2 * Theme.space3 + 4 : 0)
    Accessible.role: Accessible.StaticText
    Accessible.name: root.body

    CardSlice {
        anchors.fill: parent
        anchors.leftMargin: 56
        anchors.rightMargin: Theme.space5
        anchors.bottomMargin: root.last ? 4 : 0
        first: false
        last: root.last
    }

    CardSlice {
        anchors.fill: parent
        anchors.leftMargin: 56 + Theme.space3
        anchors.rightMargin: Theme.space5 + Theme.space3
        anchors.bottomMargin: root.last ? 4 + Theme.space3 : 0
        first: root.first
        last: root.last
        fill: Theme.inset
    }

    CodeText {
        id: code

        x: 56 + 2 * Theme.space3
        y: root.first ? 10 : 0
        width: root.width - code.x - Theme.space5 - 2 * Theme.space3
        text: root.body
        wrapMode: Text.WrapAnywhere
        lineHeight: Theme.codeLineHeight
        textFormat: Text.PlainText
    }
}
