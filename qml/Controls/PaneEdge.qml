// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Desktop
import Luthien.Theme

// The edge of a pane, to be dragged or moved with the arrows; the pane takes its width from here. A double click, or
// Return, gives it back its usual width.
Item {
    id: root

    required property WindowState kept
    /// Under which the width is kept; never shown.
    required property string pane
    /// Of the pane, for people.
    required property string name
    required property int standard
    property int least: 200
    property int most: 800
    /// The pane lies right of its edge.
    property bool paneIsRight: false
    readonly property int paneWidth: Math.max(root.least, Math.min(root.most, root.wanted))
    property int wanted: root.kept.paneWidth(root.pane, root.standard)

    function resize(pixels: real) {
        root.wanted = Math.round(Math.max(root.least, Math.min(root.most, pixels)));
        root.kept.keepPaneWidth(root.pane, root.wanted);
    }

    implicitWidth: 1
    activeFocusOnTab: true
    Accessible.role: Accessible.Splitter
    Accessible.name: qsTr("Width of %1").arg(root.name)
    Accessible.focusable: true
    Keys.onLeftPressed: root.resize(root.paneWidth + (root.paneIsRight ? 16 : -16))
    Keys.onRightPressed: root.resize(root.paneWidth + (root.paneIsRight ? -16 : 16))
    Keys.onReturnPressed: root.resize(root.standard)
    Keys.onEnterPressed: root.resize(root.standard)
    Keys.onPressed: event => {
        event.accepted = event.key === Qt.Key_Home || event.key === Qt.Key_End;
        if (event.accepted)
            root.resize(event.key === Qt.Key_Home ? root.least : root.most);
    }

    Rectangle {
        anchors.centerIn: parent
        width: grip.pressed || root.activeFocus ? 3 : 1
        height: parent.height
        color: grip.pressed || root.activeFocus ? Theme.accent : grip.containsMouse ? Theme.text3 : Theme.line
    }

    MouseArea {
        id: grip

        property real from: 0

        x: -4
        width: 9
        height: parent.height
        hoverEnabled: true
        preventStealing: true
        cursorShape: Qt.SplitHCursor
        onPressed: mouse => grip.from = mouse.x
        onPositionChanged: mouse => {
            if (grip.pressed)
                root.resize(root.paneWidth + (root.paneIsRight ? grip.from - mouse.x : mouse.x - grip.from));
        }
        onDoubleClicked: root.resize(root.standard)
    }
}
