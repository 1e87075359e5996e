// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// One step of a policy's history: which version, in which mode, when, by whom.
Item {
    id: root

    required property string version
    required property int mode
    required property string time
    required property string author
    required property bool current
    required property string what
    property bool selected: false
    property bool focused: false

    signal chosen

    implicitHeight: 46
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1 %2, %3, %4").arg(root.version).arg(root.what).arg(root.time).arg(root.author)
    Accessible.selected: root.selected
    Accessible.onPressAction: root.chosen()

    Rectangle {
        anchors.fill: parent
        anchors.leftMargin: Theme.space3
        anchors.rightMargin: Theme.space3
        anchors.topMargin: 2
        radius: Theme.cardRadius
        color: root.selected ? Theme.selected : pointer.hovered ? Theme.hover : "transparent"

        FocusRing {
            radius: Theme.cardRadius
            shown: root.selected && root.focused
        }
    }

    CodeText {
        id: version

        x: Theme.space5
        y: 8
        text: root.version
        textFormat: Text.PlainText
    }

    PlainLabel {
        anchors.left: version.right
        anchors.leftMargin: Theme.space3
        anchors.baseline: version.baseline
        text: root.what
        font.weight: Font.Medium
        textFormat: Text.PlainText
    }

    Badge {
        id: now

        anchors.right: parent.right
        anchors.rightMargin: Theme.space5
        anchors.verticalCenter: parent.verticalCenter
        visible: root.current
        label: qsTr("current")
        tint: Theme.text2
        fill: Theme.hover
    }

    PlainLabel {
        x: Theme.space5
        y: 26
        width: parent.width - x - Theme.space5 - (root.current ? now.width + Theme.space2 : 0)
        text: root.time + "  ·  " + [qsTr("off"), qsTr("shadow"), qsTr("enforce")][root.mode] + "  ·  " + root.author
        color: Theme.text3
        elide: Text.ElideRight
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
    }

    HoverHandler {
        id: pointer
    }

    TapHandler {
        onTapped: root.chosen()
    }
}
