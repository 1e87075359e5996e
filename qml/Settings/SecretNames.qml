// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The keys that upstreams can be paid with: their names, never themselves.
Column {
    id: root

    required property KeptSecrets secrets

    spacing: Theme.space3
    onVisibleChanged: {
        if (root.visible)
            root.secrets.refresh();
    }

    PlainLabel {
        width: parent.width
        text: qsTr("An upstream with \"credential: secret:NAME\" is paid with the key of that name. A key that is set here counts when Luthien starts again.")
        color: Theme.text2
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }

    Repeater {
        model: root.secrets.names
        delegate: Item {
            id: secret

            required property string modelData

            width: root.width
            height: 36

            CodeText {
                anchors.verticalCenter: parent.verticalCenter
                text: secret.modelData
                color: Theme.text
                textFormat: Text.PlainText
            }

            PushButton {
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                enabled: !root.secrets.busy
                glyph: "trash"
                text: qsTr("Remove")
                Accessible.name: qsTr("Remove the key %1").arg(secret.modelData)
                onClicked: root.secrets.remove(secret.modelData)
            }

            Rule {
                anchors.bottom: parent.bottom
                width: parent.width
            }
        }
    }

    PlainLabel {
        visible: root.secrets.names.length === 0 && root.secrets.problem === ""
        text: root.secrets.busy ? qsTr("Asking the keychain…") : qsTr("No keys are kept")
        color: Theme.text3
        textFormat: Text.PlainText
    }

    Row {
        spacing: Theme.space2

        LineField {
            id: name

            width: 180
            code: true
            placeholderText: qsTr("Name")
            Accessible.name: qsTr("Name of the key")
        }

        LineField {
            id: key

            width: 240
            code: true
            echoMode: TextInput.Password
            placeholderText: qsTr("Key")
            Accessible.name: qsTr("The key itself; it is not shown")
            Accessible.passwordEdit: true
        }

        PushButton {
            anchors.verticalCenter: parent.verticalCenter
            enabled: !root.secrets.busy && name.text !== "" && key.text !== ""
            opacity: enabled ? 1 : 0.5
            text: qsTr("Keep")
            onClicked: {
                root.secrets.set(name.text, key.text);
                key.clear();
            }
        }
    }

    PlainLabel {
        width: parent.width
        visible: root.secrets.problem !== ""
        text: root.secrets.problem
        color: Theme.failure
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
        Accessible.role: Accessible.AlertMessage
        Accessible.name: root.secrets.problem
    }
}
