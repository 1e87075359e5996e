// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Theme

// One session: what it began with, who runs it, how it stands.
Item {
    id: root

    required property string sessionId
    required property string title
    required property string client
    required property string calls
    required property string time
    required property bool ready
    required property bool live
    required property bool failed
    required property int blocks
    required property int replaces
    required property int holds
    required property int shadows
    property bool current: false
    property bool focused: false

    signal chosen

    implicitHeight: Theme.sessionRow
    Accessible.role: Accessible.ListItem
    Accessible.name: root.live ? qsTr("%1, live, %2, %3").arg(root.title).arg(root.client).arg(root.calls) : qsTr("%1, %2, %3").arg(root.title).arg(root.client).arg(root.calls)
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

    Item {
        anchors.fill: parent
        anchors.leftMargin: 20
        anchors.rightMargin: 20
        visible: root.ready

        StatusDot {
            y: 18
            filled: root.live || root.failed
            tint: root.failed && !root.live ? Theme.failure : Theme.allow
        }

        PlainLabel {
            id: name

            x: 18
            y: 11
            width: when.x - name.x - Theme.space3
            text: root.title
            elide: Text.ElideRight
            font.weight: Font.Medium
            textFormat: Text.PlainText
            maximumLineCount: 1
        }

        PlainLabel {
            id: when

            anchors.right: parent.right
            anchors.baseline: name.baseline
            text: root.time
            color: Theme.text3
            font.pixelSize: Theme.metaSize
            textFormat: Text.PlainText
        }

        PlainLabel {
            x: 18
            y: 33
            width: decisions.x - 18 - Theme.space2
            text: root.client + "  ·  " + root.calls
            color: Theme.text3
            elide: Text.ElideRight
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
            maximumLineCount: 1
        }

        Row {
            id: decisions

            anchors.right: parent.right
            y: 34
            spacing: Theme.space2

            DecisionCount {
                glyph: "barred"
                tint: Theme.block
                count: root.blocks
                meaning: qsTr("blocked")
            }

            DecisionCount {
                glyph: "pen"
                tint: Theme.modify
                count: root.replaces
                meaning: qsTr("modified")
            }

            DecisionCount {
                glyph: "pause"
                tint: Theme.hold
                count: root.holds
                meaning: qsTr("held")
            }

            DecisionCount {
                glyph: "eye"
                tint: Theme.hold
                count: root.shadows
                meaning: qsTr("would have been stopped or changed")
            }
        }
    }

    HoverHandler {
        id: pointer
    }

    TapHandler {
        onTapped: root.chosen()
    }
}
