// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Looks for a text in the names and values of a tree, and goes from hit to hit.
FocusScope {
    id: root

    required property JsonTreeModel tree

    /// Escape: back to the tree.
    signal closed

    function take() {
        field.forceActiveFocus(Qt.ShortcutFocusReason);
        field.selectAll();
    }

    implicitHeight: 34

    LineField {
        id: field

        anchors.left: parent.left
        anchors.right: count.left
        anchors.rightMargin: count.text === "" ? 0 : 8
        anchors.verticalCenter: parent.verticalCenter
        focus: true
        placeholderText: qsTr("Find in this text")
        Accessible.name: qsTr("Find in this text")
        onTextEdited: later.restart()
        Keys.onReturnPressed: event => root.next(event.modifiers & Qt.ShiftModifier ? -1 : 1)
        Keys.onEnterPressed: event => root.next(event.modifiers & Qt.ShiftModifier ? -1 : 1)
        Keys.onEscapePressed: {
            field.clear();
            root.tree.search("");
            root.closed();
        }
    }

    function next(step: int) {
        if (root.tree.searched === field.text)
            return root.tree.goToHit(step);
        later.stop();
        root.tree.search(field.text);
    }

    PlainLabel {
        id: count

        anchors.right: parent.right
        anchors.rightMargin: 4
        anchors.verticalCenter: parent.verticalCenter
        text: root.tree.hitText
        color: Theme.text3
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }

    // A text of 100 MB is not read again for each letter.
    Timer {
        id: later

        interval: 150
        onTriggered: root.tree.search(field.text)
    }

    Connections {
        target: root.tree
        function onModelReset() {
            field.clear();
        }
    }
}
