// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// A slice of what is inside a card: arguments or a result.
RowItem {
    id: root

    required property bool first
    required property bool last
    required property bool joined
    required property string body
    required property list<int> found

    readonly property bool ends: root.last && !root.joined

    words: code
    implicitHeight: Math.ceil(code.y + code.implicitHeight + (root.ends ? 2 * Theme.space3 + 4 : root.last ? 2 * Theme.space3 : 0))
    Accessible.role: Accessible.StaticText
    Accessible.name: root.body

    CardSlice {
        anchors.fill: parent
        anchors.leftMargin: 56
        anchors.rightMargin: Theme.space5
        anchors.bottomMargin: root.ends ? 4 : 0
        first: false
        last: root.ends
    }

    CardSlice {
        anchors.fill: parent
        anchors.leftMargin: 56 + Theme.space3
        anchors.rightMargin: Theme.space5 + Theme.space3
        anchors.bottomMargin: root.ends ? 4 + Theme.space3 : root.last ? Theme.space3 : 0
        first: root.first
        last: root.last
        fill: Theme.inset
    }

    RowText {
        id: code

        x: 56 + 2 * Theme.space3
        y: root.first ? 10 : 0
        width: root.width - code.x - Theme.space5 - 2 * Theme.space3
        text: root.body
        found: root.found
        selectedFrom: root.selectedFrom
        selectedTo: root.selectedTo
        color: Theme.text2
        wrapMode: TextEdit.WrapAnywhere
        lineHeight: Theme.codeLineHeight
        font.family: Theme.mono
        font.pixelSize: Theme.codeSize
    }
}
