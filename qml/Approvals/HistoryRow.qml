// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// One answer of the past: when, about what, and why; it leads to its place in the conversation and to its rule.
Item {
    id: root

    required property string time
    required property string tool
    required property string summary
    required property int asked
    required property string outcome
    required property string reason
    required property string policy
    required property string sessionId
    required property string ruleId
    property bool current: false
    property bool focused: false

    signal chosen
    signal callWanted
    signal ruleWanted

    implicitHeight: 56
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1, %2: %3, %4, %5").arg(root.time).arg(root.tool).arg(root.summary).arg(root.outcome).arg(root.reason)
    Accessible.selected: root.current
    Accessible.onPressAction: root.callWanted()

    Rectangle {
        anchors.fill: parent
        anchors.leftMargin: Theme.space2
        anchors.rightMargin: Theme.space3
        anchors.bottomMargin: 2
        radius: Theme.cardRadius
        color: root.current ? Theme.selected : pointer.hovered ? Theme.hover : "transparent"

        FocusRing {
            radius: Theme.cardRadius
            shown: root.current && root.focused
        }
    }

    PlainLabel {
        id: when

        x: Theme.space5
        y: 9
        width: 80
        text: root.time
        color: Theme.text3
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
    }

    PlainLabel {
        id: name

        anchors.left: when.right
        anchors.leftMargin: Theme.space3
        anchors.baseline: when.baseline
        width: Math.min(implicitWidth, 180)
        text: root.tool
        elide: Text.ElideRight
        font.weight: Font.Medium
        textFormat: Text.PlainText
    }

    CodeText {
        anchors.left: name.right
        anchors.leftMargin: Theme.space2
        anchors.right: buttons.left
        anchors.rightMargin: Theme.space3
        anchors.baseline: when.baseline
        text: root.summary
        elide: Text.ElideRight
        textFormat: Text.PlainText
    }

    PlainLabel {
        anchors.left: name.left
        anchors.right: buttons.left
        anchors.rightMargin: Theme.space3
        y: 29
        text: root.policy + "  ·  " + root.reason
        color: Theme.text3
        elide: Text.ElideRight
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
    }

    Row {
        id: buttons

        anchors.right: parent.right
        anchors.rightMargin: Theme.space5
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space2

        AnswerBadge {
            anchors.verticalCenter: parent.verticalCenter
            asked: root.asked
            label: root.outcome
        }

        PushButton {
            visible: root.ruleId !== ""
            glyph: "shield"
            text: qsTr("Rule")
            onClicked: root.ruleWanted()
        }

        PushButton {
            visible: root.sessionId !== ""
            glyph: "sessions"
            Accessible.name: qsTr("Show in the conversation")
            onClicked: root.callWanted()
        }
    }

    HoverHandler {
        id: pointer
    }

    TapHandler {
        onTapped: root.chosen()
        onDoubleTapped: root.callWanted()
    }
}
