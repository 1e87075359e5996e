// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Window
import QtQuick.Templates as T
import Luthien.Controls
import Luthien.Conversation
import Luthien.Demo
import Luthien.Desktop
import Luthien.FirstRun
import Luthien.Policies
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
    required property PoliciesModel policies
    required property PolicyEditor editor
    required property PendingApprovals approvals
    required property DemoRun demo
    required property SessionExport exporter

    property string place: "sessions"
    property bool leaving: false
    readonly property bool isFirstRun: root.sessions.loaded && root.sessions.count === 0
    /// Before the first session there is nothing but the way to one.
    readonly property string shown: root.place === "sessions" && root.isFirstRun ? "connect" : root.place

    function go(place: string) {
        root.place = place;
        const page = {
            "sessions": list,
            "policies": policiesPage,
            "demo": demoPage,
            "connect": connectPage
        }[root.shown];
        page.forceActiveFocus(Qt.ShortcutFocusReason);
    }

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
        place: root.shown
        onChosen: place => root.go(place)
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
        approvals: root.approvals
    }

    SessionsPane {
        id: list

        anchors.left: railEdge.right
        anchors.top: strip.bottom
        anchors.bottom: status.top
        width: Theme.sessionsWidth
        visible: root.shown === "sessions"
        focus: list.visible
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
        anchors.top: strip.bottom
        anchors.bottom: status.top
        visible: list.visible
    }

    ConversationPane {
        id: conversationPane

        anchors.left: listEdge.right
        anchors.right: parent.right
        anchors.top: strip.bottom
        anchors.bottom: status.top
        visible: list.visible
        conversation: root.conversation
        selected: root.selected
        clipboard: root.clipboard
        exporter: root.exporter
    }

    PoliciesPage {
        id: policiesPage

        anchors.left: railEdge.right
        anchors.right: parent.right
        anchors.top: strip.bottom
        anchors.bottom: status.top
        visible: root.shown === "policies"
        policies: root.policies
        editor: root.editor
    }

    DemoPage {
        id: demoPage

        anchors.left: railEdge.right
        anchors.right: parent.right
        anchors.top: strip.bottom
        anchors.bottom: status.top
        visible: root.shown === "demo"
        demo: root.demo
        policies: root.policies
        onPolicyWanted: policyId => {
            root.go("policies");
            policiesPage.show(policyId);
        }
        onSessionWanted: sessionId => {
            root.conversation.open(sessionId);
            root.go("sessions");
        }
    }

    FirstRunPane {
        id: connectPage

        anchors.left: railEdge.right
        anchors.right: parent.right
        anchors.top: strip.bottom
        anchors.bottom: status.top
        visible: root.shown === "connect"
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
        policies: root.policies
    }

    Repeater {
        model: ["sessions", "policies", "demo", "connect"]
        delegate: Item {
            id: key

            required property int index
            required property string modelData

            Shortcut {
                sequence: "Ctrl+" + (key.index + 1)
                onActivated: root.go(key.modelData)
            }
        }
    }

    // In a field it is a character like others: there it never comes as far as here.
    Shortcut {
        sequence: "/"
        onActivated: root.go("sessions")
    }

    Shortcut {
        sequence: "Ctrl+E"
        enabled: conversationPane.visible
        onActivated: conversationPane.exportSession()
    }

    Shortcut {
        sequence: "F6"
        enabled: root.approvals.waiting
        onActivated: strip.take()
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
