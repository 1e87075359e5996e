// SPDX-License-Identifier: Apache-2.0
#include "desktop/desk.h"

#include <QUrl>

#include <algorithm>
#include <chrono>

namespace luthien::desktop {

using namespace std::chrono_literals;

Desk::Desk(DeskSources sources)
    : m_sources(std::move(sources))
    , m_sessions(m_sources.sessions, m_sources.clock)
    , m_conversation(m_sources.conversation)
    , m_appearance(m_sources.settingsFile)
    , m_policies(m_sources.policies)
    , m_editor(m_sources.policies)
    , m_approvals(m_sources.approvals, m_sources.clock, m_sources.tryRule)
    , m_demo(m_sources.demoRoute, m_sources.demoDirectory)
    , m_exporter(m_sources.openReader)
    , m_window({.sessions = m_sessions,
                .conversation = m_conversation,
                .selected = m_selected,
                .proxy = m_proxy,
                .appearance = m_appearance,
                .agents = m_agents,
                .clipboard = m_clipboard,
                .policies = m_policies,
                .editor = m_editor,
                .approvals = m_approvals,
                .demo = m_demo,
                .exporter = m_exporter})
    , m_feed(m_sources.hub)
{
    m_agents.setAddress(m_sources.proxyAddress);
    m_proxy.setAddress(QUrl(m_sources.proxyAddress).authority());
    connect(&m_feed, &LiveFeed::arrived, this, &Desk::takeLive);
    connect(&m_conversation, &ConversationModel::sessionIdChanged, this, &Desk::showSelected);
    connect(&m_sessions, &SessionsModel::sessionChanged, this, &Desk::showSelected);
    connect(&m_sessions, &SessionsModel::sessionGone, this, &Desk::leaveSession);
    connect(&m_sessions, &SessionsModel::countChanged, this, &Desk::openFirst);
    connect(&m_sessions, &SessionsModel::sessionChanged, this,
            [this] { m_proxy.setStored(m_sessions.storedCalls(), m_sessions.count()); });
    m_troubleTimer.setInterval(1s);
    connect(&m_troubleTimer, &QTimer::timeout, this, [this] {
        m_proxy.setTrouble(m_sources.trouble());
        m_policies.showFailures();
    });
}

bool Desk::open()
{
    m_sessions.start();
    m_appearance.followDesktop();
    m_troubleTimer.start();
    return m_window.load();
}

void Desk::takeLive(const live::LiveBatch& batch)
{
    m_sessions.applyLive(batch);
    m_conversation.applyLive(batch);
    m_policies.applyLive(batch);
    m_proxy.setLiveStreams(m_sessions.liveCalls());
}

void Desk::showSelected()
{
    if (const store::SessionRow* session = m_sessions.find(m_conversation.sessionId()))
        m_selected.show(*session);
}

void Desk::leaveSession(const QString& id, int row)
{
    if (id == m_conversation.sessionId())
        m_conversation.open(m_sessions.idAt(std::min(row, m_sessions.count() - 1)));
}

void Desk::openFirst()
{
    m_proxy.setStored(m_sessions.storedCalls(), m_sessions.count());
    if (m_conversation.sessionId().isEmpty() && m_sessions.count() > 0)
        m_conversation.open(m_sessions.idAt(0));
}

} // namespace luthien::desktop
