// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// A field of a form: its name, what it is for, the control, and why its value will not do.
Item {
    id: root

    property int depth: 0
    property string label: ""
    property string help: ""
    property string problem: ""
    property bool needed: false
    property bool readOnly: false
    /// Its value can go back to the usual one.
    property bool resettable: false

    signal resetWanted
    default property alias control: place.data

    implicitHeight: words.implicitHeight + Theme.space3
    Accessible.role: Accessible.Grouping
    Accessible.name: root.label

    Column {
        id: words

        x: 18 * root.depth
        width: root.width - words.x
        spacing: 5

        Row {
            spacing: 5
            visible: root.label !== ""

            PlainLabel {
                text: root.label
                font.pixelSize: Theme.secondarySize
                font.weight: Font.DemiBold
                textFormat: Text.PlainText
            }

            PlainLabel {
                visible: root.needed && !root.readOnly
                text: qsTr("needed")
                color: Theme.text3
                font.pixelSize: Theme.metaSize
                textFormat: Text.PlainText
                anchors.baseline: parent.children[0].baseline
            }

            PushButton {
                objectName: "reset." + root.label
                height: 18
                topPadding: 0
                bottomPadding: 0
                quiet: true
                visible: root.resettable && !root.readOnly
                glyph: "undo"
                Accessible.name: qsTr("Reset %1").arg(root.label)
                onClicked: root.resetWanted()
            }
        }

        PlainLabel {
            width: parent.width
            visible: root.help !== ""
            text: root.help
            color: Theme.text3
            font.pixelSize: Theme.secondarySize
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
        }

        Item {
            id: place

            width: parent.width
            implicitHeight: place.childrenRect.height
            visible: place.implicitHeight > 0
        }

        Row {
            spacing: 5
            visible: root.problem !== ""
            Accessible.role: Accessible.AlertMessage
            Accessible.name: root.problem
            Accessible.ignored: root.problem === ""

            Glyph {
                y: 2
                name: "triangle"
                size: 13
                tint: Theme.failure
            }

            PlainLabel {
                width: place.width - 18
                text: root.problem
                color: Theme.failure
                font.pixelSize: Theme.secondarySize
                wrapMode: Text.Wrap
                textFormat: Text.PlainText
            }
        }
    }
}
