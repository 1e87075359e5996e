// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The places of the application.
Rectangle {
    id: root

    required property Appearance appearance
    property string place: "sessions"

    signal chosen(string place)

    implicitWidth: Theme.railWidth
    color: Theme.rail
    Accessible.role: Accessible.ToolBar
    Accessible.name: qsTr("Places")

    Column {
        x: 8
        y: 12
        spacing: Theme.space1

        NavButton {
            glyph: "sessions"
            text: qsTr("Sessions (Ctrl+1)")
            objectName: "place.sessions"
            current: root.place === "sessions"
            onClicked: root.chosen("sessions")
        }

        NavButton {
            objectName: "place.policies"
            glyph: "shield"
            text: qsTr("Policies (Ctrl+2)")
            current: root.place === "policies"
            onClicked: root.chosen("policies")
        }

        NavButton {
            objectName: "place.demo"
            glyph: "play"
            text: qsTr("Demo (Ctrl+3)")
            current: root.place === "demo"
            onClicked: root.chosen("demo")
        }

        NavButton {
            objectName: "place.connect"
            glyph: "connect"
            text: qsTr("Connect an agent (Ctrl+4)")
            current: root.place === "connect"
            onClicked: root.chosen("connect")
        }
    }

    NavButton {
        x: 8
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 12
        glyph: root.appearance.scheme === Appearance.System ? "display" : root.appearance.dark ? "moon" : "sun"
        text: root.appearance.scheme === Appearance.System ? qsTr("Appearance: as the desktop") : root.appearance.dark ? qsTr("Appearance: dark") : qsTr("Appearance: light")
        onClicked: {
            // As the desktop -> the other one -> the first one -> as the desktop.
            if (root.appearance.scheme === Appearance.System)
                root.appearance.scheme = root.appearance.dark ? Appearance.Light : Appearance.Dark;
            else if (root.appearance.scheme === Appearance.Dark)
                root.appearance.scheme = Appearance.Light;
            else
                root.appearance.scheme = Appearance.System;
        }
    }
}
