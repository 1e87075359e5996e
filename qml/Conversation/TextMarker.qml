// SPDX-License-Identifier: Apache-2.0
import QtQuick

// A press that moves on marks text from where it began to where it is.
DragHandler {
    id: root

    /// In the scene.
    signal began(point scene)
    /// In the view.
    signal reached(real x, real y)

    target: null
    acceptedDevices: PointerDevice.Mouse
    dragThreshold: 4
    onActiveChanged: {
        if (root.active)
            root.began(root.centroid.scenePressPosition);
    }
    onCentroidChanged: {
        if (root.active)
            root.reached(root.centroid.position.x, root.centroid.position.y);
    }
}
