// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Theme

// A page that may be taller than its window.
Flickable {
    id: root

    /// Moves so that an item of the page is on screen.
    function reveal(item: Item) {
        const y = item.mapToItem(root.contentItem, 0, 0).y;
        if (y < root.contentY)
            root.scrollTo(y - Theme.space4);
        else if (y + item.height > root.contentY + root.height)
            root.scrollTo(y + item.height + Theme.space4 - root.height);
    }

    function scrollTo(y: real) {
        root.contentY = Math.max(0, Math.min(root.contentHeight - root.height, y));
    }

    clip: true
    boundsBehavior: Flickable.StopAtBounds

    WheelScroll {
        onScrolled: pixels => root.scrollTo(root.contentY + pixels)
    }

    IndexScrollBar {
        parent: root
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        z: 1
        position: root.contentHeight > 0 ? root.contentY / root.contentHeight : 0
        size: root.contentHeight > 0 ? Math.min(1, root.height / root.contentHeight) : 1
        onMoved: position => root.scrollTo(position * root.contentHeight)
    }
}
