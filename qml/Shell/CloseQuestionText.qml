// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// What closing would do now, and the two answers.
FocusScope {
    id: root

    required property int liveStreams
    property bool unsaved: false

    signal stayChosen
    signal closeChosen

    implicitHeight: words.implicitHeight
    focus: true
    Accessible.role: Accessible.Dialog
    Accessible.name: title.text

    Column {
        id: words

        width: root.width
        spacing: Theme.space3

        PlainLabel {
            id: title

            text: root.unsaved && root.liveStreams === 0 ? qsTr("Close without saving the policy?") : qsTr("Close while agents are working?")
            font.pixelSize: Theme.titleSize
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: parent.width
            visible: root.liveStreams > 0 || !root.unsaved
            text: root.liveStreams === 0 ? qsTr("The streams have ended meanwhile: closing cuts nothing now.") : qsTr("Streams running through Luthien now: %1. Closing it cuts them, and their agents will see an error; tool calls that wait for a person are denied, and their agents are told so. What was received so far stays recorded.").arg(root.liveStreams)
            color: Theme.text2
            wrapMode: Text.Wrap
            lineHeight: Theme.messageLineHeight
            textFormat: Text.PlainText
        }

        PlainLabel {
            objectName: "unsavedNote"
            width: parent.width
            visible: root.unsaved
            text: qsTr("The changes of the policy in the editor are not saved: closing drops them.")
            color: Theme.text2
            wrapMode: Text.Wrap
            lineHeight: Theme.messageLineHeight
            textFormat: Text.PlainText
        }

        Row {
            spacing: Theme.space2
            topPadding: Theme.space2

            PushButton {
                id: stay

                focus: true
                primary: true
                text: qsTr("Keep running")
                onClicked: root.stayChosen()
                KeyNavigation.right: leave
            }

            PushButton {
                id: leave

                text: root.liveStreams === 0 ? qsTr("Close") : qsTr("Close and cut the streams")
                onClicked: root.closeChosen()
                KeyNavigation.left: stay
            }
        }
    }
}
