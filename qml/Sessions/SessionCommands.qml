// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Desktop

// What can be done with sessions, for the palette and the list of keys.
Item {
    id: root

    required property CommandBook book
    required property SessionsPane pane
    property bool shown: true

    component Doing: Command {
        book: root.book
        group: qsTr("Sessions")
        enabled: root.shown
    }

    // The list takes them while it has the keyboard.
    component ListKey: Command {
        book: root.book
        group: qsTr("Sessions")
        onlyKeys: true
    }

    Doing {
        name: "session.pin"
        text: qsTr("Pin or unpin the selected sessions")
        onTriggered: root.pane.pin()
    }

    Doing {
        name: "session.rename"
        text: qsTr("Rename the selected session")
        onTriggered: root.pane.rename()
    }

    Doing {
        name: "session.note"
        text: qsTr("Write a note about the selected sessions")
        onTriggered: root.pane.takeNote()
    }

    Doing {
        name: "session.delete"
        text: qsTr("Delete the selected sessions")
        onTriggered: root.pane.remove()
    }

    Doing {
        name: "sessions.widen"
        text: qsTr("Show all sessions")
        enabled: root.shown && root.pane.sessions.narrowed
        onTriggered: root.pane.widen()
    }

    Doing {
        name: "sessions.flagged"
        text: qsTr("Show only sessions in which a policy stepped in")
        onTriggered: root.pane.sessions.part = SessionsModel.Flagged
    }

    Doing {
        name: "sessions.live"
        text: qsTr("Show only live sessions")
        onTriggered: root.pane.sessions.part = SessionsModel.Open
    }

    Doing {
        name: "sessions.byDay"
        text: qsTr("Group the sessions by day")
        onTriggered: root.pane.sessions.grouping = SessionsModel.Day
    }

    Doing {
        name: "sessions.byClient"
        text: qsTr("Group the sessions by client")
        onTriggered: root.pane.sessions.grouping = SessionsModel.Client
    }

    ListKey {
        text: qsTr("To the next session, the one before, a page on")
        keys: qsTr("J, K, arrows, Page Up, Page Down, Home, End")
    }

    ListKey {
        text: qsTr("Select several")
        keys: qsTr("Shift with these, Ctrl or Shift with a click")
    }

    ListKey {
        text: qsTr("Pin, rename, note, delete, copy the id")
        keys: qsTr("P, F2, N, Del, Ctrl+C")
    }

    ListKey {
        text: qsTr("Take back what was pinned, renamed or noted")
        keys: "Ctrl+Z"
    }

    ListKey {
        text: qsTr("All that can be done with the selected sessions")
        keys: qsTr("Menu, Shift+F10")
    }
}
