// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Luthien.Desktop
import Luthien.Theme

// Everything that can be done now, and the newest sessions, found by typing some letters of it.
T.Popup {
    id: root

    required property CommandBook book
    required property SessionTitles sessions

    signal sessionWanted(string sessionId)

    parent: T.Overlay.overlay
    x: root.parent ? Math.round((root.parent.width - root.width) / 2) : 0
    y: root.parent ? Math.round(Math.min(96, root.parent.height * 0.1)) : 0
    width: root.parent ? Math.min(600, root.parent.width - 2 * Theme.space5) : 600
    height: root.implicitContentHeight + 2
    padding: 1
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside

    background: Rectangle {
        radius: Theme.cardRadius
        color: Theme.raised
        border.color: Theme.lineStrong
    }
    contentItem: PaletteView {
        book: root.book
        sessions: root.sessions
        mostHeight: root.parent ? root.parent.height - root.y - Theme.space5 : 400
        onDone: root.close()
        onSessionWanted: sessionId => root.sessionWanted(sessionId)
    }

    T.Overlay.modal: Rectangle {
        color: Theme.dark ? "#66000000" : "#2614171f"
    }
}
