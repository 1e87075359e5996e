// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Templates as T
import Luthien.Theme

// One place of the rail.
T.AbstractButton {
    id: root

    required property string glyph
    property bool current: false
    /// What waits there; 0 = nothing.
    property int count: 0

    implicitWidth: 40
    implicitHeight: 36
    focusPolicy: Qt.StrongFocus
    hoverEnabled: true
    Accessible.role: Accessible.Button
    Accessible.name: root.count > 0 ? qsTr("%1, waiting: %2").arg(root.text).arg(root.count) : root.text

    contentItem: Item {
        Glyph {
            anchors.centerIn: parent
            name: root.glyph
            size: 18
            tint: root.current ? Theme.accent : root.hovered ? Theme.text : Theme.text2
        }

        CountBadge {
            x: 20
            y: -1
            count: root.count
        }
    }
    background: Rectangle {
        radius: Theme.controlRadius
        color: root.current ? Theme.selected : root.hovered ? Theme.hover : "transparent"

        FocusRing {
            shown: root.visualFocus
        }
    }

    Keys.onReturnPressed: root.clicked()
    Keys.onEnterPressed: root.clicked()

    Hint {
        id: hint

        text: root.text
        visible: root.hovered || root.visualFocus
        x: root.width + Theme.space2
        y: (root.height - hint.height) / 2
    }
}
