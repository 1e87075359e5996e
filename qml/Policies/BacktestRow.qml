// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// A call that would have ended otherwise: how it ended, how it would have, and why.
Item {
    id: root

    required property string time
    required property int was
    required property int would
    required property string wasText
    required property string wouldText
    required property string policy
    required property string reason
    property bool current: false

    readonly property list<string> verdicts: ["continue", "replace", "block", "hold"]

    signal chosen
    signal opened

    implicitHeight: 52
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1: %2, would be %3. %4").arg(root.time).arg(root.wasText).arg(root.wouldText).arg(root.reason)
    Accessible.selected: root.current
    Accessible.onPressAction: root.opened()

    Rectangle {
        anchors.fill: parent
        anchors.leftMargin: Theme.space3
        anchors.rightMargin: Theme.space3
        anchors.bottomMargin: 2
        radius: Theme.cardRadius
        color: root.current ? Theme.selected : pointer.hovered ? Theme.hover : "transparent"

        FocusRing {
            radius: Theme.cardRadius
            shown: root.current
        }
    }

    Row {
        id: verdict

        x: Theme.space5
        y: 7
        spacing: Theme.space2

        OutcomeBadge {
            verdict: root.verdicts[root.was]
            label: root.wasText
        }

        Glyph {
            anchors.verticalCenter: parent.verticalCenter
            name: "chevron-right"
            size: 12
            tint: Theme.text3
        }

        OutcomeBadge {
            verdict: root.verdicts[root.would]
            label: root.wouldText
        }
    }

    PlainLabel {
        anchors.left: verdict.right
        anchors.leftMargin: Theme.space3
        anchors.right: show.left
        anchors.rightMargin: Theme.space2
        anchors.verticalCenter: verdict.verticalCenter
        text: root.time
        color: Theme.text3
        elide: Text.ElideRight
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
    }

    PlainLabel {
        anchors.left: verdict.left
        anchors.top: verdict.bottom
        anchors.topMargin: 2
        anchors.right: show.left
        anchors.rightMargin: Theme.space2
        text: root.policy === "" ? root.reason : root.policy + "  ·  " + root.reason
        color: Theme.text2
        elide: Text.ElideRight
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
    }

    PushButton {
        id: show

        anchors.right: parent.right
        anchors.rightMargin: Theme.space5
        anchors.verticalCenter: parent.verticalCenter
        focusPolicy: Qt.NoFocus
        glyph: "sessions"
        Accessible.name: qsTr("Show in the conversation")
        onClicked: root.opened()
    }

    HoverHandler {
        id: pointer
    }

    TapHandler {
        onTapped: root.chosen()
        onDoubleTapped: root.opened()
    }
}
