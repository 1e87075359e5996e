// SPDX-License-Identifier: Apache-2.0
#include "desktop/desk.h"

#include "desktop/controllers/proxy_pace.h"

#include <QDBusConnection>
#include <QUrl>

#include <chrono>

namespace luthien::desktop {

using namespace std::chrono_literals;

Desk::Desk(DeskSources sources)
    : m_sources(std::move(sources))
    , m_sessions(m_sources.sessions, m_sources.clock)
    , m_conversation(m_sources.conversation)
    , m_request(m_sources.request)
    , m_sessionFilter(m_values)
    , m_savedFilters(m_sources.settingsFile)
    , m_selection(m_sessions)
    , m_titles(m_sources.titles, m_sources.clock)
    , m_search(m_sources.search, m_sources.clock)
    , m_searchFilter(m_values)
    , m_appearance(m_sources.settingsFile)
    , m_policies(m_sources.policies)
    , m_editor(m_sources.policies)
    , m_bench(m_editor, m_sources.policyTrials)
    , m_backtest(m_editor, m_sources.policyTrials, m_values, m_sources.clock)
    , m_versions(m_sources.policyHistory, m_sources.policies)
    , m_presets(m_sources.policies)
    , m_policyImport(m_sources.policies)
    , m_approvals(m_sources.approvals, m_sources.clock, m_sources.tryRule)
    , m_answers(m_sources.answers, m_sources.clock)
    , m_approvalRules(m_sources.approvals, m_sources.clock, m_sources.tryRule)
    , m_demo(m_sources.demoRoute, m_sources.demoDirectory)
    , m_waiting(m_sources.approvals)
    , m_timeline(m_sources.timeline, m_sources.clock)
    , m_liveCalls(m_sources.liveCalls, m_sources.clock)
    , m_metrics(m_sources.metrics, m_sources.history, m_sources.clock)
    , m_inspected(m_sources.callDetails, m_sources.policies, m_sources.proxyAddress)
    , m_replay(m_sources.recordings, m_sources.clock)
    , m_resend(m_sources.resentDetails, m_sources.sender, m_editor, m_sources.tryDraft)
    , m_exporter(m_sources.openReader)
    , m_sessionActions(m_selection, m_clipboard, m_sources.sessionWrites)
    , m_settings(m_sources.settings)
    , m_notifier(QDBusConnection::sessionBus())
    , m_notices(m_notifier, m_sources.clock, m_sources.settingsFile,
                [this](const QString& session) { return onScreen().shows(session); })
    , m_tray(QDBusConnection::sessionBus())
    , m_commands(m_sources.settingsFile)
    , m_windowState(m_sources.settingsFile)
    , m_window(m_parts)
    , m_feed(m_sources.hub)
{
    nameParts();
    followFilters();
    followTray();
    m_agents.setAddress(m_sources.proxyAddress);
    m_proxy.setAddress(QUrl(m_sources.proxyAddress).authority());
    m_proxy.setSwitch(m_sources.proxySwitch);
    connect(&m_feed, &LiveFeed::arrived, this, &Desk::takeLive);
    connect(&m_approvals, &PendingApprovals::settled, this, [this] {
        m_answers.expectMore();
        m_approvalRules.refresh();
    });
    const PolicyName nameOf = [this](const QString& id) { return m_policies.nameOf(id); };
    m_conversation.setPolicyNames(nameOf);
    m_replay.conversation()->setPolicyNames(nameOf);
    m_timeline.setPolicyNames(nameOf);
    m_answers.setPolicyNames(nameOf);
    m_approvalRules.setPolicyNames(nameOf);
    m_notices.setPolicyNames(nameOf);
    connect(&m_conversation, &ConversationModel::sessionIdChanged, this, &Desk::showSelected);
    connect(&m_conversation, &ConversationModel::sessionIdChanged, this,
            [this] { m_timeline.open(m_conversation.sessionId()); });
    connect(&m_waiting, &WaitingCalls::changed, this, [this] {
        m_timeline.setWaiting(m_waiting.since());
        m_liveCalls.setWaiting(m_waiting.since());
    });
    connect(&m_sessions, &SessionsModel::sessionChanged, this, &Desk::showSelected);
    connect(&m_sessions, &SessionsModel::sessionGone, this, &Desk::leaveSession);
    connect(&m_sources.sessions, &SessionSource::sessionFailed, this,
            [this](const std::string& id, const QString& why) { m_selected.fail(QString::fromStdString(id), why); });
    connect(&m_selected, &SelectedSession::retried, this,
            [this](const QString& id) { m_sources.sessions.loadSession(id.toStdString()); });
    connect(&m_sessions, &SessionsModel::countChanged, this, &Desk::openFirst);
    connect(&m_sessions, &SessionsModel::sessionChanged, this,
            [this] { m_proxy.setStored(m_sessions.storedCalls(), m_sessions.count()); });
    m_troubleTimer.setInterval(1s);
    connect(&m_troubleTimer, &QTimer::timeout, this, &Desk::look);
}

void Desk::followTray()
{
    connect(&m_approvals, &PendingApprovals::changed, this, [this] {
        const auto* shown = m_approvals.shown();
        m_notices.setWaiting(m_approvals.count(), shown->tool());
    });
    connect(&m_tray, &TrayIcon::openWanted, this, [this] { m_window.raise(); });
    connect(&m_tray, &TrayIcon::pauseWanted, this, [this] { m_proxy.setPaused(!m_proxy.isPaused()); });
    connect(&m_notices, &Notices::callWanted, this, [this] { m_window.raise(); });
    connect(&m_proxy, &ProxyStatus::changed, this, [this] {
        m_tray.setPaused(m_proxy.isPaused());
        m_tray.setState(m_proxy.problem().isEmpty() ? m_proxy.address() : m_proxy.problem(),
                        m_approvals.count() > 0 || m_proxy.isStopped());
    });
}

OnScreen Desk::onScreen() const
{
    return {.isInFront = m_window.isActive(), .page = m_windowState.page(), .session = m_conversation.sessionId()};
}

void Desk::look()
{
    m_settings.figures()->show(m_sources.storeSize(), m_sources.gauges().backlogBytes);
    m_proxy.setTrouble(m_sources.trouble());
    m_proxy.setPace(paceOf(m_sources.history.samples()));
    m_policies.look();
    m_sources.history.setGauges(m_sources.gauges());
}

void Desk::nameParts()
{
    m_parts.sessions = &m_sessions;
    m_parts.conversation = &m_conversation;
    m_parts.request = &m_request;
    m_parts.selected = &m_selected;
    m_parts.proxy = &m_proxy;
    m_parts.appearance = &m_appearance;
    m_parts.agents = &m_agents;
    m_parts.clipboard = &m_clipboard;
    m_parts.policies = &m_policies;
    m_parts.editor = &m_editor;
    m_parts.bench = &m_bench;
    m_parts.backtest = &m_backtest;
    m_parts.versions = &m_versions;
    m_parts.presets = &m_presets;
    m_parts.policyImport = &m_policyImport;
    m_parts.approvals = &m_approvals;
    m_parts.answers = &m_answers;
    m_parts.approvalRules = &m_approvalRules;
    m_parts.demo = &m_demo;
    m_parts.timeline = &m_timeline;
    m_parts.liveCalls = &m_liveCalls;
    m_parts.metrics = &m_metrics;
    m_parts.inspected = &m_inspected;
    m_parts.replay = &m_replay;
    m_parts.resend = &m_resend;
    m_parts.exporter = &m_exporter;
    m_parts.settings = &m_settings;
    m_parts.notices = &m_notices;
    m_parts.tray = &m_tray;
    m_parts.commands = &m_commands;
    m_parts.windowState = &m_windowState;
    m_parts.selection = &m_selection;
    m_parts.sessionActions = &m_sessionActions;
    m_parts.sessionFilter = &m_sessionFilter;
    m_parts.savedFilters = &m_savedFilters;
    m_parts.sessionTitles = &m_titles;
    m_parts.search = &m_search;
    m_parts.searchFilter = &m_searchFilter;
}

void Desk::followFilters()
{
    connect(&m_sessionFilter, &FilterInput::filterChanged, this,
            [this] { m_sessions.setFilter(m_sessionFilter.filter()); });
    connect(&m_searchFilter, &FilterInput::filterChanged, this,
            [this] { m_search.setFilter(m_searchFilter.filter()); });
    connect(&m_sessions, &SessionsModel::sessionRead, this,
            [this](const store::SessionRow& session) { m_values.learn(session); });
    connect(&m_sources.toolNames, &ToolNamesSource::loaded, this, [this](const auto& names) {
        for (const std::string& name : *names)
            m_values.add("tool", name);
    });
    for (const ListedPolicy& policy : m_sources.policies.policies())
        m_values.add("policy", policy.definition.id);
}

bool Desk::open()
{
    m_sessions.start();
    m_liveCalls.start();
    m_sources.toolNames.load();
    m_sources.history.start();
    m_appearance.followDesktop();
    m_troubleTimer.start();
    return m_window.load();
}

void Desk::takeLive(const live::LiveBatch& batch)
{
    m_notices.applyLive(batch);
    m_sessions.applyLive(batch);
    m_conversation.applyLive(batch);
    m_policies.applyLive(batch);
    m_timeline.applyLive(batch);
    m_liveCalls.applyLive(batch);
    m_inspected.applyLive(batch);
    m_resend.applyLive(batch);
    m_answers.applyLive(batch);
    m_values.learn(batch);
    m_proxy.setLiveStreams(m_sessions.liveCalls());
}

void Desk::showSelected()
{
    const QString id = m_conversation.sessionId();
    if (const store::SessionRow* session = m_sessions.find(id))
        return m_selected.show(*session);
    m_selected.expect(id);
    if (!id.isEmpty())
        m_sources.sessions.loadSession(id.toStdString()); // told as a change
}

void Desk::leaveSession(const QString& id, int row)
{
    if (id == m_conversation.sessionId())
        m_conversation.open(m_sessions.idAt(m_sessions.sessionRowNear(row, 0)));
}

void Desk::openFirst()
{
    m_proxy.setStored(m_sessions.storedCalls(), m_sessions.count());
    if (m_conversation.sessionId().isEmpty() && m_sessions.count() > 0)
        m_conversation.open(m_sessions.idAt(m_sessions.sessionRowNear(0, 0)));
}

} // namespace luthien::desktop
