// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Templates as T
import Luthien.Theme

// One thing to do in a PopupMenu, with its key.
T.MenuItem {
    id: root

    property string glyph: ""
    property string keys: ""
    property bool dangerous: false

    implicitWidth: Math.max(220, Math.min(440, root.implicitContentWidth))
    implicitHeight: 30
    focusPolicy: Qt.StrongFocus
    hoverEnabled: true
    activeFocusOnTab: true
    Accessible.role: Accessible.MenuItem
    Accessible.name: root.text
    Accessible.description: root.keys
    Keys.onReturnPressed: root.clicked()
    Keys.onEnterPressed: root.clicked()

    contentItem: MenuLine {
        glyph: root.glyph
        text: root.text
        keys: root.keys
        tint: !root.enabled ? Theme.text3 : root.dangerous ? Theme.block : Theme.text
        glyphTint: !root.enabled ? Theme.text3 : root.dangerous ? Theme.block : Theme.text2
    }
    background: Rectangle {
        radius: Theme.controlRadius
        color: root.activeFocus ? Theme.selected : root.hovered ? Theme.hover : "transparent"
    }
}
