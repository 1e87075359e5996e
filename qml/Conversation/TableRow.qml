// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Theme

// A line of a table. The columns share the width by what is in them.
RowItem {
    id: root

    required property int depth
    required property bool first
    required property bool last
    required property string body
    required property list<string> cells
    required property list<int> widths

    readonly property bool isHead: root.depth === 1
    readonly property real inner: Math.min(900, root.width - 56 - Theme.space5)
    readonly property real total: root.sum()
    /// A narrow table does not spread over the whole width.
    readonly property real unit: root.total > 0 ? Math.min(8.4, root.inner / root.total) : 0

    function sum(): real {
        let total = 0;
        for (let column = 0; column < root.widths.length; ++column)
            total += root.widths[column] + 3;
        return total;
    }

    implicitHeight: Math.ceil(line.height + (root.first ? 6 : 0) + (root.last ? 8 : 0))
    Accessible.role: root.isHead ? Accessible.ColumnHeader : Accessible.Row
    Accessible.name: root.body

    Row {
        id: line

        x: 56
        y: root.first ? 6 : 0

        Repeater {
            id: columns

            model: root.cells
            delegate: Item {
                id: cell

                required property int index
                required property string modelData

                width: Math.floor(((root.widths[cell.index] ?? 3) + 3) * root.unit)
                height: columns.height1
                Accessible.ignored: true

                readonly property real wanted: label.implicitHeight + 12

                onWantedChanged: columns.measure()
                Component.onCompleted: columns.measure()

                PlainLabel {
                    id: label

                    x: 6
                    y: 6
                    width: cell.width - 12
                    text: cell.modelData
                    color: root.isHead ? Theme.text : Theme.text2
                    wrapMode: Text.Wrap
                    font.weight: root.isHead ? Font.DemiBold : Font.Normal
                    font.preferShaping: false
                    textFormat: Text.PlainText
                }
            }

            property real height1: 30

            function measure() {
                let height = 30;
                for (let i = 0; i < columns.count; ++i)
                    height = Math.max(height, (columns.itemAt(i) as Item)?.wanted ?? 0);
                columns.height1 = height;
            }
        }
    }

    Rectangle {
        x: 56
        y: line.y + line.height - 1
        width: root.total * root.unit
        height: 1
        color: root.isHead ? Theme.lineStrong : Theme.line
        Accessible.ignored: true
    }
}
