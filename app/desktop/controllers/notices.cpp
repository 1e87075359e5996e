// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/notices.h"

#include "desktop/models/visible_text.h"

#include <algorithm>
#include <utility>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
constexpr std::size_t kMostCalls = 20'000;
constexpr qsizetype kMostText = 300;
constexpr std::array kKinds{Notice::Kind::Approval, Notice::Kind::Block, Notice::Kind::Truncation};

QString keyOf(Notice::Kind kind)
{
    switch (kind) {
    case Notice::Kind::Approval:
        return u"notices/approvals"_s;
    case Notice::Kind::Block:
        return u"notices/blocks"_s;
    case Notice::Kind::Truncation:
        break;
    }
    return u"notices/truncations"_s;
}

QString titleOf(const Notice& notice)
{
    const bool isOne = notice.count == 1;
    switch (notice.kind) {
    case Notice::Kind::Approval:
        return isOne ? Notices::tr("A tool call waits for you")
                     : Notices::tr("%1 tool calls wait for you").arg(notice.count);
    case Notice::Kind::Block:
        return isOne ? Notices::tr("A policy stepped in")
                     : Notices::tr("Policies stepped in %1 times").arg(notice.count);
    case Notice::Kind::Truncation:
        break;
    }
    return isOne ? Notices::tr("A reply was cut off") : Notices::tr("%1 replies were cut off").arg(notice.count);
}

/// One line of bounded length, hidden characters shown.
QString lineFrom(std::string_view utf8)
{
    return visibleText(utf8.substr(0, 4 * kMostText)).simplified().left(kMostText);
}
} // namespace

bool OnScreen::shows(const QString& wanted) const
{
    return isInFront && (wanted.isEmpty() || (page == u"sessions"_s && session == wanted));
}

Notices::Notices(DesktopNotifier& notifier, const Clock& clock, const QString& settingsFile, IsWatched isWatched,
                 QObject* parent)
    : QObject(parent)
    , m_notifier(notifier)
    , m_clock(clock)
    , m_settings(settingsFile, QSettings::IniFormat)
    , m_isWatched(std::move(isWatched))
{
    for (const Notice::Kind kind : kKinds)
        m_tells.at(static_cast<std::size_t>(kind)) = m_settings.value(keyOf(kind), true).toBool();
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Notices::showDue);
    connect(&m_notifier, &DesktopNotifier::availableChanged, this, &Notices::changed);
    connect(&m_notifier, &DesktopNotifier::activated, this,
            [this](const Notice& notice) { Q_EMIT callWanted(notice.session, notice.call); });
}

void Notices::setTells(Notice::Kind kind, bool tell)
{
    if (tells(kind) == tell)
        return;
    m_tells.at(static_cast<std::size_t>(kind)) = tell;
    m_settings.setValue(keyOf(kind), tell);
    Q_EMIT changed();
}

void Notices::applyLive(const live::LiveBatch& batch)
{
    for (const live::Event& event : batch.events)
        take(event);
}

void Notices::take(const live::Event& event)
{
    using conversation::Verdict;
    if (const auto* opened = std::get_if<live::Opened>(&event)) {
        // Calls whose end was never heard of must not pile up.
        if (m_sessions.size() >= kMostCalls)
            m_sessions.clear();
        m_sessions.insert_or_assign(opened->call, opened->identity.session);
        return;
    }
    const auto known = m_sessions.find(live::callOf(event));
    const QString session = known == m_sessions.end() ? QString() : QString::fromStdString(known->second);
    const QString call = QString::fromStdString(live::callOf(event).toString());
    if (const auto* decided = std::get_if<live::Decided>(&event)) {
        const conversation::Decision& decision = decided->decision;
        const std::string who = policyText(m_policyName, decision.policyId).toStdString();
        const bool isNews = decision.mode == conversation::PolicyMode::Enforce && decision.verdict == Verdict::Block &&
                            decision.answeredBy != conversation::AnsweredBy::Person;
        if (isNews)
            add({.kind = Notice::Kind::Block,
                 .session = session,
                 .call = call,
                 .text = lineFrom(decision.tool.empty() ? who + ": " + decision.reason
                                                        : who + ", " + decision.tool + ": " + decision.reason)});
    } else if (const auto* ended = std::get_if<live::Ended>(&event)) {
        if (ended->status == conversation::CallStatus::Truncated)
            add({.kind = Notice::Kind::Truncation, .session = session, .call = call, .text = lineFrom(ended->error)});
        if (known != m_sessions.end())
            m_sessions.erase(known);
    }
}

void Notices::setWaiting(int count, const QString& tool)
{
    const int more = count - std::exchange(m_waiting, count);
    if (more > 0)
        add({.kind = Notice::Kind::Approval, .text = visibleText(tool).simplified().left(kMostText), .count = more});
}

void Notices::add(Notice notice)
{
    if (!tells(notice.kind) || !isAvailable() || m_isWatched(notice.session))
        return;
    m_queue.add(std::move(notice));
    showDue();
}

void Notices::showDue()
{
    const SteadyPoint now = m_clock.steady();
    for (const Notice& notice : m_queue.due(now))
        m_notifier.show(notice, titleOf(notice));
    if (const auto next = m_queue.nextDue())
        m_timer.start(
            std::max(std::chrono::milliseconds(1), std::chrono::ceil<std::chrono::milliseconds>(*next - now)));
}

} // namespace luthien::desktop
