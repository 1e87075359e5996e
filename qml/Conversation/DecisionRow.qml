// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What a policy said, where it said it: who and what, why, where it was found, and what the agent reads instead. Under a
// tool call it is the lower part of its card.
RowItem {
    id: root

    required property int tone
    required property bool first
    required property bool last
    required property bool joined
    required property string glyph
    required property string title
    required property string body
    required property string detail
    required property string matched
    required property list<int> marks
    required property string received
    required property string receivedLabel
    required property int comparison

    readonly property bool watching: root.tone === Block.Watching
    readonly property color tint: root.tone === Block.Blocked ? Theme.block : root.tone === Block.Changed || root.tone === Block.Warning ? Theme.modify : root.watching ? Theme.hold : Theme.allow
    readonly property bool ends: root.last && !root.joined
    readonly property bool isCompared: root.comparison === Block.Inline || root.comparison === Block.Beside

    /// Show what was judged beside what left, as a value of Block.Comparison.
    signal compareWanted(int comparison)

    implicitHeight: Math.ceil(words.y + words.height + Theme.space3 + (root.ends ? 4 : 0))
    Accessible.role: Accessible.StaticText
    Accessible.name: root.detail + ". " + root.title + ". " + root.body + (root.received === "" ? "" : " " + agentLabel.text + " " + root.received)

    CardSlice {
        anchors.fill: parent
        anchors.leftMargin: 56
        anchors.rightMargin: Theme.space5
        anchors.topMargin: root.first ? 4 : 0
        anchors.bottomMargin: root.ends ? 4 : 0
        first: root.first
        last: root.ends
    }

    Glyph {
        x: 56 + Theme.space3
        y: words.y + 1
        name: root.glyph
        size: 15
        tint: root.tint
    }

    Column {
        id: words

        x: 56 + Theme.space3 + 25
        y: root.first ? 4 + Theme.space3 : 2
        width: root.width - words.x - Theme.space5 - Theme.space3
        spacing: 6

        PlainLabel {
            width: parent.width
            text: root.title
            color: root.tint
            wrapMode: Text.Wrap
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
        }

        SelectableText {
            width: parent.width
            visible: root.body !== ""
            text: root.body
            color: Theme.text2
        }

        Rectangle {
            width: parent.width
            height: found.height + 2 * Theme.space2
            visible: root.matched !== "" && !root.isCompared
            radius: Theme.controlRadius
            color: Theme.inset
            border.color: Theme.line

            SelectableText {
                id: found

                x: 10
                y: Theme.space2
                width: parent.width - 20
                text: root.matched
                marks: root.marks
                markColor: root.watching ? Theme.hold : Theme.block
                markFill: root.watching ? Theme.holdSoft : Theme.blockSoft
                color: Theme.text2
                wrapMode: TextEdit.WrapAnywhere
                lineHeight: Theme.codeLineHeight
                font.family: Theme.mono
                font.pixelSize: Theme.codeSize
                font.preferShaping: false
            }
        }

        Item {
            width: parent.width
            height: agentText.height
            visible: root.received !== "" && !root.isCompared

            PlainLabel {
                id: agentLabel

                text: root.receivedLabel
                elide: Text.ElideRight
                maximumLineCount: 1
                color: Theme.text3
                font.pixelSize: Theme.secondarySize
                textFormat: Text.PlainText
            }

            SelectableText {
                id: agentText

                anchors.left: agentLabel.right
                anchors.leftMargin: Theme.space2
                anchors.right: parent.right
                text: root.received
                color: Theme.text
                wrapMode: TextEdit.WrapAtWordBoundaryOrAnywhere
                font.family: Theme.mono
                font.pixelSize: Theme.codeSize
                font.preferShaping: false
            }
        }

        Row {
            visible: root.comparison !== Block.None
            spacing: Theme.space2

            PushButton {
                glyph: root.comparison === Block.Inline ? "chevron-down" : "chevron-right"
                text: qsTr("What changed")
                Accessible.checkable: true
                Accessible.checked: root.comparison === Block.Inline
                onClicked: root.compareWanted(root.comparison === Block.Inline ? Block.Closed : Block.Inline)
            }

            PushButton {
                glyph: root.comparison === Block.Beside ? "chevron-down" : "chevron-right"
                text: qsTr("Side by side")
                Accessible.checkable: true
                Accessible.checked: root.comparison === Block.Beside
                onClicked: root.compareWanted(root.comparison === Block.Beside ? Block.Closed : Block.Beside)
            }
        }
    }
}
