// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Desktop

// What can be done at the places of the window, as far as it has keys that work from elsewhere.
Item {
    id: root

    required property WindowParts parts
    required property Pages pages

    signal answerWanted

    Command {
        book: root.parts.commands
        name: "sessions.filter"
        group: qsTr("Sessions")
        text: qsTr("Filter the sessions")
        keys: "/"
        onTriggered: root.pages.filterSessions()
    }

    Command {
        book: root.parts.commands
        name: "call.inspect"
        group: qsTr("Sessions")
        text: qsTr("Inspect this call, or close the inspector")
        keys: "I"
        enabled: root.pages.current.name === "sessions"
        onTriggered: root.pages.inspect()
    }

    Command {
        book: root.parts.commands
        name: "session.timeline"
        group: qsTr("Sessions")
        text: qsTr("Show or hide the timeline")
        keys: "Shift+W"
        enabled: root.pages.current.name === "sessions"
        onTriggered: root.pages.toggleTimeline()
    }

    Command {
        book: root.parts.commands
        name: "call.replay"
        group: qsTr("Sessions")
        text: qsTr("Replay this call")
        keys: "Shift+R"
        enabled: root.pages.current.name === "sessions"
        onTriggered: root.pages.replay()
    }

    Command {
        book: root.parts.commands
        name: "session.export"
        group: qsTr("Sessions")
        text: qsTr("Export this session")
        keys: "Ctrl+E"
        enabled: root.pages.current.name === "sessions"
        onTriggered: root.pages.exportSession()
    }

    Command {
        book: root.parts.commands
        name: "search.words"
        group: qsTr("Search")
        text: qsTr("Search for words")
        keys: "Ctrl+Shift+F"
        onTriggered: root.pages.searchWords()
    }

    Command {
        book: root.parts.commands
        name: "search.next"
        group: qsTr("Search")
        text: qsTr("To the next text that was found")
        keys: "F3"
        enabled: root.parts.search.count > 0
        onTriggered: root.pages.walkHits(1)
    }

    Command {
        book: root.parts.commands
        name: "search.previous"
        group: qsTr("Search")
        text: qsTr("To the text that was found before")
        keys: "Shift+F3"
        enabled: root.parts.search.count > 0
        onTriggered: root.pages.walkHits(-1)
    }

    Command {
        book: root.parts.commands
        name: "approvals.answer"
        group: qsTr("Approvals")
        text: qsTr("To the tool call that waits")
        keys: "F6"
        enabled: root.parts.approvals.waiting
        onTriggered: root.answerWanted()
    }

    // One key, wherever one is: no rule says yes, and whatever policies ask about waits.
    Command {
        book: root.parts.commands
        name: "approvals.pause"
        group: qsTr("Approvals")
        text: root.parts.approvals.paused ? qsTr("Let rules answer again") : qsTr("Hold whatever policies ask about")
        keys: "F7"
        onTriggered: {
            root.parts.approvals.paused = !root.parts.approvals.paused;
            if (root.parts.approvals.paused)
                root.pages.go("approvals");
        }
    }
}
