// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What stands in the place of the list while it is empty: it is read, it failed, nothing matches.
Item {
    id: root

    required property SessionsModel sessions
    readonly property bool empty: root.sessions.shownCount === 0
    readonly property bool failed: root.sessions.error !== ""
    readonly property bool reading: root.empty && !root.failed && (!root.sessions.loaded || root.sessions.searching)

    signal wideningWanted

    Column {
        anchors.left: parent.left
        anchors.right: parent.right
        topPadding: Theme.sectionHead
        spacing: 28
        visible: root.reading
        Accessible.role: Accessible.StaticText
        Accessible.name: qsTr("Sessions are being read")

        Repeater {
            model: 6
            delegate: Item {
                id: bone

                required property int index

                width: root.width
                height: 34

                Rectangle {
                    x: 38
                    y: 2
                    width: parent.width * (0.35 + 0.1 * (bone.index % 3))
                    height: 10
                    radius: 4
                    color: Theme.hover
                }

                Rectangle {
                    x: 38
                    y: 22
                    width: parent.width * (0.25 + 0.05 * (bone.index % 2))
                    height: 8
                    radius: 4
                    color: Theme.hover
                }
            }
        }
    }

    Column {
        anchors.centerIn: parent
        width: parent.width - 2 * Theme.space5
        spacing: Theme.space3
        visible: root.failed || (root.empty && !root.reading)

        Glyph {
            anchors.horizontalCenter: parent.horizontalCenter
            name: root.failed ? "triangle" : "sessions"
            size: 22
            tint: root.failed ? Theme.failure : Theme.text3
            visible: root.empty
        }

        PlainLabel {
            width: parent.width
            visible: root.empty
            text: root.failed ? qsTr("The sessions could not be read") : root.sessions.narrowed ? qsTr("No session matches") : qsTr("No sessions yet")
            horizontalAlignment: Text.AlignHCenter
            font.weight: Font.DemiBold
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: parent.width
            visible: root.empty
            text: root.failed ? root.sessions.error : root.sessions.narrowed ? qsTr("None of %1 is what the filter asks for.").arg(root.sessions.countText) : qsTr("They appear here with the first call of an agent.")
            color: Theme.text3
            font.pixelSize: Theme.secondarySize
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
        }

        PushButton {
            anchors.horizontalCenter: parent.horizontalCenter
            visible: root.failed && root.empty
            glyph: "undo"
            text: qsTr("Try again")
            onClicked: root.sessions.retry()
        }

        PushButton {
            anchors.horizontalCenter: parent.horizontalCenter
            visible: root.empty && !root.failed && root.sessions.narrowed
            glyph: "cross"
            text: qsTr("Show all sessions")
            onClicked: root.wideningWanted()
        }
    }
}
