// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Templates as T
import Luthien.Theme

// A question in the middle of the window that has to be answered first; Escape is an answer too.
T.Popup {
    id: root

    parent: T.Overlay.overlay
    x: root.parent ? Math.round((root.parent.width - root.width) / 2) : 0
    y: root.parent ? Math.round((root.parent.height - root.height) / 2) : 0
    width: 440
    height: root.implicitContentHeight + 2 * root.padding
    padding: Theme.space5
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape

    background: Rectangle {
        radius: Theme.cardRadius
        color: Theme.raised
        border.color: Theme.lineStrong
    }

    T.Overlay.modal: Rectangle {
        color: Theme.dark ? "#99000000" : "#4d14171f"
    }
}
