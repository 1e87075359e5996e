// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Templates as T
import Luthien.Theme

// Things that can be done with what was pointed at, as MenuRows below each other. Arrows move, Return does, Escape
// leaves.
T.Popup {
    id: root

    default property alias rows: column.data
    property string name: ""

    /// Opens at a place of an item, inside the window.
    function openAt(item: Item, x: real, y: real) {
        const window = root.parent as Item;
        const place = item.mapToItem(window, x, y);
        root.x = Math.max(0, Math.min(place.x, window.width - root.width));
        root.y = Math.max(0, Math.min(place.y, window.height - root.height));
        root.open();
    }

    parent: T.Overlay.overlay
    width: column.implicitWidth + root.leftPadding + root.rightPadding
    height: column.implicitHeight + root.topPadding + root.bottomPadding
    padding: Theme.space1
    modal: false
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    onOpened: column.step(0, 1)

    background: Rectangle {
        radius: Theme.cardRadius
        color: Theme.raised
        border.color: Theme.lineStrong
    }

    FocusScope {
        anchors.fill: parent
        focus: true
        Accessible.role: Accessible.PopupMenu
        Accessible.name: root.name

        Column {
            id: column

            // The next one that can be chosen, from an index on, round the end.
            function step(from: int, direction: int) {
                const count = column.children.length;
                for (let i = 0; i < count; ++i) {
                    const next = column.children[(from + i * direction + 2 * count) % count];
                    if (next.visible && next.enabled && next.activeFocusOnTab) {
                        next.forceActiveFocus(Qt.TabFocusReason);
                        return;
                    }
                }
            }

            function current(): int {
                for (let i = 0; i < column.children.length; ++i) {
                    if (column.children[i].activeFocus)
                        return i;
                }
                return -1;
            }

            width: parent.width
            Keys.onDownPressed: column.step(column.current() + 1, 1)
            Keys.onUpPressed: column.step(column.current() - 1, -1)
        }
    }
}
