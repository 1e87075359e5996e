// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Theme

// A scroll bar over row numbers instead of pixels: exact at a million rows, and it never jumps while rows load.
Item {
    id: root

    /// Where the view begins and how much of the whole it shows, both 0 to 1.
    required property real position
    required property real size

    readonly property bool needed: root.size < 1
    readonly property real thumbLength: Math.max(28, root.height * root.size)
    readonly property real travel: Math.max(1, root.height - root.thumbLength)

    /// position to go to, 0 to 1 - size.
    signal moved(real position)

    implicitWidth: 10
    visible: root.needed
    Accessible.ignored: true

    Rectangle {
        x: 2
        y: root.size < 1 ? root.travel * Math.min(1, root.position / (1 - root.size)) : 0
        width: 6
        height: root.thumbLength
        radius: 3
        color: area.pressed || area.containsMouse ? Theme.text3 : Theme.lineStrong
    }

    MouseArea {
        id: area

        function moveTo(y: real) {
            const share = Math.max(0, Math.min(1, (y - root.thumbLength / 2) / root.travel));
            root.moved(share * (1 - root.size));
        }

        anchors.fill: parent
        hoverEnabled: true
        onPressed: mouse => area.moveTo(mouse.y)
        onPositionChanged: mouse => {
            if (area.pressed)
                area.moveTo(mouse.y);
        }
    }
}
