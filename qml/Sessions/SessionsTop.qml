// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What narrows the list down: the field of the filter and the chips, below the name of the pane.
FocusScope {
    id: root

    required property SessionsModel sessions
    required property FilterInput input
    required property SavedFilters savedFilters

    /// The keyboard goes on to the list.
    signal listWanted

    function filterNow() {
        filter.forceActiveFocus(Qt.ShortcutFocusReason);
    }

    function clear() {
        filter.clear();
    }

    implicitHeight: parts.y + parts.implicitHeight

    SessionsHeader {
        id: header

        anchors.left: parent.left
        anchors.right: parent.right
        sessions: root.sessions
        input: root.input
        savedFilters: root.savedFilters
    }

    FilterField {
        id: filter

        anchors.top: header.bottom
        anchors.left: parent.left
        anchors.leftMargin: Theme.space3
        anchors.right: parent.right
        anchors.rightMargin: Theme.space3
        focus: true
        input: root.input
        name: qsTr("Filter the sessions")
        placeholderText: qsTr("Filter sessions")
        keyHint: "/"
        onLeftDown: root.listWanted()
        Keys.onEscapePressed: root.listWanted()
    }

    SessionParts {
        id: parts

        anchors.top: filter.bottom
        anchors.topMargin: 10
        anchors.left: parent.left
        anchors.leftMargin: Theme.space3
        anchors.right: parent.right
        sessions: root.sessions
    }
}
