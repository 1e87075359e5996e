// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What the draft says about things that are pasted or taken from a session, as it is written.
FocusScope {
    id: root

    required property TestBench bench
    property string sessionId: ""

    PlainLabel {
        id: explanation

        x: Theme.space5
        y: Theme.space3
        width: root.width - 2 * Theme.space5
        text: qsTr("Paste tool calls, texts or requests as JSON, one on each line, or take those of a session. Nothing acts: the draft only says what it would do. A person or a model is never asked.")
        color: Theme.text3
        wrapMode: Text.Wrap
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
    }

    Flow {
        id: tools

        x: Theme.space5
        width: root.width - 2 * Theme.space5
        anchors.top: explanation.bottom
        anchors.topMargin: Theme.space2
        spacing: Theme.space2

        PushButton {
            objectName: "pickSession"
            glyph: "sessions"
            text: root.bench.picking ? qsTr("Reading…") : qsTr("Take those of the open session")
            enabled: root.sessionId !== "" && !root.bench.picking
            opacity: enabled ? 1 : 0.5
            onClicked: root.bench.pick(root.sessionId)
        }

        PushButton {
            objectName: "benchExample"
            glyph: "tool"
            text: qsTr("An example")
            onClicked: root.bench.input = '{"tool": "Bash", "arguments": {"command": "rm -rf build"}}\n{"text": "All done."}\n'
        }
    }

    LinesField {
        id: input

        objectName: "benchInput"
        x: Theme.space5
        anchors.top: tools.bottom
        anchors.topMargin: Theme.space2
        width: root.width - 2 * Theme.space5
        height: Math.round(Math.max(90, Math.min(220, root.height * 0.32)))
        clip: true
        text: root.bench.input
        name: qsTr("What the draft is tried on")
        placeholderText: qsTr("{\"tool\": \"Bash\", \"arguments\": {\"command\": \"ls\"}}")
        onTyped: text => root.bench.input = text
    }

    PlainLabel {
        id: said

        objectName: "benchProblem"
        x: Theme.space5
        anchors.top: input.bottom
        anchors.topMargin: Theme.space2
        width: root.width - 2 * Theme.space5
        height: implicitHeight
        text: root.bench.problem !== "" ? root.bench.problem : root.bench.running ? qsTr("Trying…") : root.bench.count === 0 ? qsTr("Nothing to try yet.") : qsTr("%1 tried").arg(root.bench.count)
        color: root.bench.problem !== "" ? Theme.failure : Theme.text3
        wrapMode: Text.Wrap
        maximumLineCount: 4
        elide: Text.ElideRight
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
        Accessible.role: root.bench.problem !== "" ? Accessible.AlertMessage : Accessible.StaticText
        Accessible.name: said.text
    }

    ListView {
        id: list

        objectName: "benchResults"
        anchors.top: said.bottom
        anchors.topMargin: Theme.space2
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        clip: true
        model: root.bench
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Verdicts of the draft")
        delegate: BenchRow {
            width: list.width
        }

        WheelScroll {
            parent: list
            onScrolled: pixels => list.contentY = Math.max(0, Math.min(list.contentHeight - list.height, list.contentY + pixels))
        }
    }
}
