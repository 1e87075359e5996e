// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QQmlEngine>

Q_MOC_INCLUDE("desktop/controllers/agents.h")
Q_MOC_INCLUDE("desktop/controllers/appearance.h")
Q_MOC_INCLUDE("desktop/controllers/clipboard.h")
Q_MOC_INCLUDE("desktop/controllers/demo_run.h")
Q_MOC_INCLUDE("desktop/controllers/inspected_call.h")
Q_MOC_INCLUDE("desktop/controllers/pending_approvals.h")
Q_MOC_INCLUDE("desktop/controllers/policy_editor.h")
Q_MOC_INCLUDE("desktop/controllers/proxy_status.h")
Q_MOC_INCLUDE("desktop/controllers/replay.h")
Q_MOC_INCLUDE("desktop/controllers/resend.h")
Q_MOC_INCLUDE("desktop/controllers/selected_session.h")
Q_MOC_INCLUDE("desktop/controllers/session_export.h")
Q_MOC_INCLUDE("desktop/models/search_model.h")
Q_MOC_INCLUDE("desktop/models/session_titles.h")
Q_MOC_INCLUDE("desktop/controllers/saved_filters.h")
Q_MOC_INCLUDE("desktop/controllers/filter_input.h")
Q_MOC_INCLUDE("desktop/controllers/session_actions.h")
Q_MOC_INCLUDE("desktop/controllers/session_selection.h")
Q_MOC_INCLUDE("desktop/models/approval_history.h")
Q_MOC_INCLUDE("desktop/models/approval_rules_model.h")
Q_MOC_INCLUDE("desktop/controllers/notices.h")
Q_MOC_INCLUDE("desktop/controllers/setting_parts.h")
Q_MOC_INCLUDE("desktop/controllers/tray_icon.h")
Q_MOC_INCLUDE("desktop/controllers/window_state.h")
Q_MOC_INCLUDE("desktop/models/command_book.h")
Q_MOC_INCLUDE("desktop/models/conversation_model.h")
Q_MOC_INCLUDE("desktop/models/live_calls_model.h")
Q_MOC_INCLUDE("desktop/models/metrics_model.h")
Q_MOC_INCLUDE("desktop/controllers/test_bench.h")
Q_MOC_INCLUDE("desktop/models/backtest_model.h")
Q_MOC_INCLUDE("desktop/models/policies_model.h")
Q_MOC_INCLUDE("desktop/models/policy_import.h")
Q_MOC_INCLUDE("desktop/models/policy_versions.h")
Q_MOC_INCLUDE("desktop/models/presets_model.h")
Q_MOC_INCLUDE("desktop/models/sessions_model.h")
Q_MOC_INCLUDE("desktop/models/timeline.h")

namespace luthien::desktop {

class Agents;
class Appearance;
class ApprovalHistory;
class ApprovalRulesModel;
class BacktestModel;
class Clipboard;
class CommandBook;
class ConversationModel;
class DemoRun;
class InspectedCall;
class LiveCallsModel;
class MetricsModel;
class PendingApprovals;
class PoliciesModel;
class PolicyEditor;
class PolicyImport;
class PolicyVersions;
class PresetsModel;
class ProxyStatus;
class Replay;
class Resend;
class SelectedSession;
class SessionExport;
class SessionSelection;
class SessionActions;
class FilterInput;
class SavedFilters;
class SearchModel;
class SessionTitles;
class SessionsModel;
class TestBench;
class Timeline;
class Notices;
class SettingParts;
class TrayIcon;
class WindowState;

/// What the window's pages show and act on; the desk owns them and names them here before the window loads. A page
/// takes the ones it needs where Pages.qml makes it. Thread: GUI.
class WindowParts : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(luthien::desktop::SessionsModel* sessions MEMBER sessions CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::ConversationModel* conversation MEMBER conversation CONSTANT FINAL)
    /// One call's whole request.
    Q_PROPERTY(luthien::desktop::ConversationModel* request MEMBER request CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::SelectedSession* selected MEMBER selected CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::ProxyStatus* proxy MEMBER proxy CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::Appearance* appearance MEMBER appearance CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::Agents* agents MEMBER agents CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::Clipboard* clipboard MEMBER clipboard CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::PoliciesModel* policies MEMBER policies CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::PolicyEditor* editor MEMBER editor CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::TestBench* bench MEMBER bench CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::BacktestModel* backtest MEMBER backtest CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::PolicyVersions* versions MEMBER versions CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::PresetsModel* presets MEMBER presets CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::PolicyImport* policyImport MEMBER policyImport CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::PendingApprovals* approvals MEMBER approvals CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::ApprovalHistory* answers MEMBER answers CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::ApprovalRulesModel* approvalRules MEMBER approvalRules CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::DemoRun* demo MEMBER demo CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::Timeline* timeline MEMBER timeline CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::LiveCallsModel* liveCalls MEMBER liveCalls CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::MetricsModel* metrics MEMBER metrics CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::InspectedCall* inspected MEMBER inspected CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::Replay* replay MEMBER replay CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::Resend* resend MEMBER resend CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::SessionExport* exporter MEMBER exporter CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::FilterInput* searchFilter MEMBER searchFilter CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::SearchModel* search MEMBER search CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::SessionTitles* sessionTitles MEMBER sessionTitles CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::SavedFilters* savedFilters MEMBER savedFilters CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::FilterInput* sessionFilter MEMBER sessionFilter CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::SessionActions* sessionActions MEMBER sessionActions CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::SessionSelection* selection MEMBER selection CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::CommandBook* commands MEMBER commands CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::SettingParts* settings MEMBER settings CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::Notices* notices MEMBER notices CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::TrayIcon* tray MEMBER tray CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::WindowState* windowState MEMBER windowState CONSTANT FINAL)

public:
    using QObject::QObject;

    SessionsModel* sessions = nullptr;
    ConversationModel* conversation = nullptr;
    ConversationModel* request = nullptr;
    SelectedSession* selected = nullptr;
    ProxyStatus* proxy = nullptr;
    Appearance* appearance = nullptr;
    Agents* agents = nullptr;
    Clipboard* clipboard = nullptr;
    PoliciesModel* policies = nullptr;
    PolicyEditor* editor = nullptr;
    TestBench* bench = nullptr;
    BacktestModel* backtest = nullptr;
    PolicyVersions* versions = nullptr;
    PresetsModel* presets = nullptr;
    PolicyImport* policyImport = nullptr;
    PendingApprovals* approvals = nullptr;
    ApprovalHistory* answers = nullptr;
    ApprovalRulesModel* approvalRules = nullptr;
    DemoRun* demo = nullptr;
    Timeline* timeline = nullptr;
    LiveCallsModel* liveCalls = nullptr;
    MetricsModel* metrics = nullptr;
    InspectedCall* inspected = nullptr;
    Replay* replay = nullptr;
    Resend* resend = nullptr;
    SessionExport* exporter = nullptr;
    FilterInput* searchFilter = nullptr;
    SearchModel* search = nullptr;
    SessionTitles* sessionTitles = nullptr;
    SavedFilters* savedFilters = nullptr;
    FilterInput* sessionFilter = nullptr;
    SessionActions* sessionActions = nullptr;
    SessionSelection* selection = nullptr;
    CommandBook* commands = nullptr;
    SettingParts* settings = nullptr;
    Notices* notices = nullptr;
    TrayIcon* tray = nullptr;
    WindowState* windowState = nullptr;
};

} // namespace luthien::desktop
