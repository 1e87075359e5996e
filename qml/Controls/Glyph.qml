// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Window
import Luthien.Theme

// One of our icons in a colour. Decoration: the item beside it carries the words.
Image {
    id: root

    required property string name
    property color tint: Theme.text2
    property int size: 16

    width: root.size
    height: root.size
    sourceSize.width: Math.ceil(root.size * Screen.devicePixelRatio)
    sourceSize.height: Math.ceil(root.size * Screen.devicePixelRatio)
    source: root.name === "" ? "" : "image://icons/" + root.name + "/" + String(root.tint).slice(1)
    Accessible.ignored: true
}
