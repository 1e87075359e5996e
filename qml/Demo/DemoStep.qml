// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// One thing that happened in the demonstration.
Item {
    id: root

    required property int step
    required property string title
    required property string body

    readonly property bool stopped: root.step === DemoSteps.ToolStopped

    implicitHeight: Math.max(mark.height, words.y + words.height) + Theme.space3
    Accessible.role: Accessible.StaticText
    Accessible.name: root.title + ": " + root.body

    Rectangle {
        id: mark

        width: 24
        height: 24
        radius: 12
        color: root.stopped ? Theme.blockSoft : Theme.hover

        Glyph {
            anchors.centerIn: parent
            name: ["database", "person", "spark", "spark", "terminal", "barred"][root.step]
            size: 14
            tint: root.stopped ? Theme.block : root.step === DemoSteps.ModelAsked || root.step === DemoSteps.ModelSaid ? Theme.accent : Theme.text2
        }
    }

    Column {
        id: words

        anchors.left: mark.right
        anchors.leftMargin: Theme.space3
        anchors.right: parent.right
        y: 3
        spacing: 4

        PlainLabel {
            width: parent.width
            text: root.title
            color: root.stopped ? Theme.block : Theme.text
            wrapMode: Text.Wrap
            font.weight: Font.Medium
            textFormat: Text.PlainText
        }

        SelectableText {
            readonly property bool isCode: root.step !== DemoSteps.ModelSaid && root.step !== DemoSteps.PersonSaid

            width: parent.width
            visible: root.body !== ""
            text: root.body
            color: Theme.text2
            wrapMode: TextEdit.WrapAtWordBoundaryOrAnywhere
            lineHeight: Theme.messageLineHeight
            font.family: isCode ? Theme.mono : Theme.sans
            font.pixelSize: isCode ? Theme.codeSize : Theme.controlSize
            font.preferShaping: false
        }
    }
}
