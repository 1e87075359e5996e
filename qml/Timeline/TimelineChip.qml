// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Templates as T
import Luthien.Controls
import Luthien.Theme

// A small word on the axis that takes something back.
T.AbstractButton {
    id: root

    property string glyph: ""
    property string hint: ""

    implicitWidth: root.implicitContentWidth + 2 * 6
    implicitHeight: 18
    leftPadding: 6
    rightPadding: 6
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.Button
    Accessible.name: root.hint === "" ? root.text : root.hint + ": " + root.text

    contentItem: Row {
        spacing: Theme.space1

        PlainLabel {
            anchors.verticalCenter: parent.verticalCenter
            text: root.text
            color: Theme.accent
            font.pixelSize: Theme.metaSize
            font.weight: Font.Medium
            textFormat: Text.PlainText
        }

        Glyph {
            anchors.verticalCenter: parent.verticalCenter
            name: root.glyph
            size: 10
            tint: Theme.accent
            visible: root.glyph !== ""
        }
    }
    background: Rectangle {
        radius: Theme.chipRadius
        color: root.hovered || root.down ? Theme.hover : Theme.selected

        FocusRing {
            anchors.margins: -2
            radius: Theme.chipRadius + 2
            shown: root.visualFocus
        }
    }

    Hint {
        visible: root.hovered && root.hint !== ""
        text: root.hint
    }

    Keys.onReturnPressed: root.clicked()
    Keys.onEnterPressed: root.clicked()
}
