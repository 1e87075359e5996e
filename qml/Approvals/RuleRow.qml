// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// One answer that goes on counting: word for word what it does, how often it has, how long it will, and the way to take
// it back.
Rectangle {
    id: root

    required property int index
    required property string ruleId
    required property string text
    required property bool allows
    required property string reach
    required property string message
    required property string end
    required property string uses
    required property string made
    required property string callId
    required property string sessionId
    property bool current: false
    property bool focused: false
    property string preview: ""

    signal chosen
    signal revoked
    signal callWanted

    implicitHeight: content.height + 2 * Theme.space3
    radius: Theme.cardRadius
    color: root.current ? Theme.selected : Theme.raised
    border.color: root.current ? Theme.accent : Theme.line
    objectName: "rule." + root.ruleId
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1, %2, %3").arg(root.text).arg(root.end).arg(root.uses)
    Accessible.selected: root.current
    Accessible.onPressAction: root.chosen()

    FocusRing {
        radius: Theme.cardRadius
        shown: root.current && root.focused
    }

    TapHandler {
        onTapped: root.chosen()
    }

    Glyph {
        x: Theme.space3
        y: Theme.space3 + 1
        name: root.allows ? "check" : "barred"
        size: 15
        tint: root.allows ? Theme.allow : Theme.block
    }

    Column {
        id: content

        x: Theme.space3 + 25
        y: Theme.space3
        width: root.width - content.x - Theme.space3 - buttons.width - Theme.space3
        spacing: 4

        PlainLabel {
            width: parent.width
            text: root.text
            wrapMode: Text.WrapAtWordBoundaryOrAnywhere
            maximumLineCount: root.current ? 60 : 4
            elide: Text.ElideRight
            font.weight: Font.Medium
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: parent.width
            text: root.reach + (root.message === "" ? "" : qsTr(". The agent is told: %1").arg(root.message))
            color: Theme.text2
            wrapMode: Text.WrapAtWordBoundaryOrAnywhere
            maximumLineCount: 4
            elide: Text.ElideRight
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: parent.width
            text: qsTr("%1  ·  made %2  ·  %3").arg(root.end).arg(root.made).arg(root.uses)
            color: Theme.text3
            wrapMode: Text.Wrap
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }

        PlainLabel {
            objectName: "rulePreview"
            width: parent.width
            visible: root.preview !== ""
            text: root.preview
            color: Theme.text2
            wrapMode: Text.WrapAnywhere
            maximumLineCount: 6
            elide: Text.ElideRight
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }
    }

    Row {
        id: buttons

        anchors.right: parent.right
        anchors.rightMargin: Theme.space3
        y: Theme.space3 - 4
        spacing: Theme.space2

        PushButton {
            visible: root.sessionId !== ""
            glyph: "sessions"
            Accessible.name: qsTr("Show where it was made")
            onClicked: root.callWanted()
        }

        PushButton {
            objectName: "revoke." + root.ruleId
            glyph: "undo"
            text: qsTr("Take back")
            Accessible.name: qsTr("Take back: %1").arg(root.text)
            onClicked: root.revoked()
        }
    }
}
