// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Under which policies a request is sent again, with which key, and why it was not.
FocusScope {
    id: root

    required property Resend resend
    property bool withDraft: false
    readonly property bool hasDraft: root.resend.draft !== ""

    implicitHeight: column.implicitHeight

    Column {
        id: column

        width: parent.width
        spacing: Theme.space2

        PlainLabel {
            width: parent.width
            visible: root.resend.keyWanted
            text: qsTr("The record holds no key. Give the provider's, or none if the proxy has one for this upstream; it is used for this request and kept nowhere.")
            color: Theme.text2
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
        }

        SegmentedChoice {
            objectName: "resendPolicies"
            visible: root.hasDraft
            words: [qsTr("Policies in force"), qsTr("With the draft")]
            current: root.hasDraft && root.withDraft ? 1 : 0
            name: qsTr("Under")
            onChosen: index => root.withDraft = index === 1
        }

        PlainLabel {
            objectName: "resendUnder"
            width: parent.width
            text: root.hasDraft ? qsTr("The draft of %1 counts for this request alone, in the place it would have, and is enforced, whatever its mode.").arg(root.resend.draft) : qsTr("Under the policies in force. To try a change first, make it on the page Policies and come back before saving it.")
            color: Theme.text2
            font.pixelSize: Theme.secondarySize
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
        }

        Row {
            spacing: Theme.space2

            LineField {
                id: key

                objectName: "resendKey"
                visible: root.resend.keyWanted
                width: Math.min(360, column.width - send.width - stop.width - 2 * Theme.space2)
                echoMode: TextInput.Password
                inputMethodHints: Qt.ImhHiddenText | Qt.ImhSensitiveData | Qt.ImhNoPredictiveText
                placeholderText: qsTr("Key of the provider")
                Accessible.name: qsTr("Key of the provider")
                Accessible.passwordEdit: true
                onAccepted: {
                    if (send.enabled)
                        send.clicked();
                }
            }

            PushButton {
                id: send

                objectName: "sendAgain"
                focus: true
                primary: true
                glyph: "reply"
                enabled: root.resend.ready
                text: root.resend.running ? qsTr("Sending…") : qsTr("Send")
                onClicked: {
                    root.resend.send(key.text, root.hasDraft && root.withDraft ? Resend.WithDraft : Resend.InForce);
                    key.clear();
                }
            }

            // A person, or the provider, may let a call wait for minutes.
            PushButton {
                id: stop

                objectName: "stopSending"
                visible: root.resend.running
                glyph: "cross"
                text: qsTr("Stop")
                onClicked: root.resend.stop()
            }
        }

        PlainLabel {
            width: parent.width
            visible: root.resend.problem !== ""
            text: root.resend.problem
            color: Theme.block
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
        }
    }
}
