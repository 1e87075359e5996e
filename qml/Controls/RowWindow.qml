// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Desktop
import Luthien.Theme

// Rows of one height over a model of any length. Only what is seen exists as items, and positions are row numbers, so
// row 999,999 is drawn as exactly as row 0 (a Flickable's pixels are floats and lose whole rows there).
FocusScope {
    id: root

    required property RowWindowModel rows
    required property Component delegate
    property int rowHeight: Theme.sessionRow
    /// Row at the upper edge; the fraction is how much of it is scrolled away.
    property real topRow: 0
    readonly property real visibleRows: root.rowHeight > 0 ? root.height / root.rowHeight : 0
    readonly property real maximumTopRow: Math.max(0, root.rows.total - root.visibleRows)

    function scrollTo(row: real) {
        root.topRow = Math.max(0, Math.min(root.maximumTopRow, row));
    }

    function ensureVisible(row: int) {
        if (row < root.topRow)
            root.scrollTo(row);
        else if (row + 1 > root.topRow + root.visibleRows)
            root.scrollTo(row + 1 - root.visibleRows);
    }

    clip: true
    onTopRowChanged: root.rows.firstRow = Math.floor(root.topRow)
    onVisibleRowsChanged: {
        root.rows.slotCount = Math.ceil(root.visibleRows) + 1;
        root.scrollTo(root.topRow);
    }
    onMaximumTopRowChanged: root.scrollTo(root.topRow)

    Item {
        id: content

        anchors.fill: parent

        Repeater {
            model: root.rows
            delegate: root.delegate
        }
    }

    IndexScrollBar {
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        position: root.rows.total > 0 ? root.topRow / root.rows.total : 0
        size: root.rows.total > 0 ? Math.min(1, root.visibleRows / root.rows.total) : 1
        onMoved: position => root.scrollTo(position * root.rows.total)
    }

    // What has no use for the wheel leaves it to what is around it.
    WheelScroll {
        enabled: root.maximumTopRow > 0
        onScrolled: pixels => root.scrollTo(root.topRow + pixels / root.rowHeight)
    }

    Connections {
        target: root.rows
        // Rows came or went above what is being read: move with them, so that nothing on screen moves.
        function onShiftedAbove(count: int) {
            if (root.topRow > 0)
                root.topRow = Math.max(0, root.topRow + count);
        }
    }
}
