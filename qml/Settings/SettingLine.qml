// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// One setting: what it is, its value, and who says so. The value comes into force with Return or the button, never
// while it is typed.
Item {
    id: root

    required property int index
    required property string key
    required property int group
    required property string title
    required property string hint
    required property list<string> choices
    required property string value
    required property string problem
    required property bool changed
    required property bool editable
    required property bool stored
    required property string source
    required property string note

    signal typed(string value)
    signal saveWanted
    signal revertWanted
    signal takeBackWanted

    implicitHeight: Math.max(words.height, side.height) + 2 * Theme.space3
    Accessible.role: Accessible.Grouping
    Accessible.name: root.title

    Column {
        id: words

        y: Theme.space3
        width: Math.min(300, root.width * 0.42)
        spacing: 3

        PlainLabel {
            width: parent.width
            text: root.title
            font.weight: Font.Medium
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: parent.width
            visible: root.hint !== ""
            text: root.hint
            color: Theme.text3
            font.pixelSize: Theme.secondarySize
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
        }

        CodeText {
            width: parent.width
            text: root.key
            color: Theme.text3
            font.pixelSize: Theme.metaSize
            elide: Text.ElideRight
            textFormat: Text.PlainText
        }
    }

    Column {
        id: side

        anchors.left: words.right
        anchors.leftMargin: Theme.space5
        anchors.right: parent.right
        y: Theme.space3
        spacing: 5

        SettingField {
            width: parent.width
            title: root.title
            choices: root.choices
            value: root.value
            editable: root.editable
            wrong: root.problem !== ""
            changed: root.changed
            onTyped: value => root.typed(value)
            onSaveWanted: root.saveWanted()
            onRevertWanted: root.revertWanted()
        }

        PlainLabel {
            width: parent.width
            visible: root.problem !== ""
            text: root.problem
            color: Theme.failure
            font.pixelSize: Theme.secondarySize
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
            Accessible.role: Accessible.AlertMessage
            Accessible.name: root.problem
            Accessible.ignored: root.problem === ""
        }

        Row {
            width: parent.width
            spacing: Theme.space2

            PlainLabel {
                width: Math.min(implicitWidth, parent.width - (back.visible ? back.width + parent.spacing : 0))
                anchors.verticalCenter: parent.verticalCenter
                text: root.note === "" ? root.source : qsTr("%1 · %2").arg(root.source).arg(root.note)
                color: root.note === "" ? Theme.text3 : Theme.modify
                font.pixelSize: Theme.secondarySize
                elide: Text.ElideMiddle
                textFormat: Text.PlainText
            }

            PushButton {
                id: back

                visible: root.stored
                glyph: "undo"
                text: qsTr("Take back")
                Accessible.name: qsTr("Take back what was made here: %1").arg(root.title)
                onClicked: root.takeBackWanted()
            }
        }
    }

    Rule {
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
