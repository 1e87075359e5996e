// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// One table of the shop: how many rows and which checksum before and after.
Item {
    id: root

    required property string name
    required property string before
    required property string beforeSum
    required property string after
    required property string afterSum
    required property bool gone
    required property bool same

    readonly property real column: (root.width - 130 - 90) / 2

    implicitHeight: 34
    Accessible.role: Accessible.Row
    Accessible.name: qsTr("%1: before %2, after %3, %4").arg(root.name).arg(root.before).arg(root.after).arg(state.label)

    Rule {
        width: parent.width
    }

    CodeText {
        anchors.verticalCenter: parent.verticalCenter
        text: root.name
        color: Theme.text
        textFormat: Text.PlainText
    }

    Row {
        x: 130
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space2

        PlainLabel {
            text: root.before
            textFormat: Text.PlainText
        }

        CodeText {
            anchors.baseline: parent.children[0].baseline
            text: root.beforeSum
            color: Theme.text3
            font.pixelSize: Theme.metaSize
            textFormat: Text.PlainText
        }
    }

    Row {
        x: 130 + root.column
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space2

        PlainLabel {
            text: root.after
            color: root.gone ? Theme.block : Theme.text
            font.weight: root.gone ? Font.DemiBold : Font.Normal
            textFormat: Text.PlainText
        }

        CodeText {
            anchors.baseline: parent.children[0].baseline
            text: root.afterSum
            color: Theme.text3
            font.pixelSize: Theme.metaSize
            textFormat: Text.PlainText
        }
    }

    Badge {
        id: state

        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        glyph: root.same ? "check" : root.gone ? "barred" : "pen"
        label: root.same ? qsTr("same") : root.gone ? qsTr("gone") : qsTr("changed")
        tint: root.same ? Theme.allow : root.gone ? Theme.block : Theme.modify
        fill: root.same ? Theme.allowSoft : root.gone ? Theme.blockSoft : Theme.modifySoft
    }
}
