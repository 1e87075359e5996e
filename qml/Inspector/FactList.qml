// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Theme

// Names and what they are, one below the other.
Column {
    id: root

    required property list<string> names
    required property list<string> values

    spacing: 7

    Repeater {
        model: root.names.length
        delegate: Item {
            id: fact

            required property int index

            width: root.width
            height: value.height
            Accessible.role: Accessible.StaticText
            Accessible.name: name.text + ": " + value.text

            PlainLabel {
                id: name

                width: 96
                text: root.names[fact.index] ?? ""
                color: Theme.text2
                font.pixelSize: Theme.secondarySize
                elide: Text.ElideRight
                textFormat: Text.PlainText
            }

            SelectableText {
                id: value

                anchors.left: name.right
                anchors.leftMargin: 8
                anchors.right: parent.right
                text: root.values[fact.index] ?? ""
                wrapMode: TextEdit.WrapAtWordBoundaryOrAnywhere
                font.pixelSize: Theme.secondarySize
            }
        }
    }
}
