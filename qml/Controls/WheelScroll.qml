// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Theme

// Turns notches and touch pad movement into a fixed number of pixels. A Flickable's own wheel handling moves the same
// notches by very different distances, depending on how fast they come.
WheelHandler {
    id: root

    /// Pixels to move down; negative = up.
    signal scrolled(real pixels)

    acceptedDevices: PointerDevice.Mouse | PointerDevice.TouchPad
    target: null
    onWheel: event => {
        const pixels = event.pixelDelta.y !== 0 ? event.pixelDelta.y : event.angleDelta.y / 120 * Theme.wheelStep;
        root.scrolled(-pixels);
    }
}
