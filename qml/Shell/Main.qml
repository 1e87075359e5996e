// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Window
import QtQuick.Templates as T
import Luthien.Approvals
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

T.ApplicationWindow {
    id: root

    required property WindowParts parts
    property alias place: pages.place
    readonly property list<string> placeNames: Array.from(pages.list, page => page.name)
    property bool leaving: false

    // A title bar has to find room too.
    width: Math.min(1440, Screen.desktopAvailableWidth)
    height: Math.min(900, Screen.desktopAvailableHeight - 40)
    minimumWidth: 800
    minimumHeight: 480
    title: qsTr("Luthien")
    color: Theme.canvas
    onClosing: close => {
        close.accepted = root.leaving || !root.parts.tray.shown && root.parts.proxy.liveStreams === 0 && !root.parts.editor.unsaved;
        if (close.accepted)
            return;
        if (root.parts.tray.shown)
            root.hide();
        else
            question.open();
    }

    /// Ends the program, and with it the proxy; asks first if that would cut streams, or drop changes.
    function quit() {
        if (root.parts.proxy.liveStreams === 0 && !root.parts.editor.unsaved) {
            root.leaving = true;
            Qt.exit(0);
        } else {
            root.show();
            root.raise();
            question.open();
        }
    }

    Connections {
        target: root.parts.tray
        function onQuitWanted() {
            root.quit();
        }
        // What was closed into a tray that is gone could not be reached.
        function onShownChanged() {
            if (!root.parts.tray.shown && !root.visible && !root.leaving)
                root.show();
        }
    }

    Connections {
        target: root.parts.notices
        function onCallWanted(sessionId: string, callId: string) {
            if (sessionId === "")
                pages.go("approvals");
            else
                pages.showCall(sessionId, callId);
        }
    }

    Pages {
        id: pages

        parts: root.parts
    }

    NavRail {
        id: rail

        anchors.left: parent.left
        anchors.top: parent.top
        anchors.bottom: status.top
        appearance: root.parts.appearance
        pages: pages
    }

    Rule {
        id: railEdge

        anchors.left: rail.right
        anchors.top: parent.top
        anchors.bottom: status.top
    }

    ApprovalStrip {
        id: strip

        anchors.left: railEdge.right
        anchors.right: parent.right
        anchors.top: parent.top
        height: strip.shown ? strip.implicitHeight : 0
        approvals: root.parts.approvals
        elsewhere: pages.current.name === "approvals"
        onAllWanted: pages.go("approvals")
    }

    Repeater {
        model: pages.list
        delegate: FocusScope {
            id: place

            required property Page modelData
            readonly property bool current: place.modelData === pages.current
            readonly property bool wanted: place.current || pages.allWanted

            anchors.left: railEdge.right
            anchors.right: parent.right
            anchors.top: strip.bottom
            anchors.bottom: status.top
            visible: place.current
            focus: place.current
            onWantedChanged: place.fill()
            Component.onCompleted: place.fill()

            function fill() {
                if (!place.wanted || place.modelData.item)
                    return;
                pages.make(place.modelData, place);
                if (place.modelData.item)
                    place.modelData.item.focus = true;
            }
        }
    }

    StatusBar {
        id: status

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        proxy: root.parts.proxy
        policies: root.parts.policies
        onProxyWanted: proxyPanel.opened ? proxyPanel.close() : proxyPanel.open()
    }

    ProxyPanel {
        id: proxyPanel

        proxy: root.parts.proxy
        agents: root.parts.agents
        clipboard: root.parts.clipboard
    }

    Commands {
        parts: root.parts
        pages: pages
        onPaletteWanted: palette.open()
        onKeysWanted: keys.open()
        onQuitWanted: root.quit()
    }

    PlaceCommands {
        parts: root.parts
        pages: pages
        onAnswerWanted: strip.elsewhere ? pages.go("approvals") : strip.take()
    }

    // Only in a window that has been in front for a moment is anything answered.
    Binding {
        target: root.parts.approvals
        property: "attended"
        value: root.active
    }

    CommandPalette {
        id: palette

        book: root.parts.commands
        sessions: root.parts.sessionTitles
        onAboutToShow: pages.allWanted = true
        onSessionWanted: sessionId => pages.showSession(sessionId)
    }

    KeysOverlay {
        id: keys

        book: root.parts.commands
        onAboutToShow: pages.allWanted = true
    }

    CloseQuestion {
        id: question

        liveStreams: root.parts.proxy.liveStreams
        unsaved: root.parts.editor.unsaved
        onConfirmed: {
            root.leaving = true;
            Qt.exit(0);
        }
    }

    Binding {
        target: Theme
        property: "dark"
        value: root.parts.appearance.dark
    }
}
