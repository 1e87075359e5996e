// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Luthien.Desktop
import Luthien.Theme

// Every key of the window.
T.Popup {
    id: root

    required property CommandBook book

    parent: T.Overlay.overlay
    x: root.parent ? Math.round((root.parent.width - root.width) / 2) : 0
    y: root.parent ? Math.round((root.parent.height - root.height) / 2) : 0
    width: root.parent ? Math.min(640, root.parent.width - 2 * Theme.space5) : 640
    height: root.parent ? Math.min(root.parent.height - 2 * Theme.space5, root.implicitContentHeight + 2) : 480
    padding: 1
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside

    background: Rectangle {
        radius: Theme.cardRadius
        color: Theme.raised
        border.color: Theme.lineStrong
    }
    contentItem: KeysView {
        book: root.book
        onDone: root.close()
    }

    T.Overlay.modal: Rectangle {
        color: Theme.dark ? "#99000000" : "#4d14171f"
    }
}
