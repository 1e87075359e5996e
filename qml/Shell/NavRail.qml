// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The places of the application.
Rectangle {
    id: root

    required property Appearance appearance
    required property Pages pages

    implicitWidth: Theme.railWidth
    color: Theme.rail
    Accessible.role: Accessible.ToolBar
    Accessible.name: qsTr("Places")

    component PlaceButton: NavButton {
        id: button

        required property Page modelData

        objectName: "place." + button.modelData.name
        glyph: button.modelData.glyph
        text: button.modelData.key === "" ? button.modelData.text : qsTr("%1 (%2)").arg(button.modelData.text).arg(button.modelData.key)
        count: button.modelData.count
        current: root.pages.current === button.modelData
        onClicked: root.pages.go(button.modelData.name)
    }

    Column {
        x: 8
        y: 12
        spacing: Theme.space1

        Repeater {
            model: Array.from(root.pages.list).filter(page => !page.atBottom)
            delegate: PlaceButton {
            }
        }
    }

    Column {
        x: 8
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 12
        spacing: Theme.space1

        NavButton {
            glyph: root.appearance.scheme === Appearance.System ? "display" : root.appearance.dark ? "moon" : "sun"
            text: root.appearance.scheme === Appearance.System ? qsTr("Appearance: as the desktop") : root.appearance.dark ? qsTr("Appearance: dark") : qsTr("Appearance: light")
            onClicked: root.appearance.switchScheme()
        }

        Repeater {
            model: Array.from(root.pages.list).filter(page => page.atBottom)
            delegate: PlaceButton {
            }
        }
    }
}
