// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Approvals
import Luthien.Demo
import Luthien.Desktop
import Luthien.FirstRun
import Luthien.Live
import Luthien.Metrics
import Luthien.Policies
import Luthien.Search
import Luthien.Settings

// Every place of the application, in the order of the rail: the rail, the keys and the window are drawn from this list.
// A page is added by one entry here and its module's name in LUTHIEN_QML_MODULES (CMakeLists.txt).
QtObject {
    id: root

    required property WindowParts parts
    property string place: root.parts.windowState.page
    /// Pages declare what can be done on them: whoever wants to know all of it wants all of them made.
    property bool allWanted: false
    readonly property bool isFirstRun: root.parts.sessions.loaded && root.parts.sessions.count === 0
    /// Before the first session there is nothing but the way to one.
    readonly property Page current: root.place === "sessions" && root.isFirstRun ? connectPage : root.find(root.place) ?? sessionsPage

    readonly property list<Page> list: [
        Page {
            id: sessionsPage

            name: "sessions"
            glyph: "sessions"
            text: qsTr("Sessions")
            key: "Ctrl+1"
            content: SessionsPage {
                parts: root.parts
                onPolicyWanted: policyId => root.showPolicy(policyId)
                onRuleWanted: tool => root.makeRule(tool)
            }
        },
        Page {
            name: "live"
            glyph: "live"
            text: qsTr("Live")
            key: "Ctrl+2"
            content: LivePage {
                calls: root.parts.liveCalls
                onSessionWanted: (sessionId, callId) => root.showCall(sessionId, callId)
            }
        },
        Page {
            id: approvalsPage

            name: "approvals"
            glyph: "inbox"
            text: qsTr("Approvals")
            key: "Ctrl+3"
            count: root.parts.approvals.count
            content: ApprovalsPage {
                approvals: root.parts.approvals
                history: root.parts.answers
                rules: root.parts.approvalRules
                onCallWanted: (sessionId, callId) => root.showCall(sessionId, callId)
            }
        },
        Page {
            id: policiesPage

            name: "policies"
            glyph: "shield"
            text: qsTr("Policies")
            key: "Ctrl+4"
            content: PoliciesPage {
                policies: root.parts.policies
                editor: root.parts.editor
                bench: root.parts.bench
                backtest: root.parts.backtest
                versions: root.parts.versions
                presets: root.parts.presets
                policyImport: root.parts.policyImport
                sessionId: root.parts.conversation.sessionId
                onCallWanted: (sessionId, callId) => root.showCall(sessionId, callId)
            }
        },
        Page {
            id: searchPage

            name: "search"
            glyph: "search"
            text: qsTr("Search")
            key: "Ctrl+5"
            content: SearchPage {
                search: root.parts.search
                filter: root.parts.searchFilter
                onCallWanted: (sessionId, callId) => root.showCall(sessionId, callId)
            }
        },
        Page {
            name: "metrics"
            glyph: "metrics"
            text: qsTr("Metrics")
            key: "Ctrl+6"
            content: MetricsPage {
                metrics: root.parts.metrics
            }
        },
        Page {
            name: "demo"
            glyph: "play"
            text: qsTr("Demo")
            key: "Ctrl+7"
            content: DemoPage {
                demo: root.parts.demo
                policies: root.parts.policies
                onPolicyWanted: policyId => root.showPolicy(policyId)
                onSessionWanted: sessionId => root.showSession(sessionId)
            }
        },
        Page {
            id: connectPage

            name: "connect"
            glyph: "connect"
            text: qsTr("Connect an agent")
            key: "Ctrl+8"
            content: FirstRunPane {
                agents: root.parts.agents
                clipboard: root.parts.clipboard
                proxy: root.parts.proxy
                waiting: root.isFirstRun
            }
        },
        Page {
            name: "settings"
            glyph: "settings"
            text: qsTr("Settings")
            key: "Ctrl+,"
            atBottom: true
            content: SettingsPage {
                settings: root.parts.settings
                proxy: root.parts.proxy
                notices: root.parts.notices
                appearance: root.parts.appearance
                clipboard: root.parts.clipboard
            }
        }
    ]

    onPlaceChanged: root.parts.windowState.page = root.place

    function find(name: string): Page {
        for (let i = 0; i < root.list.length; ++i) {
            if (root.list[i].name === name)
                return root.list[i];
        }
        return null;
    }

    /// Not a Loader's work: that of Qt 6.4 makes no bound component.
    function make(page: Page, place: Item) {
        page.item = page.content.createObject(place) as Item;
        if (page.item)
            page.item.anchors.fill = place;
    }

    /// Shows a place and gives it the keyboard.
    function go(name: string) {
        root.place = name;
        if (root.current.item)
            root.current.item.forceActiveFocus(Qt.ShortcutFocusReason);
    }

    function showSession(sessionId: string) {
        root.parts.conversation.open(sessionId);
        root.go("sessions");
    }

    function showCall(sessionId: string, callId: string) {
        root.parts.conversation.openAt(sessionId, callId);
        root.go("sessions");
    }

    function showPolicy(policyId: string) {
        root.go("policies");
        (policiesPage.item as PoliciesPage)?.show(policyId);
    }

    function filterSessions() {
        root.go("sessions");
        (sessionsPage.item as SessionsPage)?.filterNow();
    }

    function searchWords() {
        root.go("search");
        (searchPage.item as SearchPage)?.searchNow();
    }

    /// The hit so many further down, whichever page is shown.
    function walkHits(step: int) {
        (searchPage.item as SearchPage)?.walk(step);
    }

    function makeRule(tool: string) {
        root.go("policies");
        (policiesPage.item as PoliciesPage)?.makeRule(tool);
    }

    function inspect() {
        (sessionsPage.item as SessionsPage)?.inspect();
    }

    function replay() {
        (sessionsPage.item as SessionsPage)?.replay();
    }

    function toggleTimeline() {
        (sessionsPage.item as SessionsPage)?.toggleTimeline();
    }

    function exportSession() {
        (sessionsPage.item as SessionsPage)?.exportSession();
    }
}
