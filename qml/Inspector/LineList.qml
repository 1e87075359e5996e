// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls

// Lines of one height over a model of any length, with one that the keyboard is on.
RowWindow {
    id: root

    property int currentRow: 0
    readonly property int lastRow: root.rows.total - 1

    /// Return or Space on the current row.
    signal activated

    function goTo(row: int) {
        root.currentRow = Math.max(0, Math.min(root.lastRow, row));
        root.ensureVisible(root.currentRow);
    }

    /// True if the key moved.
    function move(key: int): bool {
        const page = Math.max(1, Math.floor(root.visibleRows) - 1);
        if (key === Qt.Key_Down || key === Qt.Key_J)
            root.goTo(root.currentRow + 1);
        else if (key === Qt.Key_Up || key === Qt.Key_K)
            root.goTo(root.currentRow - 1);
        else if (key === Qt.Key_PageDown)
            root.goTo(root.currentRow + page);
        else if (key === Qt.Key_PageUp)
            root.goTo(root.currentRow - page);
        else if (key === Qt.Key_Home)
            root.goTo(0);
        else if (key === Qt.Key_End)
            root.goTo(root.lastRow);
        else
            return false;
        return true;
    }

    rowHeight: 22
    activeFocusOnTab: true
    Accessible.role: Accessible.List
    onLastRowChanged: root.currentRow = Math.max(0, Math.min(root.lastRow, root.currentRow))
    Keys.onReturnPressed: root.activated()
    Keys.onEnterPressed: root.activated()
    Keys.onSpacePressed: root.activated()
    Keys.onPressed: event => {
        event.accepted = root.move(event.key);
    }
}
