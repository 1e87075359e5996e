// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Theme

// One session: what it began with, who runs it, how it stands. What finds no room stands in the hint.
Item {
    id: root

    required property string title
    required property string detail
    required property string facts
    required property string time
    required property string status
    required property bool ready
    required property bool live
    required property bool failed
    required property bool pinned
    required property string note
    required property int blocks
    required property int replaces
    required property int holds
    required property int shadows
    property bool current: false
    property bool marked: false
    property bool focused: false
    property bool editing: false

    /// modifiers: Qt.KeyboardModifiers of the press.
    signal chosen(int modifiers)
    signal menuWanted(point at)
    signal labelled(string label)
    signal editingLeft

    implicitHeight: Theme.sessionRow
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1, %2, %3").arg(root.title).arg(root.live ? qsTr("live") : root.status).arg(root.detail)
    Accessible.description: root.facts
    Accessible.selected: root.current || root.marked
    Accessible.onPressAction: root.chosen(Qt.NoModifier)

    /// As many figures as there is room for, each whole: half a number is another number.
    function fitting(width: real): string {
        const parts = root.detail.split(" · ");
        let text = parts[0];
        for (let i = 1; i < parts.length && metrics.advanceWidth(text + " · " + parts[i]) <= width; ++i)
            text += " · " + parts[i];
        return text;
    }

    Rectangle {
        anchors.fill: parent
        anchors.leftMargin: Theme.space2
        anchors.rightMargin: Theme.space2
        anchors.bottomMargin: 2
        radius: Theme.cardRadius
        color: root.current || root.marked ? Theme.selected : pointer.hovered ? Theme.hover : "transparent"
        border.color: root.marked ? Theme.accent : "transparent"

        FocusRing {
            radius: Theme.cardRadius
            shown: root.focused
        }
    }

    Rectangle {
        x: 38
        y: 16
        width: parent.width * 0.5
        height: 10
        radius: 4
        visible: !root.ready
        color: Theme.hover
    }

    Rectangle {
        x: 38
        y: 37
        width: parent.width * 0.3
        height: 8
        radius: 4
        visible: !root.ready
        color: Theme.hover
    }

    Item {
        anchors.fill: parent
        anchors.leftMargin: 20
        anchors.rightMargin: 20
        visible: root.ready

        StatusDot {
            y: 16
            filled: root.live || root.failed
            tint: root.failed && !root.live ? Theme.failure : Theme.allow
        }

        PlainLabel {
            id: name

            x: 18
            y: 11
            width: signs.x - name.x - Theme.space2
            visible: !root.editing
            text: root.title
            elide: Text.ElideRight
            font.weight: Font.Medium
            textFormat: Text.PlainText
            maximumLineCount: 1
        }

        Row {
            id: signs

            anchors.right: when.left
            anchors.rightMargin: root.pinned || root.note !== "" ? 6 : 0
            anchors.verticalCenter: name.verticalCenter
            spacing: 3
            visible: !root.editing

            Glyph {
                name: "note"
                size: 12
                tint: Theme.text3
                visible: root.note !== ""
            }

            Glyph {
                name: "pin"
                size: 12
                tint: Theme.accent
                visible: root.pinned
            }
        }

        PlainLabel {
            id: when

            anchors.right: parent.right
            anchors.baseline: name.baseline
            visible: !root.editing
            text: root.time
            color: Theme.text3
            font.pixelSize: Theme.metaSize
            textFormat: Text.PlainText
        }

        LabelField {
            x: 12
            y: 3
            width: parent.width - 12
            shown: root.editing
            label: root.title
            onAccepted: label => root.labelled(label)
            onAbandoned: root.editingLeft()
        }

        FontMetrics {
            id: metrics

            font: line.font
        }

        PlainLabel {
            id: line

            objectName: "sessionFigures"
            x: 18
            y: 34
            width: decisions.x - 18 - Theme.space2
            text: root.fitting(line.width)
            color: Theme.text3
            elide: Text.ElideRight
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
            maximumLineCount: 1
        }

        Row {
            id: decisions

            anchors.right: parent.right
            y: 35
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

    Hint {
        text: root.facts
        visible: root.ready && pointer.hovered && !root.editing
        x: root.width - Theme.space4
        y: Theme.space2
        delay: 700
    }

    HoverHandler {
        id: pointer
    }

    TapHandler {
        id: tap
        acceptedButtons: Qt.LeftButton
        enabled: !root.editing
        acceptedModifiers: Qt.KeyboardModifierMask
        onTapped: root.chosen(tap.point.modifiers)
    }

    TapHandler {
        acceptedButtons: Qt.RightButton
        acceptedModifiers: Qt.KeyboardModifierMask
        onTapped: eventPoint => root.menuWanted(eventPoint.position)
    }
}
