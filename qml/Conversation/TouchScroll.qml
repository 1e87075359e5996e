// SPDX-License-Identifier: Apache-2.0
import QtQuick

// A finger on the screen moves the rows under it.
DragHandler {
    id: root

    property real last: 0

    /// Pixels to move down; negative = up.
    signal scrolled(real pixels)

    target: null
    xAxis.enabled: false
    acceptedDevices: PointerDevice.TouchScreen
    onActiveChanged: root.last = 0
    onTranslationChanged: {
        root.scrolled(root.last - root.translation.y);
        root.last = root.translation.y;
    }
}
