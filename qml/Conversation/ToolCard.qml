// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The head of a tool call or of its result. A result that follows its call goes on in the same card.
FoldRow {
    id: root

    required property int tone
    required property bool last
    required property string glyph
    required property string detail
    required property bool joined
    property bool isResult: false

    readonly property bool begins: !root.joined || !root.isResult
    readonly property bool ends: root.last && (!root.joined || root.isResult)
    readonly property bool isFailure: root.tone === Block.Failure
    readonly property bool isJudged: root.tone === Block.Blocked || root.tone === Block.Watching || root.tone === Block.Allowed || root.tone === Block.Changed || root.tone === Block.Warning

    implicitHeight: Math.ceil(head.y + head.height + (root.ends ? 4 : 0))

    CardSlice {
        anchors.fill: parent
        anchors.leftMargin: 56
        anchors.rightMargin: Theme.space5
        anchors.topMargin: root.begins ? 4 : 0
        anchors.bottomMargin: root.ends ? 4 : 0
        first: root.begins
        last: root.ends
    }

    Item {
        id: head

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: 56 + Theme.space3
        anchors.rightMargin: Theme.space5 + Theme.space3
        y: root.begins ? 4 : 0
        height: Math.max(root.begins ? Theme.toolHead : Theme.joinedHead, name.height, summary.height)

        Glyph {
            id: icon

            anchors.verticalCenter: parent.verticalCenter
            name: root.glyph
            size: 15
            tint: root.isFailure ? Theme.failure : Theme.text2
        }

        PlainLabel {
            id: name

            anchors.left: icon.right
            anchors.leftMargin: 10
            anchors.verticalCenter: parent.verticalCenter
            text: root.begins ? root.title : qsTr("Result")
            elide: Text.ElideRight
            maximumLineCount: 1
            color: root.begins ? Theme.text : Theme.text2
            font.pixelSize: root.begins ? Theme.controlSize : Theme.secondarySize
            font.weight: root.begins ? Font.DemiBold : Font.Medium
            textFormat: Text.PlainText
        }

        CodeText {
            id: summary

            anchors.left: name.right
            anchors.leftMargin: 10
            anchors.right: state.left
            anchors.rightMargin: 10
            anchors.verticalCenter: parent.verticalCenter
            text: root.body
            elide: Text.ElideRight
            maximumLineCount: 1
            textFormat: Text.PlainText
        }

        Row {
            id: state

            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.space2

            Badge {
                anchors.verticalCenter: parent.verticalCenter
                visible: root.isFailure
                glyph: "triangle"
                label: root.detail
                tint: Theme.failure
                fill: Theme.failureSoft
            }

            VerdictBadge {
                anchors.verticalCenter: parent.verticalCenter
                visible: root.isJudged
                tone: root.tone
                label: root.detail
            }

            PlainLabel {
                anchors.verticalCenter: parent.verticalCenter
                visible: !root.isFailure && !root.isJudged && root.detail !== ""
                text: root.detail
                elide: Text.ElideRight
                maximumLineCount: 1
                color: root.tone === Block.Live ? Theme.accent : Theme.text3
                font.pixelSize: Theme.secondarySize
                textFormat: Text.PlainText
            }

            Glyph {
                anchors.verticalCenter: parent.verticalCenter
                visible: root.expandable
                name: root.expanded ? "chevron-down" : "chevron-right"
                size: 12
                tint: Theme.text3
            }
        }
    }
}
