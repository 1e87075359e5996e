// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Theme

// The part of a card that one row of a list draws: a long card is cut into several rows, the first with the upper
// corners, the last with the lower ones.
Item {
    id: root

    property bool first: true
    property bool last: true
    property color fill: Theme.raised
    property color edge: Theme.line

    clip: true
    Accessible.ignored: true

    Rectangle {
        anchors.fill: parent
        anchors.topMargin: root.first ? 0 : -2 * Theme.cardRadius
        anchors.bottomMargin: root.last ? 0 : -2 * Theme.cardRadius
        radius: Theme.cardRadius
        color: root.fill
        border.color: root.edge
    }
}
