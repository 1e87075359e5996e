// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/agents.h"
#include "desktop/controllers/appearance.h"
#include "desktop/controllers/clipboard.h"
#include "desktop/controllers/demo_run.h"
#include "desktop/controllers/filter_input.h"
#include "desktop/controllers/inspected_call.h"
#include "desktop/controllers/notices.h"
#include "desktop/controllers/pending_approvals.h"
#include "desktop/controllers/policy_editor.h"
#include "desktop/controllers/proxy_status.h"
#include "desktop/controllers/replay.h"
#include "desktop/controllers/resend.h"
#include "desktop/controllers/saved_filters.h"
#include "desktop/controllers/selected_session.h"
#include "desktop/controllers/session_actions.h"
#include "desktop/controllers/session_export.h"
#include "desktop/controllers/session_selection.h"
#include "desktop/controllers/setting_parts.h"
#include "desktop/controllers/test_bench.h"
#include "desktop/controllers/tray_icon.h"
#include "desktop/controllers/waiting_calls.h"
#include "desktop/controllers/window_state.h"
#include "desktop/live_feed.h"
#include "desktop/models/approval_history.h"
#include "desktop/models/approval_rules_model.h"
#include "desktop/models/backtest_model.h"
#include "desktop/models/command_book.h"
#include "desktop/models/conversation_model.h"
#include "desktop/models/live_calls_model.h"
#include "desktop/models/metrics_model.h"
#include "desktop/models/policies_model.h"
#include "desktop/models/policy_import.h"
#include "desktop/models/policy_versions.h"
#include "desktop/models/presets_model.h"
#include "desktop/models/search_model.h"
#include "desktop/models/session_titles.h"
#include "desktop/models/sessions_model.h"
#include "desktop/models/timeline.h"
#include "desktop/models/tool_names_source.h"
#include "desktop/window.h"
#include "desktop/window_parts.h"

#include <QTimer>

#include <functional>

namespace luthien::desktop {

/// Where the desk gets what it shows; each outlives it.
struct DeskSources
{
    SessionSource& sessions;
    SessionSource& titles; ///< another one: each has one reader
    SessionWrites sessionWrites;
    ToolNamesSource& toolNames;
    SearchSource& search;
    ConversationSource& conversation;
    ConversationSource& request;
    CallDetailSource& callDetails;
    RecordingSource& recordings;
    CallDetailSource& resentDetails; ///< another one: each has one reader
    RequestSender& sender;
    Resend::TryDraft tryDraft;
    TimelineSource& timeline;
    LiveCallsSource& liveCalls;
    MetricsSource& metrics;
    MetricsHistory& history; ///< begins with the desk
    std::function<MetricsGauges()> gauges;
    PolicySource& policies;
    PolicyHistorySource& policyHistory;
    PolicyTrials policyTrials;
    policy::ApprovalDesk& approvals;
    AnswerReach::TryRule tryRule; ///< on what was recorded
    ApprovalHistorySource& answers;
    live::LiveHub& hub;
    const Clock& clock;
    QString proxyAddress; ///< "http://127.0.0.1:4000"
    std::function<ProxyStatus::Trouble()> trouble;
    ProxyStatus::Switch proxySwitch;
    SettingSources settings;
    std::function<std::optional<std::uint64_t>()> storeSize; ///< see StoreFigures::show
    QString settingsFile;                                    ///< keeps what the person chose
    demo::ProxyRoute demoRoute;
    std::filesystem::path demoDirectory; ///< where the demonstration may make its database
    SessionExport::OpenReader openReader;
};

/// The window with everything behind it, joined together. Thread: GUI.
class Desk : public QObject
{
    Q_OBJECT

public:
    explicit Desk(DeskSources sources);

    /// False if a page did not load; the engine has said why.
    [[nodiscard]] bool open();
    [[nodiscard]] Window& window() noexcept { return m_window; }

private:
    void nameParts();
    /// Tray and notices act on the window, and it on them.
    void followTray();
    [[nodiscard]] OnScreen onScreen() const;
    void followFilters();
    /// Once a second: what is wrong, and how busy the proxy is.
    void look();
    void takeLive(const live::LiveBatch& batch);
    void showSelected();
    /// A session that is gone gives its place to the one that took its row.
    void leaveSession(const QString& id, int row);
    void openFirst();

    DeskSources m_sources;
    SessionsModel m_sessions;
    ConversationModel m_conversation;
    ConversationModel m_request;
    SelectedSession m_selected;
    KnownValues m_values;
    FilterInput m_sessionFilter;
    SavedFilters m_savedFilters;
    SessionSelection m_selection;
    SessionTitles m_titles;
    SearchModel m_search;
    FilterInput m_searchFilter;
    ProxyStatus m_proxy;
    Appearance m_appearance;
    Agents m_agents;
    Clipboard m_clipboard;
    PoliciesModel m_policies;
    PolicyEditor m_editor;
    TestBench m_bench;
    BacktestModel m_backtest;
    PolicyVersions m_versions;
    PresetsModel m_presets;
    PolicyImport m_policyImport;
    PendingApprovals m_approvals;
    ApprovalHistory m_answers;
    ApprovalRulesModel m_approvalRules;
    DemoRun m_demo;
    WaitingCalls m_waiting;
    Timeline m_timeline;
    LiveCallsModel m_liveCalls;
    MetricsModel m_metrics;
    InspectedCall m_inspected;
    Replay m_replay;
    Resend m_resend;
    SessionExport m_exporter;
    SessionActions m_sessionActions;
    SettingParts m_settings;
    DesktopNotifier m_notifier;
    Notices m_notices;
    TrayIcon m_tray;
    CommandBook m_commands;
    WindowState m_windowState;
    WindowParts m_parts;
    Window m_window;
    LiveFeed m_feed;
    QTimer m_troubleTimer;
};

} // namespace luthien::desktop
