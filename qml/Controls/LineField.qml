// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Templates as T
import Luthien.Theme

// One line of text to type.
T.TextField {
    id: root

    property bool wrong: false
    property bool code: false

    implicitWidth: 240
    implicitHeight: Theme.button + 2
    leftPadding: 9
    rightPadding: 9
    verticalAlignment: TextInput.AlignVCenter
    selectByMouse: true
    color: root.readOnly ? Theme.text2 : Theme.text
    selectionColor: Theme.fill
    selectedTextColor: Theme.textOnFill
    font.family: root.code ? Theme.mono : Theme.sans
    font.pixelSize: root.code ? Theme.codeSize : Theme.controlSize
    font.preferShaping: !root.code
    Accessible.role: Accessible.EditableText

    background: Rectangle {
        radius: Theme.controlRadius
        color: root.readOnly ? Theme.inset : Theme.raised
        border.color: root.wrong ? Theme.failure : root.activeFocus ? Theme.accent : root.readOnly ? Theme.line : Theme.lineStrong
        border.width: root.activeFocus ? 2 : 1

        PlainLabel {
            anchors.fill: parent
            anchors.leftMargin: root.leftPadding
            anchors.rightMargin: root.rightPadding
            verticalAlignment: Text.AlignVCenter
            elide: Text.ElideRight
            visible: root.text === ""
            text: root.placeholderText
            color: Theme.text3
            font: root.font
            textFormat: Text.PlainText
        }
    }
}
