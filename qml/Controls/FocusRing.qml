// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Theme

// Drawn inside its parent while shown: where the keyboard is.
Rectangle {
    id: root

    required property bool shown

    anchors.fill: parent
    color: "transparent"
    border.color: Theme.accent
    border.width: 2
    radius: Theme.controlRadius
    visible: root.shown
    Accessible.ignored: true
}
