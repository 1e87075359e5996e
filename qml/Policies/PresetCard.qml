// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// One preset: what it is called, what it does, and the button that adds it.
FocusScope {
    id: root

    required property string title
    required property string type
    required property string purpose
    required property bool added

    signal addWanted

    implicitHeight: words.height + 2 * Theme.space3
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1: %2").arg(root.title).arg(root.purpose)

    Rectangle {
        anchors.fill: parent
        radius: Theme.cardRadius
        color: Theme.panel
        border.color: Theme.line
    }

    Column {
        id: words

        x: Theme.space3
        y: Theme.space3
        width: root.width - add.width - 3 * Theme.space3
        spacing: 3

        Row {
            spacing: Theme.space2

            PlainLabel {
                text: root.title
                font.weight: Font.DemiBold
                textFormat: Text.PlainText
            }

            CodeText {
                anchors.baseline: parent.children[0].baseline
                text: root.type
                color: Theme.text3
                font.pixelSize: Theme.metaSize
                textFormat: Text.PlainText
            }

            Badge {
                visible: root.added
                glyph: "check"
                label: qsTr("in the chain")
                tint: Theme.allow
                fill: Theme.allowSoft
            }
        }

        PlainLabel {
            width: parent.width
            text: root.purpose
            color: Theme.text2
            wrapMode: Text.Wrap
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }
    }

    PushButton {
        id: add

        objectName: "addPreset." + root.title
        anchors.right: parent.right
        anchors.rightMargin: Theme.space3
        anchors.verticalCenter: parent.verticalCenter
        focus: true
        glyph: "plus"
        text: qsTr("Add")
        Accessible.name: qsTr("Add %1 as a shadow").arg(root.title)
        onClicked: root.addWanted()
    }
}
