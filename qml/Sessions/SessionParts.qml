// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop

// Which part of the sessions is shown.
Row {
    id: root

    required property SessionsModel sessions

    function choose(part: int) {
        root.sessions.part = part;
    }

    spacing: 6
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Sessions to show")

    Chip {
        objectName: "part.all"
        text: qsTr("All")
        count: root.sessions.countText
        checked: root.sessions.part === SessionsModel.All
        onClicked: root.choose(SessionsModel.All)
    }

    Chip {
        objectName: "part.live"
        text: qsTr("Live")
        count: root.sessions.openText
        checked: root.sessions.part === SessionsModel.Open
        onClicked: root.choose(SessionsModel.Open)
    }

    Chip {
        objectName: "part.flagged"
        text: qsTr("Flagged")
        count: root.sessions.flaggedText
        checked: root.sessions.part === SessionsModel.Flagged
        onClicked: root.choose(SessionsModel.Flagged)
    }
}
