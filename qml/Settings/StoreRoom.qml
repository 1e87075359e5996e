// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Where the record is, and the room it takes.
Rectangle {
    id: root

    required property StoreFigures figures
    required property string stored

    implicitHeight: lines.height + 2 * Theme.space4
    radius: Theme.cardRadius
    color: Theme.panel
    border.color: Theme.line

    component Line: Item {
        id: line

        required property string name
        required property string value
        property bool code: false

        height: 22
        Accessible.role: Accessible.StaticText
        Accessible.name: line.name + ": " + line.value

        PlainLabel {
            anchors.verticalCenter: parent.verticalCenter
            text: line.name
            color: Theme.text3
            textFormat: Text.PlainText
        }

        PlainLabel {
            x: 150
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width - x
            text: line.value
            elide: Text.ElideMiddle
            font.family: line.code ? Theme.mono : Theme.sans
            font.pixelSize: line.code ? Theme.codeSize : Theme.controlSize
            font.preferShaping: !line.code
            textFormat: Text.PlainText
        }
    }

    Column {
        id: lines

        x: Theme.space4
        y: Theme.space4
        width: root.width - 2 * Theme.space4

        Line {
            width: lines.width
            name: qsTr("In use")
            value: root.figures.place
            code: true
        }

        Line {
            width: lines.width
            name: qsTr("Size on disk")
            value: root.figures.size
        }

        Line {
            width: lines.width
            name: qsTr("In the journal")
            value: qsTr("%1 not yet in the database").arg(root.figures.backlog)
        }

        Line {
            width: lines.width
            name: qsTr("Record")
            value: root.stored
        }
    }
}
