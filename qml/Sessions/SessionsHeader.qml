// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The name of the pane, how the list is grouped, and the filters that were kept.
Item {
    id: root

    required property SessionsModel sessions
    required property FilterInput input
    required property SavedFilters savedFilters

    implicitHeight: Theme.paneHeader - Theme.space3

    PlainLabel {
        id: heading

        x: 20
        height: parent.height
        verticalAlignment: Text.AlignVCenter
        text: qsTr("Sessions")
        font.pixelSize: Theme.titleSize
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
        Accessible.role: Accessible.Heading
        Accessible.name: heading.text
    }

    Row {
        anchors.right: parent.right
        anchors.rightMargin: Theme.space3
        anchors.verticalCenter: parent.verticalCenter
        spacing: 2

        PushButton {
            id: group

            readonly property bool byClient: root.sessions.grouping === SessionsModel.Client

            objectName: "groupSessions"
            quiet: true
            glyph: group.byClient ? "person" : "clock"
            Accessible.name: group.byClient ? qsTr("Grouped by client; group by day") : qsTr("Grouped by day; group by client")
            onClicked: root.sessions.grouping = group.byClient ? SessionsModel.Day : SessionsModel.Client

            Hint {
                text: group.Accessible.name
                visible: group.hovered || group.visualFocus
            }
        }

        PushButton {
            id: saved

            objectName: "savedFilters"
            quiet: true
            glyph: "bookmark"
            Accessible.name: qsTr("Saved filters")
            onClicked: filters.openAt(saved, saved.width - filters.width, saved.height + 2)

            Hint {
                text: saved.Accessible.name
                visible: saved.hovered || saved.visualFocus
            }
        }
    }

    SavedFiltersMenu {
        id: filters

        input: root.input
        savedFilters: root.savedFilters
    }
}
