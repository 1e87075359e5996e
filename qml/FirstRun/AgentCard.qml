// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Theme

// One agent and the exact text that points it at the proxy.
Rectangle {
    id: root

    required property string name
    required property string where
    required property string snippet
    property bool copied: false

    signal copyRequested

    implicitHeight: snippetBox.y + snippetBox.height + Theme.space3
    radius: Theme.cardRadius
    color: Theme.raised
    border.color: Theme.line

    PlainLabel {
        id: title

        x: Theme.space4
        y: Theme.space3
        text: root.name
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
    }

    PlainLabel {
        anchors.left: title.right
        anchors.leftMargin: Theme.space2
        anchors.baseline: title.baseline
        text: root.where
        color: Theme.text3
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
    }

    Rectangle {
        id: snippetBox

        x: Theme.space3
        y: title.y + title.height + Theme.space2
        width: root.width - 2 * Theme.space3
        height: Math.max(40, code.implicitHeight + 2 * Theme.space3)
        radius: Theme.controlRadius
        color: Theme.inset
        border.color: Theme.line

        TextEdit {
            id: code

            anchors.left: parent.left
            anchors.right: copy.left
            anchors.verticalCenter: parent.verticalCenter
            anchors.leftMargin: Theme.space3
            anchors.rightMargin: Theme.space3
            text: root.snippet
            textFormat: TextEdit.PlainText
            readOnly: true
            selectByMouse: true
            wrapMode: TextEdit.WrapAnywhere
            color: Theme.text
            selectionColor: Theme.fill
            selectedTextColor: Theme.textOnFill
            font.family: Theme.mono
            font.pixelSize: Theme.codeSize
            font.preferShaping: false
            Accessible.role: Accessible.EditableText
            Accessible.readOnly: true
            Accessible.name: qsTr("Text for %1").arg(root.name)
        }

        PushButton {
            id: copy

            anchors.right: parent.right
            anchors.top: parent.top
            anchors.margins: 6
            glyph: root.copied ? "check" : "copy"
            text: root.copied ? qsTr("Copied") : qsTr("Copy")
            Accessible.name: qsTr("Copy the text for %1").arg(root.name)
            onClicked: {
                root.copyRequested();
                root.copied = true;
                reset.restart();
            }
        }
    }

    Timer {
        id: reset

        interval: 2000
        onTriggered: root.copied = false
    }
}
