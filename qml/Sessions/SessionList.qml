// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Sessions in sections, of which only what is seen exists as items. Where the list stands is a row and the part of it
// that is scrolled away: whatever comes or goes above, the row stays, and no position is a float.
FocusScope {
    id: root

    required property SessionsModel sessions
    required property Component delegate
    readonly property int headHeight: Theme.sectionHead
    readonly property int rowHeight: Theme.sessionRow
    /// Counts the changes of what stands where: positions that are asked for follow it.
    property int layout: 0
    property int anchorRow: 0
    property real anchorOffset: 0
    readonly property real contentTop: root.topOf(root.anchorRow, root.layout) + root.anchorOffset
    readonly property real contentHeight: root.topOf(rows.total, root.layout)
    readonly property real maximumTop: Math.max(0, root.contentHeight - root.height)
    readonly property int pageRows: Math.max(1, Math.floor(root.height / root.rowHeight) - 1)

    function topOf(row: int, _layout: int): real {
        return root.sessions.topOf(row, root.headHeight, root.rowHeight);
    }

    function scrollToTop(top: real) {
        const bounded = Math.max(0, Math.min(root.maximumTop, top));
        const row = root.sessions.rowAtTop(bounded, root.headHeight, root.rowHeight);
        root.anchorRow = row;
        root.anchorOffset = bounded - root.topOf(row, root.layout);
    }

    function ensureVisible(row: int) {
        const top = root.topOf(row, root.layout);
        // With the head above it, if it is the first of its section.
        const head = row > 0 && root.topOf(row, root.layout) - root.topOf(row - 1, root.layout) === root.headHeight ? root.headHeight : 0;
        if (top - head < root.contentTop)
            root.scrollToTop(top - head);
        else if (top + root.rowHeight > root.contentTop + root.height)
            root.scrollToTop(top + root.rowHeight - root.height);
    }

    clip: true
    onAnchorRowChanged: rows.firstRow = root.anchorRow
    onHeightChanged: root.scrollToTop(root.contentTop)
    onMaximumTopChanged: {
        if (root.contentTop > root.maximumTop)
            root.scrollToTop(root.maximumTop);
    }

    RowWindowModel {
        id: rows

        source: root.sessions
        // A head is followed by a session, so two rows are at least that high.
        slotCount: Math.ceil(2 * root.height / (root.headHeight + root.rowHeight)) + 2
        onShiftedAbove: count => {
            if (root.contentTop > 0)
                root.anchorRow = Math.max(0, root.anchorRow + count);
        }
    }

    Connections {
        target: root.sessions

        function onRowsInserted() {
            root.layout += 1;
        }

        function onRowsRemoved() {
            root.layout += 1;
        }

        function onRowsMoved() {
            root.layout += 1;
        }

        function onModelReset() {
            root.layout += 1;
            root.scrollToTop(0);
        }
    }

    Item {
        anchors.fill: parent

        Repeater {
            model: rows
            delegate: root.delegate
        }
    }

    IndexScrollBar {
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        position: root.contentHeight > 0 ? root.contentTop / root.contentHeight : 0
        size: root.contentHeight > 0 ? Math.min(1, root.height / root.contentHeight) : 1
        onMoved: position => root.scrollToTop(position * root.contentHeight)
    }

    WheelScroll {
        onScrolled: pixels => root.scrollToTop(root.contentTop + pixels)
    }
}
