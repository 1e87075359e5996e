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

    signal exportWanted

    implicitHeight: Theme.paneHeader

    PlainLabel {
        id: title

        x: Theme.space5
        y: 12
        width: exportButton.x - title.x - Theme.space4
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
            text: root.selected.figures
            color: Theme.text2
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }
    }

    PushButton {
        id: exportButton

        objectName: "exportSession"
        anchors.right: parent.right
        anchors.rightMargin: Theme.space5
        anchors.verticalCenter: parent.verticalCenter
        glyph: "export"
        text: qsTr("Export…")
        onClicked: root.exportWanted()
    }

    Rule {
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
