// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Templates as T
import Luthien.Theme

// One answer of several that exclude each other. The type is the role: Qt 6.4 tells screen readers that of the type,
// whatever Accessible.role says.
T.RadioButton {
    id: root

    property string glyph: ""
    property color tint: Theme.accent
    property color fill: Theme.selected
    readonly property color ink: !root.checked ? root.enabled ? Theme.text2 : Theme.text3 : root.enabled ? root.tint : Theme.text2

    implicitWidth: root.implicitContentWidth + 2 * 10
    implicitHeight: Theme.button
    leftPadding: 10
    rightPadding: 10
    checkable: true
    autoExclusive: false
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.RadioButton
    Accessible.name: root.text
    Accessible.checkable: true
    Accessible.checked: root.checked

    contentItem: Row {
        spacing: 5

        Glyph {
            anchors.verticalCenter: parent.verticalCenter
            name: root.glyph
            size: 13
            tint: root.checked ? root.ink : Theme.text3
            visible: root.glyph !== ""
        }

        PlainLabel {
            anchors.verticalCenter: parent.verticalCenter
            text: root.text
            color: root.ink
            font.pixelSize: Theme.secondarySize
            font.weight: root.checked ? Font.DemiBold : Font.Medium
            textFormat: Text.PlainText
        }
    }
    background: Rectangle {
        radius: Theme.controlRadius - 1
        color: root.checked && root.enabled ? root.fill : root.checked || root.hovered && root.enabled ? Theme.hover : "transparent"

        FocusRing {
            radius: Theme.controlRadius - 1
            shown: root.visualFocus
        }
    }
}
