// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Theme

// What something that cannot be taken back means, and the two answers.
FocusScope {
    id: root

    required property string question
    required property string explanation
    required property string keepText
    required property string goText
    property string goName: ""

    signal keepChosen
    signal goChosen

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

            width: parent.width
            text: root.question
            wrapMode: Text.Wrap
            font.pixelSize: Theme.titleSize
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: parent.width
            text: root.explanation
            color: Theme.text2
            wrapMode: Text.Wrap
            lineHeight: Theme.messageLineHeight
            textFormat: Text.PlainText
        }

        Row {
            spacing: Theme.space2
            topPadding: Theme.space2

            PushButton {
                id: keep

                focus: true
                primary: true
                text: root.keepText
                onClicked: root.keepChosen()
                KeyNavigation.right: go
            }

            PushButton {
                id: go

                objectName: root.goName
                glyph: "trash"
                text: root.goText
                KeyNavigation.left: keep
                onClicked: root.goChosen()
            }
        }
    }
}
