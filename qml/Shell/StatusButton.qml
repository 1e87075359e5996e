// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Templates as T
import Luthien.Controls
import Luthien.Theme

// A state in the status bar that opens what belongs to it.
T.AbstractButton {
    id: root

    property string glyph: ""
    property color tint: Theme.allow
    property bool code: false

    implicitWidth: root.implicitContentWidth + 2 * root.leftPadding
    implicitHeight: 22
    leftPadding: Theme.space2
    rightPadding: Theme.space2
    focusPolicy: Qt.StrongFocus
    hoverEnabled: true
    Accessible.role: Accessible.Button
    Accessible.name: root.text

    contentItem: Row {
        spacing: 6

        StatusDot {
            anchors.verticalCenter: parent.verticalCenter
            width: 7
            height: 7
            tint: root.tint
            visible: root.glyph === ""
        }

        Glyph {
            anchors.verticalCenter: parent.verticalCenter
            name: root.glyph
            size: 12
            tint: root.tint
            visible: root.glyph !== ""
        }

        PlainLabel {
            anchors.verticalCenter: parent.verticalCenter
            text: root.text
            color: root.hovered ? Theme.text : Theme.text2
            font.family: root.code ? Theme.mono : Theme.sans
            font.pixelSize: Theme.metaSize
            font.preferShaping: !root.code
            textFormat: Text.PlainText
        }
    }
    background: Rectangle {
        radius: Theme.chipRadius
        color: root.down || root.hovered ? Theme.hover : "transparent"

        FocusRing {
            shown: root.visualFocus
            radius: Theme.chipRadius
        }
    }

    Keys.onReturnPressed: root.clicked()
    Keys.onEnterPressed: root.clicked()
}
