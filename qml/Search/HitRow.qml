// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Theme

// A text that was found: what it is, in which session, and the words in it, in the middle of a row that has room for two
// lines of them.
Item {
    id: root

    required property int row
    required property bool present
    required property string title
    required property string kind
    required property string glyph
    required property string time
    required property string text
    required property list<int> marks
    property bool current: false
    property bool focused: false

    readonly property int roomForText: 36
    readonly property int head: 20 // from the first line to the text

    signal chosen
    signal opened

    visible: root.present
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1 in %2, %3").arg(root.kind).arg(root.title).arg(root.time)
    Accessible.description: root.text
    Accessible.selected: root.current
    Accessible.onPressAction: root.opened()

    Rectangle {
        anchors.fill: parent
        anchors.leftMargin: Theme.space3
        anchors.rightMargin: Theme.space3
        anchors.bottomMargin: 2
        radius: Theme.cardRadius
        color: root.current ? Theme.selected : pointer.hovered ? Theme.hover : "transparent"

        FocusRing {
            radius: Theme.cardRadius
            shown: root.focused
        }
    }

    Glyph {
        id: mark

        x: Theme.space5
        y: what.y + 1
        name: root.glyph
        size: 14
        tint: Theme.text3
    }

    PlainLabel {
        id: what

        anchors.left: mark.right
        anchors.leftMargin: Theme.space2
        y: Math.round((root.height - 2 - root.head - place.height) / 2)
        text: root.kind
        color: Theme.text2
        font.pixelSize: Theme.secondarySize
        font.weight: Font.Medium
        textFormat: Text.PlainText
    }

    PlainLabel {
        anchors.left: what.right
        anchors.leftMargin: Theme.space3
        anchors.right: when.left
        anchors.rightMargin: Theme.space3
        anchors.baseline: what.baseline
        text: root.title
        color: Theme.text3
        elide: Text.ElideRight
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
        maximumLineCount: 1
    }

    PlainLabel {
        id: when

        anchors.right: parent.right
        anchors.rightMargin: Theme.space5
        anchors.baseline: what.baseline
        text: root.time
        color: Theme.text3
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }

    Item {
        id: place

        objectName: "hitText"
        anchors.left: what.left
        anchors.right: parent.right
        anchors.rightMargin: Theme.space5
        y: what.y + root.head
        height: root.text === "" ? 0 : Math.min(root.roomForText, words.implicitHeight)
        clip: true

        SelectableText {
            id: words

            width: parent.width
            enabled: false
            text: root.text
            marks: root.marks
            markColor: Theme.modify
            markFill: Theme.modifySoft
            color: Theme.text
        }
    }

    HoverHandler {
        id: pointer
    }

    TapHandler {
        onTapped: root.chosen()
        onDoubleTapped: root.opened()
    }
}
