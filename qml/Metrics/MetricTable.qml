// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Theme

// A chart in words: a line for each step, newest first.
ListView {
    id: root

    required property list<string> lines

    clip: true
    model: root.lines
    reuseItems: true
    boundsBehavior: Flickable.StopAtBounds
    activeFocusOnTab: true
    keyNavigationEnabled: true
    Accessible.role: Accessible.List
    Accessible.name: qsTr("As a table")
    delegate: PlainLabel {
        id: line

        required property string modelData

        width: root.width
        height: 20
        verticalAlignment: Text.AlignVCenter
        text: line.modelData
        color: Theme.text2
        elide: Text.ElideRight
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
        Accessible.role: Accessible.ListItem
        Accessible.name: line.text
    }

    FocusRing {
        anchors.margins: -4
        shown: root.activeFocus
    }

    WheelScroll {
        onScrolled: pixels => root.contentY = Math.max(0, Math.min(root.contentHeight - root.height, root.contentY + pixels))
    }
}
