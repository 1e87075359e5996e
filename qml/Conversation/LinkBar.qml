// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Where a link leads, whatever its words say. It is never opened from here; it can be copied.
Rectangle {
    id: root

    required property Clipboard clipboard
    property string address: ""

    function close() {
        root.address = "";
    }

    implicitHeight: Math.max(44, label.implicitHeight + 20)
    visible: root.address !== ""
    radius: Theme.cardRadius
    color: Theme.raised
    border.color: Theme.lineStrong
    Accessible.role: Accessible.Notification
    Accessible.name: qsTr("The link leads to %1").arg(root.address)

    CodeText {
        id: label

        anchors.left: parent.left
        anchors.leftMargin: Theme.space3
        anchors.right: buttons.left
        anchors.rightMargin: Theme.space3
        anchors.verticalCenter: parent.verticalCenter
        text: root.address
        color: Theme.text
        wrapMode: Text.WrapAnywhere
        maximumLineCount: 4
        elide: Text.ElideRight
        textFormat: Text.PlainText
    }

    Row {
        id: buttons

        anchors.right: parent.right
        anchors.rightMargin: Theme.space2
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space1

        PushButton {
            glyph: "copy"
            text: qsTr("Copy address")
            onClicked: {
                root.clipboard.copy(root.address);
                root.close();
            }
        }

        PushButton {
            quiet: true
            glyph: "cross"
            Accessible.name: qsTr("Close")
            onClicked: root.close()
        }
    }
}
