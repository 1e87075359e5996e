// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// One call as it runs: who asks whom, what it does now, and its newest line. Grey once it is over.
Item {
    id: root

    required property string callId
    required property string sessionId
    required property string title
    required property string who
    required property string stateText
    required property int tone
    required property string rate
    required property string elapsed
    required property string waiting
    required property string line
    required property bool over
    required property string spoken
    property bool current: false
    property bool focused: false
    readonly property bool narrow: root.width < 720

    readonly property color tint: {
        switch (root.tone) {
        case Block.Person:
            return Theme.hold;
        case Block.Blocked:
            return Theme.block;
        case Block.Failure:
            return Theme.failure;
        case Block.Live:
            return Theme.allow;
        default:
            return Theme.text3;
        }
    }
    readonly property string glyph: root.tone === Block.Person ? "pause" : root.tone === Block.Blocked ? "barred" : root.tone === Block.Failure ? "triangle" : root.over ? "check" : ""

    signal chosen

    Accessible.role: Accessible.ListItem
    Accessible.name: root.spoken
    Accessible.focusable: true
    Accessible.focused: root.focused && root.current
    Accessible.onPressAction: root.chosen()

    Rectangle {
        anchors.fill: parent
        anchors.leftMargin: Theme.space2
        anchors.rightMargin: Theme.space2
        radius: Theme.cardRadius
        color: root.current ? Theme.selected : pointer.hovered ? Theme.hover : "transparent"

        FocusRing {
            radius: Theme.cardRadius
            shown: root.current && root.focused
        }
    }

    Item {
        anchors.fill: parent
        anchors.leftMargin: Theme.space5
        anchors.rightMargin: Theme.space5

        StatusDot {
            y: 15
            filled: !root.over
            tint: root.tint
            visible: root.glyph === ""
        }

        Glyph {
            x: -3
            y: 12
            name: root.glyph
            size: 14
            tint: root.tint
            visible: root.glyph !== ""
        }

        PlainLabel {
            id: name

            x: 18
            y: 9
            width: Math.min(name.implicitWidth, state.x - name.x - Theme.space3 - (root.narrow ? 0 : 220))
            text: root.title
            color: root.over ? Theme.text2 : Theme.text
            elide: Text.ElideRight
            maximumLineCount: 1
            font.weight: Font.Medium
            textFormat: Text.PlainText
        }

        PlainLabel {
            anchors.left: name.right
            anchors.leftMargin: Theme.space3
            anchors.right: state.left
            anchors.rightMargin: Theme.space3
            anchors.baseline: name.baseline
            text: root.who
            color: Theme.text3
            elide: Text.ElideRight
            maximumLineCount: 1
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
            visible: !root.narrow
        }

        PlainLabel {
            id: state

            x: figures.x - state.width - Theme.space4
            anchors.baseline: name.baseline
            width: Math.min(state.implicitWidth, 200)
            text: root.waiting === "" ? root.stateText : qsTr("%1 for %2").arg(root.stateText).arg(root.waiting)
            color: root.tint
            elide: Text.ElideRight
            maximumLineCount: 1
            font.pixelSize: Theme.secondarySize
            font.weight: Font.Medium
            textFormat: Text.PlainText
        }

        Row {
            id: figures

            x: parent.width - figures.width
            y: 10

            PlainLabel {
                width: 84
                horizontalAlignment: Text.AlignRight
                text: root.rate
                color: Theme.text2
                font.pixelSize: Theme.secondarySize
                textFormat: Text.PlainText
            }

            PlainLabel {
                width: 68
                horizontalAlignment: Text.AlignRight
                text: root.elapsed
                color: Theme.text2
                font.pixelSize: Theme.secondarySize
                textFormat: Text.PlainText
            }
        }

        CodeText {
            x: 18
            y: 31
            width: parent.width - 18
            text: root.line
            color: root.over ? Theme.text3 : Theme.text2
            elide: Text.ElideLeft
            maximumLineCount: 1
            textFormat: Text.PlainText
        }
    }

    HoverHandler {
        id: pointer
    }

    TapHandler {
        onTapped: root.chosen()
    }
}
