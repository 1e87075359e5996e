// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// One call of the list: what it would do, who asks, how long it waits; grey once it is over.
Item {
    id: root

    required property string approvalId
    required property string tool
    required property string summary
    required property string origin
    required property string policy
    required property int asked
    required property string outcome
    required property int secondsLeft
    required property bool clockStands
    property bool current: false
    property bool focused: false

    readonly property bool waits: root.asked === Asked.Waiting
    readonly property string standing: !root.waits ? root.outcome : root.clockStands ? qsTr("stopped") : root.secondsLeft < 120 ? qsTr("%1 s").arg(root.secondsLeft) : qsTr("%1 min").arg(Math.floor(root.secondsLeft / 60))

    signal chosen

    implicitHeight: 68
    objectName: "waiting." + root.approvalId
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1: %2, asked by %3, %4").arg(root.tool).arg(root.summary).arg(root.policy).arg(root.standing)
    Accessible.selected: root.current
    Accessible.onPressAction: root.chosen()

    Rectangle {
        anchors.fill: parent
        anchors.leftMargin: Theme.space2
        anchors.rightMargin: Theme.space2
        anchors.bottomMargin: 2
        radius: Theme.cardRadius
        color: root.current ? Theme.selected : pointer.hovered ? Theme.hover : "transparent"

        FocusRing {
            radius: Theme.cardRadius
            shown: root.current && root.focused
        }
    }

    Glyph {
        x: 20
        y: 13
        name: root.waits ? "pause" : root.asked === Asked.Allowed || root.asked === Asked.Edited ? "check" : root.asked === Asked.Withdrawn ? "undo" : "barred"
        size: 14
        tint: root.waits ? Theme.hold : Theme.text3
    }

    PlainLabel {
        id: name

        x: 42
        y: 10
        width: standing.x - name.x - Theme.space2
        text: root.tool
        color: root.waits ? Theme.text : Theme.text3
        elide: Text.ElideRight
        font.weight: Font.Medium
        textFormat: Text.PlainText
    }

    PlainLabel {
        id: standing

        anchors.right: parent.right
        anchors.rightMargin: 20
        anchors.baseline: name.baseline
        width: Math.min(implicitWidth, root.width * 0.55)
        text: root.standing
        color: root.waits && !root.clockStands && root.secondsLeft <= 10 ? Theme.block : Theme.text3
        elide: Text.ElideRight
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }

    CodeText {
        x: 42
        y: 29
        width: root.width - 62
        text: root.summary
        color: root.waits ? Theme.text2 : Theme.text3
        elide: Text.ElideRight
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }

    PlainLabel {
        x: 42
        y: 46
        width: root.width - 62
        text: root.policy + (root.origin === "" ? "" : "  ·  " + root.origin)
        color: Theme.text3
        elide: Text.ElideRight
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }

    HoverHandler {
        id: pointer
    }

    TapHandler {
        onTapped: root.chosen()
    }
}
