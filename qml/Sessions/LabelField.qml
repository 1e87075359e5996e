// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls

// The name a person gives a session, written in the place of its title.
LineField {
    id: root

    required property bool shown
    required property string label

    /// Escape, or the keyboard went elsewhere.
    signal abandoned
    signal accepted(string label)

    implicitHeight: 28
    visible: root.shown
    enabled: root.shown
    maximumLength: 200
    placeholderText: qsTr("Name of this session")
    Accessible.name: qsTr("Name of this session")
    onShownChanged: {
        if (!root.shown)
            return;
        root.text = root.label;
        root.selectAll();
        root.forceActiveFocus(Qt.OtherFocusReason);
    }
    onActiveFocusChanged: {
        if (!root.activeFocus && root.shown)
            root.abandoned();
    }
    Keys.onEscapePressed: root.abandoned()
    Keys.onReturnPressed: root.accepted(root.text)
    Keys.onEnterPressed: root.accepted(root.text)
}
