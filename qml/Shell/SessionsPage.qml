// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Conversation
import Luthien.Desktop
import Luthien.Inspector
import Luthien.Sessions
import Luthien.Theme
import Luthien.Timeline

// The sessions, and the conversation of the one that is chosen.
FocusScope {
    id: root

    required property WindowParts parts
    property bool inspecting: false
    /// Beside the conversation, or, where there is no room for both, over it.
    readonly property bool isNarrow: root.width - listEdge.paneWidth < 420 + inspectorEdge.paneWidth
    readonly property int inspectorWidth: !root.inspecting ? 0 : root.isNarrow ? Math.max(root.width - listEdge.paneWidth, Math.min(root.width, inspectorEdge.standard)) : inspectorEdge.paneWidth

    signal policyWanted(string policyId)
    signal ruleWanted(string tool)

    function inspect() {
        root.inspecting = !root.inspecting;
        root.inspectCurrent();
        if (root.inspecting)
            inspector.forceActiveFocus(Qt.ShortcutFocusReason);
        else
            conversationPane.forceActiveFocus(Qt.ShortcutFocusReason);
    }

    function inspectCurrent() {
        root.parts.inspected.show(root.inspecting ? root.parts.conversation.currentCallId : "");
    }

    function replay() {
        if (root.parts.conversation.currentCallId !== "")
            root.parts.replay.open(root.parts.conversation.currentCallId);
    }

    function filterNow() {
        list.filterNow();
    }

    function toggleTimeline() {
        conversationPane.aboveShown = !conversationPane.aboveShown;
    }

    function exportSession() {
        conversationPane.exportSession();
    }

    SessionsPane {
        id: list

        anchors.left: parent.left
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        width: listEdge.paneWidth
        focus: true
        sessions: root.parts.sessions
        selection: root.parts.selection
        actions: root.parts.sessionActions
        input: root.parts.sessionFilter
        savedFilters: root.parts.savedFilters
        currentId: root.parts.conversation.sessionId
        onChosen: sessionId => {
            if (sessionId !== root.parts.conversation.sessionId)
                root.parts.conversation.open(sessionId);
        }
        onExportWanted: root.exportSession()
    }

    SessionCommands {
        book: root.parts.commands
        pane: list
        shown: root.visible
    }

    PaneEdge {
        id: listEdge

        kept: root.parts.windowState
        pane: "sessions"
        name: qsTr("the list of sessions")
        standard: Theme.sessionsWidth
        least: 220
        most: Math.max(220, Math.min(560, root.width - 420))
        z: 1
        anchors.left: list.right
        anchors.top: parent.top
        anchors.bottom: parent.bottom
    }

    ConversationPane {
        id: conversationPane

        anchors.left: listEdge.right
        anchors.right: parent.right
        anchors.rightMargin: root.isNarrow ? 0 : root.inspectorWidth
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        conversation: root.parts.conversation
        request: root.parts.request
        above: TimelinePane {
            anchors.left: parent.left
            anchors.right: parent.right
            timeline: root.parts.timeline
            currentCall: root.parts.conversation.currentCallId
            filtered: root.parts.conversation.onlyRange
            onCallChosen: (callId, inRange) => {
                if (inRange)
                    root.parts.conversation.openHere(callId);
                else
                    root.parts.conversation.openAt(root.parts.conversation.sessionId, callId);
            }
            onRangeChosen: (from, to) => root.parts.conversation.showRange(from, to)
            onRangeCleared: root.parts.conversation.showAllTimes()
        }
        selected: root.parts.selected
        clipboard: root.parts.clipboard
        exporter: root.parts.exporter
    }

    PaneEdge {
        id: inspectorEdge

        kept: root.parts.windowState
        pane: "inspector"
        name: qsTr("the inspector")
        standard: Theme.inspectorWidth
        least: 300
        most: Math.max(300, Math.min(720, root.width - listEdge.paneWidth - 420))
        paneIsRight: true
        z: 2
        visible: root.inspecting && !root.isNarrow
        anchors.right: inspector.left
        anchors.top: parent.top
        anchors.bottom: parent.bottom
    }

    InspectorPane {
        id: inspector

        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        width: root.inspectorWidth
        visible: root.inspecting
        call: root.parts.inspected
        clipboard: root.parts.clipboard
        onClosed: root.inspect()
        onPolicyWanted: policyId => root.policyWanted(policyId)
        onRuleWanted: tool => root.ruleWanted(tool)
        onReplayWanted: callId => root.parts.replay.open(callId)
        onResendWanted: callId => root.parts.resend.open(callId)
        onCallWanted: (sessionId, callId) => {
            if (callId === "")
                root.parts.conversation.open(sessionId);
            else
                root.parts.conversation.openAt(sessionId, callId);
        }
    }

    ReplayPane {
        anchors.fill: conversationPane
        visible: root.parts.replay.callId !== ""
        replay: root.parts.replay
        onVisibleChanged: {
            if (visible)
                forceActiveFocus(Qt.OtherFocusReason);
        }
        onClosed: {
            root.parts.replay.close();
            conversationPane.forceActiveFocus(Qt.OtherFocusReason);
        }

        ConversationView {
            anchors.fill: parent
            conversation: root.parts.replay.conversation
            clipboard: root.parts.clipboard
        }
    }

    ResendPane {
        anchors.fill: conversationPane
        visible: root.parts.resend.callId !== ""
        resend: root.parts.resend
        clipboard: root.parts.clipboard
        onVisibleChanged: {
            if (visible)
                forceActiveFocus(Qt.OtherFocusReason);
        }
        onSessionWanted: sessionId => {
            root.parts.resend.close();
            root.parts.conversation.open(sessionId);
        }
        onClosed: {
            root.parts.resend.close();
            conversationPane.forceActiveFocus(Qt.OtherFocusReason);
        }
    }

    Connections {
        target: root.parts.conversation
        function onCurrentCallChanged() {
            if (root.inspecting)
                root.inspectCurrent();
        }
        function onSessionIdChanged() {
            root.parts.replay.close();
        }
    }
}
