// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Templates as T
import Luthien.Theme

T.AbstractButton {
    id: root

    property string glyph: ""
    property bool primary: false

    implicitWidth: root.implicitContentWidth + root.leftPadding + root.rightPadding
    implicitHeight: Theme.button
    leftPadding: root.text === "" ? 6 : 10
    rightPadding: root.leftPadding
    focusPolicy: Qt.StrongFocus
    hoverEnabled: true
    Accessible.role: Accessible.Button
    Accessible.name: root.text

    contentItem: Row {
        spacing: 6

        Glyph {
            anchors.verticalCenter: parent.verticalCenter
            name: root.glyph
            size: 14
            tint: root.primary ? Theme.textOnFill : Theme.text2
            visible: root.glyph !== ""
        }

        PlainLabel {
            anchors.verticalCenter: parent.verticalCenter
            text: root.text
            color: root.primary ? Theme.textOnFill : Theme.text
            font.pixelSize: Theme.secondarySize
            font.weight: Font.Medium
            textFormat: Text.PlainText
        }
    }
    background: Rectangle {
        radius: Theme.controlRadius
        color: root.primary ? Theme.fill : root.down || root.hovered ? Theme.hover : Theme.raised
        border.color: root.primary ? Theme.fill : Theme.lineStrong

        FocusRing {
            anchors.margins: -3
            radius: Theme.controlRadius + 3
            shown: root.visualFocus
        }
    }

    Keys.onReturnPressed: root.clicked()
    Keys.onEnterPressed: root.clicked()
}
