// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// One phase: what it was, how long it took, and where in the call it lay, if that is known.
Item {
    id: root

    required property string label
    required property string time
    required property real begin
    required property real share
    required property int kind

    implicitHeight: bar.visible ? 42 : 24
    Accessible.role: Accessible.StaticText
    Accessible.name: root.label + ": " + root.time

    PlainLabel {
        id: name

        width: parent.width - value.width - 8
        text: root.label
        color: Theme.text2
        font.pixelSize: Theme.secondarySize
        elide: Text.ElideRight
        textFormat: Text.PlainText
    }

    CodeText {
        id: value

        anchors.right: parent.right
        text: root.time
        color: Theme.text
        textFormat: Text.PlainText
    }

    Rectangle {
        id: bar

        anchors.top: name.bottom
        anchors.topMargin: 6
        width: parent.width
        height: 6
        radius: 3
        color: Theme.hover
        visible: root.kind !== CallTiming.Held

        Rectangle {
            x: root.begin * parent.width
            width: root.share > 0 ? Math.max(2, root.share * parent.width) : 0
            height: parent.height
            radius: 3
            color: root.kind === CallTiming.Model ? Theme.fill : Theme.text3
        }
    }
}
