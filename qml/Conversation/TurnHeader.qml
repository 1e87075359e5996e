// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Who speaks from here on, and what can be done with what is said.
RowItem {
    id: root

    required property int tone
    required property bool expandable
    required property bool expanded
    required property string glyph
    required property string title
    required property string detail
    required property string marker

    readonly property bool live: root.tone === Block.Live
    readonly property bool isModel: root.live || root.tone === Block.Model
    readonly property bool isAtHand: pointer.hovered || root.current || copyButton.activeFocus || writtenButton.activeFocus || requestButton.activeFocus

    signal copyWanted
    signal writtenWanted
    signal requestWanted
    signal agentWanted

    // Scripts that stack their letters need more than others.
    implicitHeight: Math.max(44, Math.ceil(mark.y + (mark.height + name.height) / 2))
    Accessible.role: Accessible.Heading
    Accessible.name: root.title + (root.marker === "" ? "" : ", " + root.marker) + (root.detail === "" ? "" : ", " + root.detail)

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
        width: Math.min(implicitWidth, root.width - name.x - (root.isAtHand ? buttons.width : figures.width) - agent.width - 2 * Theme.space5)
        text: root.title
        elide: Text.ElideRight
        maximumLineCount: 1
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
    }

    PushButton {
        id: agent

        anchors.left: name.right
        anchors.leftMargin: Theme.space2
        anchors.verticalCenter: mark.verticalCenter
        width: agent.visible ? agent.implicitWidth : 0
        height: 22
        visible: root.marker !== ""
        glyph: "sessions"
        text: root.marker
        Accessible.name: qsTr("Only what agent %1 does").arg(root.marker)
        onClicked: root.agentWanted()
    }

    StatusDot {
        anchors.left: agent.visible ? agent.right : name.right
        anchors.leftMargin: Theme.space2
        anchors.verticalCenter: mark.verticalCenter
        visible: root.live
    }

    HoverHandler {
        id: pointer
    }

    Row {
        id: buttons

        anchors.right: parent.right
        anchors.rightMargin: Theme.space5 - 6
        anchors.verticalCenter: mark.verticalCenter
        opacity: root.isAtHand ? 1 : 0
        spacing: 2

        PushButton {
            id: writtenButton

            height: 24
            quiet: !root.expanded
            visible: root.expandable
            glyph: "file"
            text: qsTr("As written")
            Accessible.name: qsTr("Show what %1 says as it was written").arg(root.title)
            Accessible.checkable: true
            Accessible.checked: root.expanded
            onClicked: root.writtenWanted()
        }

        PushButton {
            id: requestButton

            height: 24
            quiet: true
            visible: root.isModel
            glyph: "export"
            text: qsTr("Full request")
            Accessible.name: qsTr("Show the full request that %1 answers").arg(root.title)
            onClicked: root.requestWanted()
        }

        PushButton {
            id: copyButton

            height: 24
            quiet: true
            glyph: "copy"
            text: qsTr("Copy")
            Accessible.name: qsTr("Copy what %1 says").arg(root.title)
            onClicked: root.copyWanted()
        }
    }

    PlainLabel {
        id: figures

        anchors.right: parent.right
        anchors.rightMargin: Theme.space5
        anchors.verticalCenter: mark.verticalCenter
        visible: !root.isAtHand
        text: root.detail
        color: Theme.text3
        elide: Text.ElideRight
        maximumLineCount: 1
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }
}
