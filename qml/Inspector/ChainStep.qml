// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What one policy of the chain said, and how long it took.
Item {
    id: root

    required property int index
    required property string policy
    required property string title
    required property int tone
    required property string glyph
    required property string word
    required property string reason
    required property string latency
    required property string version
    required property bool silent
    required property string about
    required property string matched
    required property list<int> marks
    required property string received
    required property string receivedLabel
    property bool last: false

    readonly property bool allowed: root.tone === Block.Allowed
    readonly property color tint: root.silent ? Theme.text3 : root.tone === Block.Blocked ? Theme.block : root.tone === Block.Changed || root.tone === Block.Warning ? Theme.modify : root.tone === Block.Watching ? Theme.hold : Theme.allow
    readonly property color fill: root.silent ? Theme.hover : root.tone === Block.Blocked ? Theme.blockSoft : root.tone === Block.Changed || root.tone === Block.Warning ? Theme.modifySoft : root.tone === Block.Watching ? Theme.holdSoft : Theme.allowSoft

    /// Its policy is to be shown.
    signal policyWanted

    implicitHeight: words.y + words.height + 14
    Accessible.role: Accessible.StaticText
    Accessible.name: root.title + ": " + root.word + (root.latency === "" ? "" : ", " + root.latency) + (root.reason === "" ? "" : ". " + root.reason)

    Rectangle {
        x: 9.5
        y: 20
        width: 1
        height: root.height - 20
        visible: !root.last
        color: Theme.lineStrong
    }

    Rectangle {
        width: 20
        height: 20
        radius: 10
        color: root.fill

        Glyph {
            anchors.centerIn: parent
            name: root.silent ? "" : root.glyph
            size: 12
            tint: root.tint
        }

        Rectangle {
            anchors.centerIn: parent
            width: 6
            height: 6
            radius: 3
            color: Theme.text3
            visible: root.silent
        }
    }

    Column {
        id: words

        x: 32
        y: 1
        width: parent.width - 32
        spacing: 4

        Item {
            width: parent.width
            height: name.implicitHeight

            PlainLabel {
                id: name

                width: parent.width - time.width - 10
                text: root.title
                color: root.silent ? Theme.text2 : Theme.text
                elide: Text.ElideRight
                maximumLineCount: 1
                font.weight: root.silent || root.allowed ? Font.Normal : Font.DemiBold
                font.underline: area.containsMouse
                textFormat: Text.PlainText

                MouseArea {
                    id: area

                    anchors.fill: parent
                    hoverEnabled: true
                    cursorShape: Qt.PointingHandCursor
                    onClicked: root.policyWanted()
                }
            }

            CodeText {
                id: time

                anchors.right: parent.right
                anchors.baseline: name.baseline
                text: root.silent ? root.word : root.latency
                color: Theme.text3
                font.family: root.silent ? Theme.sans : Theme.mono
                font.pixelSize: Theme.metaSize
                textFormat: Text.PlainText
            }
        }

        PlainLabel {
            width: parent.width
            visible: !root.silent && !root.allowed
            text: root.about === "" ? root.word : qsTr("%1: %2").arg(root.word).arg(root.about)
            color: root.tint
            elide: Text.ElideRight
            maximumLineCount: 1
            font.pixelSize: Theme.secondarySize
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
        }

        SelectableText {
            width: parent.width
            visible: root.reason !== ""
            text: root.reason
            color: Theme.text2
            font.pixelSize: Theme.secondarySize
        }

        Rectangle {
            width: parent.width
            height: found.height + 12
            visible: root.matched !== ""
            radius: Theme.controlRadius
            color: Theme.raised
            border.color: Theme.line

            SelectableText {
                id: found

                x: 8
                y: 6
                width: parent.width - 16
                text: root.matched
                marks: root.marks
                markColor: root.tint
                markFill: root.fill
                color: Theme.text2
                wrapMode: TextEdit.WrapAnywhere
                font.family: Theme.mono
                font.pixelSize: Theme.codeSize
                font.preferShaping: false
            }
        }

        PlainLabel {
            width: parent.width
            visible: root.received !== ""
            text: root.receivedLabel
            color: Theme.text3
            font.pixelSize: Theme.metaSize
            textFormat: Text.PlainText
        }

        SelectableText {
            width: parent.width
            visible: root.received !== ""
            text: root.received
            wrapMode: TextEdit.WrapAnywhere
            font.family: Theme.mono
            font.pixelSize: Theme.codeSize
            font.preferShaping: false
        }

        CodeText {
            visible: root.version !== ""
            text: qsTr("version %1").arg(root.version.slice(0, 12))
            color: Theme.text3
            font.pixelSize: Theme.metaSize
            textFormat: Text.PlainText
        }
    }
}
