// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// A row that opens and closes, by pointer and by keyboard.
RowItem {
    id: root

    required property bool expandable
    required property bool expanded
    required property string title
    required property string body
    property int ringMargin: 56

    signal toggled

    activeFocusOnTab: root.expandable
    Accessible.role: root.expandable ? Accessible.Button : Accessible.StaticText
    Accessible.name: root.body === "" ? root.title : root.title + ", " + root.body
    Accessible.onPressAction: root.toggled()
    Keys.onReturnPressed: root.toggled()
    Keys.onEnterPressed: root.toggled()
    Keys.onSpacePressed: root.toggled()

    FocusRing {
        anchors.leftMargin: root.ringMargin
        anchors.rightMargin: Theme.space5
        z: 1
        shown: root.activeFocus
    }

    HoverHandler {
        enabled: root.expandable
        cursorShape: Qt.PointingHandCursor
    }

    TapHandler {
        enabled: root.expandable
        onTapped: root.toggled()
    }
}
