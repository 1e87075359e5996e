// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Templates as T
import Luthien.Controls
import Luthien.Theme

// One tab: a word, underlined while its page is shown.
T.TabButton {
    id: root

    property bool current: false

    implicitWidth: root.implicitContentWidth + 2 * 9
    implicitHeight: 38
    leftPadding: 9
    rightPadding: 9
    hoverEnabled: true
    checkable: false
    autoExclusive: false
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.PageTab
    Accessible.name: root.text
    Accessible.selectable: true
    Accessible.selected: root.current

    contentItem: PlainLabel {
        text: root.text
        verticalAlignment: Text.AlignVCenter
        color: root.current || root.hovered ? Theme.text : Theme.text2
        font.weight: root.current ? Font.DemiBold : Font.Normal
        textFormat: Text.PlainText
    }
    background: Item {
        Rectangle {
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.bottom: parent.bottom
            anchors.leftMargin: root.leftPadding
            anchors.rightMargin: root.rightPadding
            height: 2
            color: Theme.accent
            visible: root.current
        }

        FocusRing {
            anchors.margins: 3
            shown: root.visualFocus
        }
    }

    Keys.onReturnPressed: root.clicked()
    Keys.onEnterPressed: root.clicked()
}
