// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// One recorded event: its number, when, which way, what kind, how large, and how it begins.
Item {
    id: root

    required property int seq
    required property string time
    required property bool sent
    required property string kind
    required property string size
    required property string begin
    property bool current: false
    property bool opened: false

    signal chosen

    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("Event %1, %2, %3, %4, %5").arg(root.seq).arg(root.time).arg(root.sent ? qsTr("sent") : qsTr("received")).arg(root.kind).arg(root.size)
    Accessible.selected: root.current

    Rectangle {
        anchors.fill: parent
        anchors.leftMargin: 4
        anchors.rightMargin: 4
        radius: Theme.chipRadius
        color: root.opened ? Theme.selected : root.current ? Theme.hover : "transparent"
    }

    CodeText {
        id: number

        x: 10
        width: 38
        anchors.verticalCenter: parent.verticalCenter
        horizontalAlignment: Text.AlignRight
        text: String(root.seq)
        color: Theme.text3
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }

    CodeText {
        id: when

        anchors.left: number.right
        anchors.leftMargin: 8
        anchors.verticalCenter: parent.verticalCenter
        width: 70
        text: root.time
        color: Theme.text2
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }

    Glyph {
        id: way

        anchors.left: when.right
        anchors.verticalCenter: parent.verticalCenter
        name: "arrow-down"
        size: 12
        rotation: root.sent ? 180 : 0
        tint: root.sent ? Theme.modify : Theme.text3
    }

    PlainLabel {
        id: what

        anchors.left: way.right
        anchors.leftMargin: 6
        anchors.verticalCenter: parent.verticalCenter
        width: 66
        text: root.kind
        font.pixelSize: Theme.metaSize
        font.weight: Font.DemiBold
        elide: Text.ElideRight
        textFormat: Text.PlainText
    }

    CodeText {
        anchors.left: what.right
        anchors.leftMargin: 4
        anchors.right: bytes.left
        anchors.rightMargin: 6
        anchors.verticalCenter: parent.verticalCenter
        text: root.begin
        color: Theme.text3
        font.pixelSize: Theme.metaSize
        elide: Text.ElideRight
        maximumLineCount: 1
        textFormat: Text.PlainText
    }

    PlainLabel {
        id: bytes

        anchors.right: parent.right
        anchors.rightMargin: 14
        anchors.verticalCenter: parent.verticalCenter
        text: root.size
        color: Theme.text3
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }

    TapHandler {
        onTapped: root.chosen()
    }
}
