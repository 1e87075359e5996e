// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Luthien.Controls
import Luthien.Theme

// Closing ends the proxy and with it every stream that runs through it: asked once.
T.Popup {
    id: root

    required property int liveStreams

    signal confirmed

    parent: T.Overlay.overlay
    x: root.parent ? Math.round((root.parent.width - root.width) / 2) : 0
    y: root.parent ? Math.round((root.parent.height - root.height) / 2) : 0
    width: 420
    height: content.implicitHeight + 2 * Theme.space5
    padding: Theme.space5
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape
    onOpened: stay.forceActiveFocus(Qt.TabFocusReason)

    background: Rectangle {
        radius: Theme.cardRadius
        color: Theme.raised
        border.color: Theme.lineStrong
    }
    contentItem: Column {
        id: content

        spacing: Theme.space3
        Accessible.role: Accessible.Dialog
        Accessible.name: title.text

        PlainLabel {
            id: title

            text: qsTr("Close while agents are working?")
            font.pixelSize: Theme.titleSize
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: parent.width
            text: qsTr("%n stream(s) run through Luthien now. Closing it cuts them; the agents will see an error. What was received so far stays recorded.", "", root.liveStreams)
            color: Theme.text2
            wrapMode: Text.Wrap
            lineHeight: Theme.messageLineHeight
            textFormat: Text.PlainText
        }

        Row {
            spacing: Theme.space2
            topPadding: Theme.space2

            PushButton {
                id: stay

                primary: true
                text: qsTr("Keep running")
                onClicked: root.close()
                KeyNavigation.right: leave
            }

            PushButton {
                id: leave

                text: qsTr("Close and cut the streams")
                onClicked: root.confirmed()
                KeyNavigation.left: stay
            }
        }
    }

    T.Overlay.modal: Rectangle {
        color: Theme.dark ? "#99000000" : "#4d14171f"
    }
}
