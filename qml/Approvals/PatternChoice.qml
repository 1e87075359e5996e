// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Luthien.Controls
import Luthien.Theme

// Which calls are meant by calls like this one, the narrowest first.
Column {
    id: root

    required property list<string> patterns
    property int current: 0

    signal chosen(int index)

    spacing: 2
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Calls like it")

    Repeater {
        model: root.patterns
        delegate: T.RadioButton {
            id: choice

            required property int index
            required property string modelData

            objectName: root.objectName + "." + choice.index
            width: root.width
            implicitHeight: 24
            leftPadding: 4
            hoverEnabled: true
            checkable: false
            autoExclusive: false
            focusPolicy: Qt.StrongFocus
            checked: choice.index === root.current
            text: choice.modelData
            Accessible.role: Accessible.RadioButton
            Accessible.name: choice.text
            Accessible.checkable: true
            Accessible.checked: choice.checked
            onClicked: root.chosen(choice.index)
            Keys.onReturnPressed: root.chosen(choice.index)
            Keys.onEnterPressed: root.chosen(choice.index)

            contentItem: Row {
                spacing: Theme.space2

                StatusDot {
                    anchors.verticalCenter: parent.verticalCenter
                    tint: Theme.accent
                    filled: choice.checked
                }

                PlainLabel {
                    anchors.verticalCenter: parent.verticalCenter
                    width: choice.width - 28
                    text: choice.text
                    color: choice.checked ? Theme.text : Theme.text2
                    elide: Text.ElideRight
                    font.pixelSize: Theme.secondarySize
                    textFormat: Text.PlainText
                }
            }
            background: Rectangle {
                radius: Theme.chipRadius
                color: choice.hovered ? Theme.hover : "transparent"

                FocusRing {
                    radius: Theme.chipRadius
                    shown: choice.visualFocus
                }
            }
        }
    }
}
