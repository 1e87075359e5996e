// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// One thing that can be done: what, where it belongs, and its key.
Rectangle {
    id: root

    required property int index
    required property string text
    required property list<int> marks
    required property string group
    required property string keys
    property bool current: false

    signal pointed
    signal chosen

    implicitHeight: Theme.compactRow
    radius: Theme.controlRadius
    color: root.current ? Theme.selected : "transparent"
    Accessible.role: Accessible.ListItem
    Accessible.name: root.group + ": " + root.text
    Accessible.description: root.keys
    Accessible.selected: root.current
    Accessible.onPressAction: root.chosen()

    SelectableText {
        id: label

        anchors.left: parent.left
        anchors.leftMargin: Theme.space3
        anchors.right: where.left
        anchors.rightMargin: Theme.space2
        anchors.verticalCenter: parent.verticalCenter
        clip: true
        enabled: false
        wrapMode: TextEdit.NoWrap
        text: root.text
        marks: root.marks
        markColor: Theme.accent
        markFill: "transparent"
        textFormat: TextEdit.PlainText
    }

    PlainLabel {
        id: where

        anchors.right: cap.visible ? cap.left : parent.right
        anchors.rightMargin: Theme.space3
        anchors.verticalCenter: parent.verticalCenter
        text: root.group
        color: Theme.text3
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
    }

    KeyCap {
        id: cap

        anchors.right: parent.right
        anchors.rightMargin: Theme.space3
        anchors.verticalCenter: parent.verticalCenter
        keys: root.keys
    }

    MouseArea {
        anchors.fill: parent
        hoverEnabled: true
        // Only a pointer that moves: rows also come to lie under one that rests.
        onPositionChanged: root.pointed()
        onClicked: root.chosen()
    }
}
