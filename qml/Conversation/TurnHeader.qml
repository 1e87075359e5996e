// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Who speaks from here on.
Item {
    id: root

    required property int index
    required property int tone
    required property string glyph
    required property string title
    required property string detail

    readonly property bool live: root.tone === Block.Live
    readonly property bool isModel: root.live || root.tone === Block.Model

    signal copyWanted

    implicitHeight: 44
    Accessible.role: Accessible.Heading
    Accessible.name: root.detail === "" ? root.title : root.title + ", " + root.detail

    Rectangle {
        id: mark

        x: Theme.space5
        y: 18
        width: 22
        height: 22
        radius: Theme.badgeRadius
        color: root.isModel ? Theme.selected : Theme.hover

        Glyph {
            anchors.centerIn: parent
            name: root.glyph
            size: 13
            tint: root.isModel ? Theme.accent : Theme.text2
        }
    }

    PlainLabel {
        id: name

        anchors.left: mark.right
        anchors.leftMargin: 10
        anchors.verticalCenter: mark.verticalCenter
        text: root.title
        elide: Text.ElideRight
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
    }

    StatusDot {
        anchors.left: name.right
        anchors.leftMargin: Theme.space2
        anchors.verticalCenter: mark.verticalCenter
        visible: root.live
    }

    HoverHandler {
        id: pointer
    }

    PushButton {
        anchors.right: figures.left
        anchors.rightMargin: Theme.space2
        anchors.verticalCenter: mark.verticalCenter
        opacity: pointer.hovered || activeFocus ? 1 : 0
        glyph: "copy"
        text: qsTr("Copy")
        Accessible.name: qsTr("Copy what %1 says").arg(root.title)
        onClicked: root.copyWanted()
    }

    PlainLabel {
        id: figures

        anchors.right: parent.right
        anchors.rightMargin: Theme.space5
        anchors.verticalCenter: mark.verticalCenter
        text: root.detail
        color: Theme.text3
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }
}
