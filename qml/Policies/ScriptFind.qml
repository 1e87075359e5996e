// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// Words to find in a script.
FocusScope {
    id: root

    readonly property string words: field.text

    signal wanted(bool backward)
    signal closed

    function begin() {
        field.forceActiveFocus(Qt.ShortcutFocusReason);
        field.selectAll();
    }

    implicitHeight: 30
    Keys.onEscapePressed: root.closed()

    Row {
        spacing: Theme.space2

        LineField {
            id: field

            objectName: "scriptFind"
            width: Math.min(260, root.width - 120)
            code: true
            placeholderText: qsTr("Find in the script")
            Accessible.name: qsTr("Words to find in the script")
            onTextEdited: root.wanted(false)
            Keys.onReturnPressed: event => root.wanted((event.modifiers & Qt.ShiftModifier) !== 0)
            Keys.onShortcutOverride: event => event.accepted = event.key === Qt.Key_F3
            Keys.onPressed: event => {
                event.accepted = event.key === Qt.Key_F3;
                if (event.accepted)
                    root.wanted((event.modifiers & Qt.ShiftModifier) !== 0);
            }
        }

        PushButton {
            text: qsTr("Next")
            onClicked: root.wanted(false)
        }

        PushButton {
            glyph: "cross"
            quiet: true
            Accessible.name: qsTr("Close the search")
            onClicked: root.closed()
        }
    }
}
