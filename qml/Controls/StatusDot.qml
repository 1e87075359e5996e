// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Theme

// Filled while something is live, a ring once it is over. The words beside it say the same.
Rectangle {
    id: root

    property color tint: Theme.allow
    property bool filled: true

    implicitWidth: 8
    implicitHeight: 8
    radius: 4
    color: root.filled ? root.tint : "transparent"
    border.color: root.filled ? root.tint : Theme.text3
    border.width: root.filled ? 0 : 1.5
    Accessible.ignored: true
}
