// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// How a call stands that did not simply complete, or the error it ended with.
RowItem {
    id: root

    required property int tone
    required property string glyph
    required property string title
    required property string body

    readonly property bool isFailure: root.tone === Block.Failure
    readonly property color tint: root.isFailure ? Theme.failure : root.tone === Block.Warning ? Theme.modify : Theme.text3

    implicitHeight: Math.ceil(box.height + Theme.space2)
    Accessible.role: root.isFailure ? Accessible.AlertMessage : Accessible.StaticText
    Accessible.name: root.title === "" ? root.body : root.title + ": " + root.body

    Rectangle {
        id: box

        x: 56
        y: 4
        width: root.width - box.x - Theme.space5
        height: words.implicitHeight + (root.tone === Block.Live ? 8 : 20)
        radius: Theme.cardRadius
        color: root.isFailure ? Theme.failureSoft : root.tone === Block.Warning ? Theme.modifySoft : "transparent"

        Glyph {
            id: icon

            x: root.tone === Block.Live ? 0 : Theme.space3
            y: words.y + 1
            name: root.glyph
            size: 14
            tint: root.tint
        }

        Column {
            id: words

            anchors.left: icon.right
            anchors.leftMargin: Theme.space2
            anchors.right: parent.right
            anchors.rightMargin: Theme.space3
            anchors.verticalCenter: parent.verticalCenter
            spacing: 2

            PlainLabel {
                width: parent.width
                visible: root.title !== ""
                text: root.title
                color: root.tint
                wrapMode: Text.Wrap
                font.weight: Font.DemiBold
                textFormat: Text.PlainText
            }

            PlainLabel {
                width: parent.width
                text: root.body
                color: root.title === "" ? root.tint : Theme.text2
                wrapMode: Text.Wrap
                font.pixelSize: Theme.secondarySize
                textFormat: Text.PlainText
            }
        }
    }
}
