// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Luthien.Theme

// Closing ends the proxy and with it every stream that runs through it: asked once.
T.Popup {
    id: root

    required property int liveStreams

    signal confirmed

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
    contentItem: CloseQuestionText {
        liveStreams: root.liveStreams
        onStayChosen: root.close()
        onCloseChosen: root.confirmed()
    }

    T.Overlay.modal: Rectangle {
        color: Theme.dark ? "#99000000" : "#4d14171f"
    }
}
