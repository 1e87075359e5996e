// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What session this is and how it stands.
Item {
    id: root

    required property SelectedSession selected

    readonly property color tint: root.selected.live ? Theme.allow : root.selected.failed ? Theme.failure : Theme.text3

    property int subagents: 0
    property bool agentsShown: false
    /// Only a part of the time is shown.
    property bool partial: false
    readonly property bool isNarrow: root.width < 620

    signal exportWanted
    signal findWanted
    signal agentsToggled
    signal wholeWanted

    implicitHeight: Theme.paneHeader

    PlainLabel {
        id: title

        x: Theme.space5
        y: 12
        width: buttons.x - title.x - Theme.space4
        text: root.selected.title
        elide: Text.ElideRight
        maximumLineCount: 1
        font.pixelSize: Theme.titleSize
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
        Accessible.role: Accessible.Heading
        Accessible.name: title.text
    }

    Row {
        x: Theme.space5
        y: 36
        spacing: Theme.space2

        StatusDot {
            anchors.verticalCenter: parent.verticalCenter
            filled: root.selected.live || root.selected.failed
            tint: root.tint
        }

        PlainLabel {
            text: root.selected.statusText
            color: root.tint
            font.pixelSize: Theme.secondarySize
            font.weight: Font.Medium
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: Math.max(0, Math.min(implicitWidth, buttons.x - parent.x - x - Theme.space3))
            text: root.selected.figures
            elide: Text.ElideRight
            color: Theme.text2
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }
    }

    Row {
        id: buttons

        anchors.right: parent.right
        anchors.rightMargin: Theme.space5
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space2

        PushButton {
            objectName: "showAllTimes"
            visible: root.partial
            glyph: "cross"
            text: root.isNarrow ? "" : qsTr("A part of the time")
            Accessible.name: qsTr("A part of the time is shown: show all of it")
            onClicked: root.wholeWanted()
        }

        PushButton {
            quiet: !root.agentsShown
            visible: root.subagents > 0
            glyph: "sessions"
            text: root.isNarrow ? String(root.subagents) : root.subagents === 1 ? qsTr("1 sub-agent") : qsTr("%1 sub-agents").arg(root.subagents)
            Accessible.name: qsTr("Agents of this session")
            Accessible.checkable: true
            Accessible.checked: root.agentsShown
            onClicked: root.agentsToggled()
        }

        PushButton {
            objectName: "findInSession"
            glyph: "search"
            text: root.isNarrow ? "" : qsTr("Find")
            Accessible.name: qsTr("Find")
            onClicked: root.findWanted()
        }

        PushButton {
            objectName: "exportSession"
            glyph: "export"
            text: root.isNarrow ? "" : qsTr("Export…")
            Accessible.name: qsTr("Export…")
            onClicked: root.exportWanted()
        }
    }

    Rule {
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
