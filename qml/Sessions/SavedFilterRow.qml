// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// One filter that was kept: its name and what it says.
Rectangle {
    id: root

    required property string name
    required property string filter
    property bool current: false

    signal chosen
    signal deletionWanted

    implicitHeight: 44
    radius: Theme.controlRadius
    color: root.current ? Theme.selected : pointer.hovered ? Theme.hover : "transparent"
    Accessible.role: Accessible.ListItem
    Accessible.name: root.name
    Accessible.description: root.filter
    Accessible.onPressAction: root.chosen()

    PlainLabel {
        x: Theme.space2
        y: 5
        width: leave.x - 2 * Theme.space2
        text: root.name
        elide: Text.ElideRight
        font.weight: Font.Medium
        textFormat: Text.PlainText
        maximumLineCount: 1
    }

    CodeText {
        x: Theme.space2
        y: 24
        width: leave.x - 2 * Theme.space2
        text: root.filter
        color: Theme.text3
        elide: Text.ElideRight
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
        maximumLineCount: 1
    }

    HoverHandler {
        id: pointer
    }

    TapHandler {
        onTapped: root.chosen()
    }

    PushButton {
        id: leave

        anchors.right: parent.right
        anchors.rightMargin: Theme.space1
        anchors.verticalCenter: parent.verticalCenter
        quiet: true
        focusPolicy: Qt.NoFocus
        glyph: "trash"
        Accessible.name: qsTr("Delete the filter %1").arg(root.name)
        onClicked: root.deletionWanted()
    }
}
