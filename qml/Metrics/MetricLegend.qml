// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Theme

// Which colour means what. Words and colours stand in the order they are drawn in.
Flow {
    id: root

    required property list<string> names
    required property list<int> tones
    required property list<color> colors

    spacing: Theme.space2
    Accessible.ignored: true

    Repeater {
        model: root.names
        delegate: Row {
            id: entry

            required property int index
            required property string modelData

            spacing: Theme.space1

            Rectangle {
                anchors.verticalCenter: parent.verticalCenter
                width: 8
                height: 8
                radius: 2
                color: root.colors[root.tones[entry.index]]
            }

            PlainLabel {
                text: entry.modelData
                color: Theme.text3
                font.pixelSize: Theme.metaSize
                textFormat: Text.PlainText
            }
        }
    }
}
