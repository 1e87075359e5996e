// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Templates as T
import Luthien.Theme

// One of a few parts of a list to look at, with how many it holds.
T.RadioButton {
    id: root

    property string count: ""

    implicitWidth: root.implicitContentWidth + root.leftPadding + root.rightPadding
    implicitHeight: 24
    leftPadding: 10
    rightPadding: 10
    focusPolicy: Qt.StrongFocus
    hoverEnabled: true
    checkable: false
    autoExclusive: false
    Accessible.role: Accessible.RadioButton
    Accessible.name: root.count === "" ? root.text : qsTr("%1, %2").arg(root.text).arg(root.count)
    Accessible.checkable: true
    Accessible.checked: root.checked
    Keys.onReturnPressed: root.clicked()
    Keys.onEnterPressed: root.clicked()

    contentItem: Row {
        spacing: 5

        PlainLabel {
            anchors.verticalCenter: parent.verticalCenter
            text: root.text
            color: root.checked ? Theme.accent : Theme.text2
            font.pixelSize: Theme.secondarySize
            font.weight: Font.Medium
            textFormat: Text.PlainText
        }

        PlainLabel {
            anchors.verticalCenter: parent.verticalCenter
            visible: root.count !== ""
            text: root.count
            color: root.checked ? Theme.accent : Theme.text3
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }
    }
    background: Rectangle {
        radius: 12
        color: root.checked ? Theme.selected : root.hovered ? Theme.hover : "transparent"
        border.color: root.checked ? Theme.selected : Theme.lineStrong

        FocusRing {
            anchors.margins: -2
            radius: 14
            shown: root.visualFocus
        }
    }
}
