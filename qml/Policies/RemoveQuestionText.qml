// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// What removing means, and the two answers.
FocusScope {
    id: root

    required property string policyId

    signal keepChosen
    signal removeChosen

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
            text: qsTr("Remove the policy %1?").arg(root.policyId)
            wrapMode: Text.Wrap
            font.pixelSize: Theme.titleSize
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: parent.width
            text: qsTr("It judges nothing any more from the next call on. What it decided so far stays recorded.")
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
                text: qsTr("Keep it")
                onClicked: root.keepChosen()
                KeyNavigation.right: remove
            }

            PushButton {
                id: remove

                objectName: "confirmRemove"
                glyph: "trash"
                text: qsTr("Remove")
                KeyNavigation.left: keep
                onClicked: root.removeChosen()
            }
        }
    }
}
