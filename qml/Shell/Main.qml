// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Window
import QtQuick.Templates as T
import Luthien.Controls
import Luthien.Conversation
import Luthien.Desktop
import Luthien.FirstRun
import Luthien.Sessions
import Luthien.Theme

T.ApplicationWindow {
    id: root

    required property SessionsModel sessions
    required property ConversationModel conversation
    required property SelectedSession selected
    required property ProxyStatus proxy
    required property Appearance appearance
    required property Agents agents
    required property Clipboard clipboard

    property string place: "sessions"
    property bool leaving: false
    readonly property bool isFirstRun: root.sessions.loaded && root.sessions.count === 0
    readonly property bool showsConnect: root.place === "connect" || root.isFirstRun

    // A title bar has to find room too.
    width: Math.min(1440, Screen.desktopAvailableWidth)
    height: Math.min(900, Screen.desktopAvailableHeight - 40)
    minimumWidth: 800
    minimumHeight: 480
    visible: true
    title: qsTr("Luthien")
    color: Theme.canvas
    onClosing: close => {
        close.accepted = root.leaving || root.proxy.liveStreams === 0;
        if (!close.accepted)
            question.open();
    }

    NavRail {
        id: rail

        anchors.left: parent.left
        anchors.top: parent.top
        anchors.bottom: status.top
        appearance: root.appearance
        place: root.showsConnect ? "connect" : "sessions"
        onChosen: place => root.place = place
    }

    Rule {
        id: railEdge

        anchors.left: rail.right
        anchors.top: parent.top
        anchors.bottom: status.top
    }

    SessionsPane {
        id: list

        anchors.left: railEdge.right
        anchors.top: parent.top
        anchors.bottom: status.top
        width: Theme.sessionsWidth
        visible: !root.showsConnect
        focus: !root.showsConnect
        sessions: root.sessions
        currentId: root.conversation.sessionId
        onChosen: sessionId => {
            if (sessionId !== root.conversation.sessionId)
                root.conversation.open(sessionId);
        }
    }

    Rule {
        id: listEdge

        anchors.left: list.right
        anchors.top: parent.top
        anchors.bottom: status.top
        visible: list.visible
    }

    ConversationPane {
        anchors.left: listEdge.right
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: status.top
        visible: !root.showsConnect
        conversation: root.conversation
        selected: root.selected
    }

    FirstRunPane {
        anchors.left: railEdge.right
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: status.top
        visible: root.showsConnect
        focus: root.showsConnect
        agents: root.agents
        clipboard: root.clipboard
        proxy: root.proxy
        waiting: root.isFirstRun
    }

    StatusBar {
        id: status

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        proxy: root.proxy
    }

    CloseQuestion {
        id: question

        liveStreams: root.proxy.liveStreams
        onConfirmed: {
            root.leaving = true;
            root.close();
        }
    }

    Binding {
        target: Theme
        property: "dark"
        value: root.appearance.dark
    }
}
