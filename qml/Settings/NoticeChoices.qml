// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What the desktop shows a notice for while one looks elsewhere.
Column {
    id: root

    required property Notices notices

    spacing: Theme.space3

    PlainLabel {
        width: parent.width
        text: root.notices.available ? qsTr("Shown by your desktop, at most one of a kind in five seconds, and not for what is on screen.") : qsTr("Your desktop shows no notices: there is no notification service in this session.")
        color: root.notices.available ? Theme.text2 : Theme.modify
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }

    CheckField {
        text: qsTr("A tool call waits for an answer")
        checked: root.notices.approvals
        onClicked: root.notices.approvals = !root.notices.approvals
    }

    CheckField {
        text: qsTr("A policy blocked something")
        checked: root.notices.blocks
        onClicked: root.notices.blocks = !root.notices.blocks
    }

    CheckField {
        text: qsTr("A reply was cut off")
        checked: root.notices.truncations
        onClicked: root.notices.truncations = !root.notices.truncations
    }
}
