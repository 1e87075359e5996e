// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// How the demonstration ended.
Rectangle {
    id: root

    required property DemoRun demo

    readonly property bool stands: root.demo.outcome === DemoRun.TableStands
    readonly property bool gone: root.demo.outcome === DemoRun.TableGone
    readonly property color tint: root.stands ? Theme.allow : root.gone ? Theme.block : Theme.modify

    signal sessionWanted

    implicitHeight: words.height + 2 * Theme.space4
    radius: Theme.cardRadius
    color: root.stands ? Theme.allowSoft : root.gone ? Theme.blockSoft : Theme.modifySoft
    Accessible.role: Accessible.AlertMessage
    Accessible.name: root.demo.verdict + ". " + root.demo.explanation

    Glyph {
        id: icon

        x: Theme.space4
        y: Theme.space4
        name: root.stands ? "shield" : root.gone ? "barred" : "triangle"
        size: 20
        tint: root.tint
    }

    Column {
        id: words

        anchors.left: icon.right
        anchors.leftMargin: Theme.space3
        anchors.right: parent.right
        anchors.rightMargin: Theme.space4
        y: Theme.space4
        spacing: 6

        PlainLabel {
            width: parent.width
            text: root.demo.verdict
            color: root.tint
            font.pixelSize: Theme.titleSize
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: parent.width
            text: root.demo.explanation
            color: Theme.text
            wrapMode: Text.Wrap
            lineHeight: Theme.messageLineHeight
            textFormat: Text.PlainText
        }

        PushButton {
            objectName: "openDemoSession"
            visible: root.demo.sessionId !== "" && root.demo.outcome !== DemoRun.Failed
            glyph: "sessions"
            text: qsTr("Open the session")
            onClicked: root.sessionWanted()
        }
    }
}
