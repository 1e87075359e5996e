// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The ways from where one reads: to the newest, and to what was blocked out of sight.
Item {
    id: root

    required property ConversationModel conversation

    signal newestWanted

    implicitHeight: Theme.button + 2 * Theme.space1

    Rule {
        width: parent.width
    }

    Row {
        anchors.right: parent.right
        anchors.rightMargin: Theme.space5
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space2

        PushButton {
            objectName: "blockAbove"
            visible: root.conversation.blockAbove >= 0
            quiet: true
            glyph: "barred"
            text: qsTr("Blocked above")
            Accessible.name: qsTr("Go up to what was blocked")
            onClicked: root.conversation.cursor.landOn(root.conversation.blockAbove)
        }

        PushButton {
            objectName: "blockBelow"
            visible: root.conversation.blockBelow >= 0
            quiet: true
            glyph: "barred"
            text: qsTr("Blocked below")
            Accessible.name: qsTr("Go down to what was blocked")
            onClicked: root.conversation.cursor.landOn(root.conversation.blockBelow)
        }

        PushButton {
            quiet: true
            glyph: "arrow-down"
            text: qsTr("Jump to newest")
            onClicked: root.newestWanted()
        }
    }
}
