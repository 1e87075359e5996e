// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// A line of what was judged and of what left instead: one under the other with a sign before it, or side by side.
RowItem {
    id: root

    required property int tone
    required property int comparison
    required property bool first
    required property bool last
    required property string title
    required property string marker
    required property string body
    required property string other
    required property list<int> marks
    required property list<int> otherMarks

    readonly property bool beside: root.comparison === Block.Beside
    readonly property bool isSkipped: root.title !== ""
    readonly property bool isRemoved: root.tone === Block.Removed || root.tone === Block.Changed
    readonly property bool isAdded: root.tone === Block.Added || root.tone === Block.Changed
    readonly property real lineHeight: root.isSkipped ? 22 : Math.max(before.height, root.beside ? after.height : 0) + 2
    readonly property real indent: 56 + Theme.space3 + 25
    readonly property real room: root.width - root.indent - Theme.space5 - Theme.space3
    readonly property real half: root.beside ? Math.floor(root.room / 2) : root.room

    words: root.isSkipped ? null : before
    implicitHeight: Math.ceil(root.lineHeight + (root.last ? Theme.space3 : 0))
    Accessible.role: Accessible.StaticText
    Accessible.name: root.isSkipped ? root.title : root.tone === Block.Removed ? qsTr("was judged: %1").arg(root.body) : root.tone === Block.Added ? qsTr("left instead: %1").arg(root.beside ? root.other : root.body) : root.tone === Block.Changed ? qsTr("was judged: %1, left instead: %2").arg(root.body).arg(root.other) : root.body

    CardSlice {
        anchors.fill: parent
        anchors.leftMargin: 56
        anchors.rightMargin: Theme.space5
        first: false
        last: root.last
    }

    Rectangle {
        x: root.indent
        width: root.beside ? root.half - 2 : root.room
        height: root.lineHeight
        visible: !root.isSkipped && (root.beside ? root.isRemoved : root.tone === Block.Removed || root.tone === Block.Added)
        color: root.isRemoved ? Theme.removedFill : Theme.addedFill
    }

    Rectangle {
        x: root.indent + root.half + 2
        width: root.half - 2
        height: root.lineHeight
        visible: root.beside && !root.isSkipped && root.isAdded
        color: Theme.addedFill
    }

    PlainLabel {
        x: root.indent
        anchors.verticalCenter: parent.verticalCenter
        visible: root.isSkipped
        text: root.title
        elide: Text.ElideRight
        maximumLineCount: 1
        color: Theme.text3
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }

    CodeText {
        x: root.indent + 6
        y: 1
        visible: !root.isSkipped && !root.beside
        text: root.marker
        color: root.isRemoved ? Theme.block : Theme.allow
        textFormat: Text.PlainText
    }

    RowText {
        id: before

        x: root.indent + (root.beside ? 8 : 22)
        y: 1
        width: root.half - (root.beside ? 16 : 28)
        visible: !root.isSkipped
        text: root.body
        marks: root.marks
        markColor: Theme.text
        markFill: root.isRemoved ? Theme.removedMark : Theme.addedMark
        selectedFrom: root.selectedFrom
        selectedTo: root.selectedTo
        color: root.tone === Block.Plain ? Theme.text2 : Theme.text
        wrapMode: TextEdit.WrapAnywhere
        font.family: Theme.mono
        font.pixelSize: Theme.codeSize
    }

    SelectableText {
        id: after

        x: root.indent + root.half + 10
        y: 1
        width: root.half - 16
        visible: root.beside && !root.isSkipped
        text: root.other
        marks: root.otherMarks
        markColor: Theme.text
        markFill: Theme.addedMark
        color: root.tone === Block.Plain ? Theme.text2 : Theme.text
        wrapMode: TextEdit.WrapAnywhere
        font.family: Theme.mono
        font.pixelSize: Theme.codeSize
        font.preferShaping: false
    }
}
