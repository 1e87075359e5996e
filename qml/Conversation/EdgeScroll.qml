// SPDX-License-Identifier: Apache-2.0
import QtQuick

// A pointer that marks text beyond an edge of the view scrolls, faster the further away it is.
Timer {
    id: root

    required property bool active
    /// Of the pointer, in the view.
    required property real y
    required property real height

    readonly property real beyond: root.y < 0 ? root.y : Math.max(0, root.y - root.height)

    signal scrolled(real pixels)

    interval: 16
    repeat: true
    running: root.active && root.beyond !== 0
    onTriggered: root.scrolled(Math.max(-40, Math.min(40, root.beyond / 3)))
}
