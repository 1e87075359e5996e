// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Theme

// How many things wait for a person; not there while none does. The item that carries it says the number.
Rectangle {
    id: root

    required property int count

    width: Math.max(16, number.implicitWidth + 8)
    height: 16
    radius: 8
    visible: root.count > 0
    color: Theme.hold
    Accessible.ignored: true

    PlainLabel {
        id: number

        anchors.centerIn: parent
        text: root.count > 99 ? "99+" : root.count
        color: Theme.dark ? Theme.rail : Theme.textOnFill
        font.pixelSize: 10
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
    }
}
