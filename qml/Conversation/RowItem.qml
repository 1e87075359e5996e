// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// What every row of the conversation is: a place for the reader, and text that can be marked together with other rows'.
// Its height is a whole number: with fractions, rows far away would move the pixels of those that are read.
Item {
    id: root

    required property int index
    required property bool current
    required property int selectedFrom
    required property int selectedTo
    /// Whose characters are marked one by one; without it the row is marked as a whole.
    property SelectableText words: null

    /// Characters before a point of the row; -1 = the end of a row that is marked as a whole.
    function placeAt(x: real, y: real): int {
        if (!root.words)
            return y < root.height / 2 ? 0 : -1;
        const point = root.mapToItem(root.words, x, y);
        return root.words.positionAt(point.x, point.y);
    }

    // Marks that are piled up on a letter are painted beyond its line: not over other rows.
    clip: true

    HoverHandler {
        enabled: root.words !== null
        cursorShape: Qt.IBeamCursor
    }

    Rectangle {
        x: 6
        y: 2
        width: 3
        height: parent.height - 4
        radius: 1.5
        visible: root.current
        color: Theme.accent
        Accessible.ignored: true
    }

    Rectangle {
        anchors.fill: parent
        anchors.leftMargin: 52
        anchors.rightMargin: Theme.space5 - 4
        z: 2
        visible: !root.words && root.selectedTo > root.selectedFrom
        radius: Theme.chipRadius
        color: Theme.fill
        opacity: 0.2
        Accessible.ignored: true
    }
}
