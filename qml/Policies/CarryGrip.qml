// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// Where something is taken to be carried up or down. The keyboard carries with Alt and the arrows.
Item {
    id: root

    readonly property bool carrying: drag.active
    readonly property real distance: drag.activeTranslation.y
    property real last: 0

    signal carried(real distance)
    signal dropped(real distance)

    implicitWidth: 20
    implicitHeight: 22
    Accessible.ignored: true
    onDistanceChanged: {
        if (root.carrying) {
            root.last = root.distance;
            root.carried(root.distance);
        }
    }

    Glyph {
        anchors.centerIn: parent
        name: "grip"
        size: 14
        tint: pointer.hovered || root.carrying ? Theme.text : Theme.text3
    }

    HoverHandler {
        id: pointer

        cursorShape: root.carrying ? Qt.ClosedHandCursor : Qt.OpenHandCursor
    }

    DragHandler {
        id: drag

        target: null
        xAxis.enabled: false
        dragThreshold: 4
        // The list around it scrolls by the same gesture.
        grabPermissions: PointerHandler.CanTakeOverFromAnything
        onActiveChanged: {
            if (!drag.active)
                root.dropped(root.last);
            root.last = 0;
        }
    }
}
