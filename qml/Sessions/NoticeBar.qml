// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What was done to sessions, and the way back; it leaves by itself unless something went wrong.
Rectangle {
    id: root

    required property SessionActions actions
    readonly property bool shown: root.actions.notice !== ""

    implicitHeight: root.shown ? Math.max(36, words.implicitHeight + 2 * Theme.space2) : 0
    visible: root.shown
    color: root.actions.failed ? Theme.failureSoft : Theme.raised
    Accessible.role: Accessible.AlertMessage
    Accessible.name: root.actions.notice

    Rule {
        anchors.top: parent.top
        width: parent.width
        height: 1
    }

    Connections {
        target: root.actions

        function onNoticeChanged() {
            if (lifetime.running)
                lifetime.restart(); // each notice has its own time
        }
    }

    PlainLabel {
        id: words

        anchors.left: parent.left
        anchors.leftMargin: 20
        anchors.right: undo.left
        anchors.rightMargin: Theme.space2
        anchors.verticalCenter: parent.verticalCenter
        text: root.actions.notice
        color: root.actions.failed ? Theme.failure : Theme.text
        font.pixelSize: Theme.secondarySize
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
        Accessible.ignored: true
    }

    PushButton {
        id: undo

        anchors.right: leave.left
        anchors.rightMargin: Theme.space1
        anchors.verticalCenter: parent.verticalCenter
        width: root.actions.undoable ? undo.implicitWidth : 0
        visible: root.actions.undoable
        glyph: "undo"
        text: qsTr("Undo")
        onClicked: root.actions.undo()
    }

    PushButton {
        id: leave

        anchors.right: parent.right
        anchors.rightMargin: Theme.space2
        anchors.verticalCenter: parent.verticalCenter
        quiet: true
        glyph: "cross"
        Accessible.name: qsTr("Close the notice")
        onClicked: root.actions.dismiss()
    }

    Timer {
        id: lifetime

        interval: 10000
        running: root.shown && !root.actions.failed && !undo.hovered && !undo.activeFocus
        onTriggered: root.actions.dismiss()
    }
}
