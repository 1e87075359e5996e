// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Templates as T
import Luthien.Theme

// Yes or no.
T.CheckBox {
    id: root

    implicitWidth: root.implicitContentWidth + root.leftPadding + root.rightPadding
    implicitHeight: 24
    leftPadding: 2
    rightPadding: 6
    hoverEnabled: true
    checkable: false
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.CheckBox
    Accessible.name: root.text
    Accessible.checkable: true
    Accessible.checked: root.checked

    contentItem: Row {
        spacing: 7

        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            width: 16
            height: 16
            radius: Theme.chipRadius
            color: root.checked ? Theme.fill : Theme.raised
            border.color: root.checked ? Theme.fill : root.hovered && root.enabled ? Theme.text3 : Theme.lineStrong
            opacity: root.enabled ? 1 : 0.6

            Glyph {
                anchors.centerIn: parent
                name: "check"
                size: 12
                tint: Theme.textOnFill
                visible: root.checked
            }
        }

        PlainLabel {
            anchors.verticalCenter: parent.verticalCenter
            text: root.text
            color: root.enabled ? Theme.text : Theme.text2
            textFormat: Text.PlainText
        }
    }
    background: Item {
        FocusRing {
            anchors.margins: -2
            shown: root.visualFocus
        }
    }

    Keys.onReturnPressed: root.clicked()
    Keys.onEnterPressed: root.clicked()
}
