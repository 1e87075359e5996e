// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// A block of code in a message; long ones come in slices, the first with the language and a button that copies all.
RowItem {
    id: root

    required property bool first
    required property bool last
    required property string marker
    required property string body
    required property list<int> found

    readonly property int headHeight: root.first ? 30 : 0

    signal copyWanted

    words: code
    implicitHeight: Math.ceil(code.y + code.implicitHeight + (root.last ? Theme.space3 + 6 : 0))
    Accessible.role: Accessible.StaticText
    Accessible.name: root.marker === "" ? root.body : qsTr("%1 code: %2").arg(root.marker).arg(root.body)

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

    PlainLabel {
        x: 56 + Theme.space3
        y: 6 + (root.headHeight - height) / 2
        visible: root.first
        text: root.marker === "" ? qsTr("code") : root.marker
        elide: Text.ElideRight
        maximumLineCount: 1
        color: Theme.text3
        font.pixelSize: Theme.metaSize
        font.weight: Font.Medium
        textFormat: Text.PlainText
        Accessible.ignored: true
    }

    PushButton {
        anchors.right: parent.right
        anchors.rightMargin: Theme.space5 + 5
        y: 9
        height: 24
        visible: root.first
        quiet: true
        glyph: "copy"
        text: qsTr("Copy")
        Accessible.name: qsTr("Copy this code")
        onClicked: root.copyWanted()
    }

    RowText {
        id: code

        x: 56 + Theme.space3
        y: root.first ? 6 + root.headHeight : 0
        width: root.width - code.x - Theme.space5 - Theme.space3
        text: root.body
        found: root.found
        selectedFrom: root.selectedFrom
        selectedTo: root.selectedTo
        wrapMode: TextEdit.WrapAnywhere
        lineHeight: Theme.codeLineHeight
        font.family: Theme.mono
        font.pixelSize: Theme.codeSize
    }
}
