// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Theme

// A frame around the row somebody was sent to, for a moment.
Rectangle {
    id: root

    property Item row: null

    function show(row: Item) {
        root.row = row;
        fade.restart();
    }

    x: 44
    y: root.row ? root.row.y : 0
    height: root.row ? root.row.height : 0
    visible: root.row !== null && root.opacity > 0
    opacity: 0
    radius: Theme.cardRadius
    color: "transparent"
    border.color: Theme.accent
    border.width: 2
    Accessible.ignored: true

    SequentialAnimation {
        id: fade

        PropertyAction {
            target: root
            property: "opacity"
            value: 1
        }

        PauseAnimation {
            duration: 900
        }

        NumberAnimation {
            target: root
            property: "opacity"
            to: 0
            duration: 400
        }
    }
}
