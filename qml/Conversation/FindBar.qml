// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Words to find in the session.
FocusScope {
    id: root

    required property SessionFind find

    signal closed

    function begin() {
        field.forceActiveFocus(Qt.ShortcutFocusReason);
        field.selectAll();
    }

    function close() {
        root.find.words = "";
        root.closed();
    }

    implicitHeight: 44
    Accessible.role: Accessible.ToolBar
    Accessible.name: qsTr("Find in this session")

    Rectangle {
        anchors.fill: parent
        color: Theme.panel
    }

    Rule {
        anchors.bottom: parent.bottom
        width: parent.width
    }

    Row {
        x: Theme.space5
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space2

        LineField {
            id: field

            objectName: "findField"
            width: Math.min(320, root.width - 340)
            focus: true
            text: root.find.words
            placeholderText: qsTr("Find in this session")
            Accessible.name: qsTr("Words to find in this session")
            onTextEdited: root.find.words = field.text
            Keys.onReturnPressed: event => event.modifiers & Qt.ShiftModifier ? root.find.previous() : root.find.next()
            Keys.onEnterPressed: root.find.next()
            Keys.onEscapePressed: root.close()
        }

        PushButton {
            glyph: "arrow-down"
            text: qsTr("Next")
            enabled: root.find.words !== ""
            onClicked: root.find.next()
        }

        PushButton {
            text: qsTr("Previous")
            enabled: root.find.words !== ""
            onClicked: root.find.previous()
        }

        PlainLabel {
            anchors.verticalCenter: parent.verticalCenter
            text: root.find.status
            color: Theme.text2
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
            Accessible.role: Accessible.StaticText
            Accessible.name: root.find.status
        }
    }

    PushButton {
        anchors.right: parent.right
        anchors.rightMargin: Theme.space3
        anchors.verticalCenter: parent.verticalCenter
        quiet: true
        glyph: "cross"
        Accessible.name: qsTr("Close find")
        onClicked: root.close()
    }
}
