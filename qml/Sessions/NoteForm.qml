// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

FocusScope {
    id: root

    required property string draft

    signal typed(string text)
    signal abandoned
    signal kept

    implicitHeight: words.implicitHeight
    focus: true
    Accessible.role: Accessible.Dialog
    Accessible.name: title.text

    Column {
        id: words

        width: parent.width
        spacing: Theme.space3

        PlainLabel {
            id: title

            text: qsTr("Note")
            font.pixelSize: Theme.titleSize
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
        }

        LinesField {
            width: parent.width
            focus: true
            name: qsTr("Note")
            text: root.draft
            leastLines: 5
            placeholderText: qsTr("What is worth knowing about this session")
            onTyped: text => root.typed(text)
        }

        Row {
            spacing: Theme.space2

            PushButton {
                primary: true
                text: qsTr("Keep the note")
                onClicked: root.kept()
            }

            PushButton {
                text: qsTr("Cancel")
                onClicked: root.abandoned()
            }
        }
    }
}
