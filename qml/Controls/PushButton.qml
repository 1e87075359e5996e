// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Templates as T
import Luthien.Theme

T.AbstractButton {
    id: root

    property string glyph: ""
    property bool primary: false
    /// Only a sign until the pointer or the keyboard is on it.
    property bool quiet: false
    property color glyphTint: root.primary ? Theme.textOnFill : Theme.text2

    implicitWidth: root.implicitContentWidth + root.leftPadding + root.rightPadding
    implicitHeight: Theme.button
    leftPadding: root.text === "" ? 6 : 10
    rightPadding: root.leftPadding
    // Whoever is read to would be led to what cannot be pressed.
    focusPolicy: root.enabled ? Qt.StrongFocus : Qt.NoFocus
    hoverEnabled: true
    Accessible.role: Accessible.Button
    Accessible.name: root.text
    Accessible.focusable: root.enabled

    contentItem: Row {
        spacing: 6

        Glyph {
            anchors.verticalCenter: parent.verticalCenter
            name: root.glyph
            size: 14
            tint: root.glyphTint
            visible: root.glyph !== ""
        }

        PlainLabel {
            anchors.verticalCenter: parent.verticalCenter
            text: root.text
            elide: Text.ElideRight
            maximumLineCount: 1
            color: root.primary ? Theme.textOnFill : Theme.text
            font.pixelSize: Theme.secondarySize
            font.weight: Font.Medium
            textFormat: Text.PlainText
        }
    }
    background: Rectangle {
        radius: Theme.controlRadius
        color: root.primary ? Theme.fill : root.down || root.hovered ? Theme.hover : root.quiet ? "transparent" : Theme.raised
        border.color: root.primary ? Theme.fill : root.quiet ? "transparent" : Theme.lineStrong

        FocusRing {
            anchors.margins: -3
            radius: Theme.controlRadius + 3
            shown: root.visualFocus
        }
    }

    // A key that is held presses once.
    Keys.onReturnPressed: event => {
        if (!event.isAutoRepeat)
            root.clicked();
    }
    Keys.onEnterPressed: event => {
        if (!event.isAutoRepeat)
            root.clicked();
    }
    Keys.onPressed: event => event.accepted = event.isAutoRepeat && event.key === Qt.Key_Space
    Keys.onReleased: event => event.accepted = event.isAutoRepeat && event.key === Qt.Key_Space
}
