// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/live_call.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using conversation::CallStatus;
using conversation::EventKind;

namespace {
constexpr std::size_t kTailBytes = 512;
constexpr std::size_t kToolBytes = 128;
// Until the provider has counted: a token of English or code has about four bytes.
constexpr double kBytesPerToken = 4;
// How much the newest second counts: fast enough to follow, slow enough to read.
constexpr double kNewestShare = 0.5;
constexpr double kSlowestShown = 0.5;
// Seconds; less says nothing of how fast it is.
constexpr double kShortestMeasured = 0.5;

QString tr(const char* text)
{
    return QCoreApplication::translate("LiveCall", text);
}

/// The last bytes, never a part of a character.
void keepTail(std::string& text, std::size_t bytes)
{
    if (text.size() <= bytes)
        return;
    std::size_t from = text.size() - bytes;
    while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0U) == 0x80U)
        ++from;
    text.erase(0, from);
}

double seconds(std::chrono::microseconds time)
{
    return static_cast<double>(time.count()) / 1e6;
}
} // namespace

LiveCall::LiveCall(const live::Opened& event)
    : m_id(event.call)
    , m_session(event.identity.session)
    , m_title(event.preview)
    , m_client(event.identity.client)
    , m_agent(event.identity.agent)
    , m_model(event.model)
    , m_startedAt(event.at)
    , m_measuredAt(event.at)
{
}

LiveCall::LiveCall(const store::CallRow& call)
    : m_id(call.id)
    , m_session(call.identity.session)
    , m_title(call.preview)
    , m_client(call.identity.client)
    , m_agent(call.identity.agent)
    , m_model(call.model)
    , m_startedAt(call.startedAt)
    , m_firstTokenAt(call.firstTokenAt)
    , m_measuredAt(call.startedAt)
{
}

void LiveCall::take(const live::Delta& step)
{
    if (step.direction != conversation::Direction::Received)
        return;
    switch (step.kind) {
    case EventKind::Thinking:
        m_state = State::Thinking;
        break;
    case EventKind::Text:
        m_state = State::Writing;
        break;
    case EventKind::ToolStart:
        m_tool = step.name.substr(0, kToolBytes);
        [[fallthrough]];
    case EventKind::ToolArgs:
        m_state = State::Calling;
        break;
    case EventKind::Start:
        if (!step.name.empty())
            m_model = step.name;
        return;
    default:
        return;
    }
    if (!m_firstTokenAt)
        m_firstTokenAt = m_measuredAt = step.at;
    if (step.block != m_block || step.replaces || step.kind == EventKind::ToolStart)
        m_tail.clear();
    m_block = step.block;
    m_tail += step.text;
    keepTail(m_tail, kTailBytes);
    if (!step.replaces)
        m_newBytes += step.text.size();
}

void LiveCall::take(const live::Ended& end)
{
    finish(end.status, end.at);
    if (!end.model.empty())
        m_model = end.model;
    const double spoke = m_firstTokenAt ? seconds(end.at - *m_firstTokenAt) : 0;
    m_isRateExact = end.usage.output.value_or(0) > 0 && spoke > 0;
    m_rate = m_isRateExact ? static_cast<double>(*end.usage.output) / spoke : 0;
}

void LiveCall::finish(CallStatus status, TimePoint at)
{
    m_status = status;
    m_endedAt = at;
    m_state = State::Over;
    m_waitingSince.reset();
}

void LiveCall::setWaiting(std::optional<TimePoint> since)
{
    if (!isOver())
        m_waitingSince = since;
}

void LiveCall::measure(TimePoint now)
{
    const double time = seconds(now - m_measuredAt);
    if (isOver() || !m_firstTokenAt || time < kShortestMeasured)
        return;
    const double newest = static_cast<double>(m_newBytes) / kBytesPerToken / time;
    m_rate = m_rate == 0 ? newest : m_rate * (1 - kNewestShare) + newest * kNewestShare;
    m_newBytes = 0;
    m_measuredAt = now;
}

LiveCall::State LiveCall::state() const noexcept
{
    return m_waitingSince ? State::AskingPerson : m_state;
}

row::Tone LiveCall::tone() const noexcept
{
    if (m_waitingSince)
        return row::Tone::Person;
    switch (m_status) {
    case CallStatus::Open:
        return row::Tone::Live;
    case CallStatus::Blocked:
        return row::Tone::Blocked;
    case CallStatus::Failed:
    case CallStatus::Truncated:
        return row::Tone::Failure;
    case CallStatus::Completed:
    case CallStatus::Cancelled:
        break;
    }
    return row::Tone::Plain;
}

QString LiveCall::title() const
{
    return m_title.empty() ? visibleText(m_session) : visibleText(fromUtf8(m_title).simplified());
}

QString LiveCall::who() const
{
    QStringList parts = {m_client.empty() ? tr("unknown client") : visibleText(m_client), visibleText(m_agent),
                         visibleText(m_model)};
    parts.removeAll(QString());
    return parts.join(u"  ·  "_s);
}

QString LiveCall::spokenText(TimePoint now) const
{
    QStringList parts = {title(), who(), stateText(), waitingText(now), elapsedText(now), rateText(), line()};
    parts.removeAll(QString());
    return parts.join(u", "_s);
}

QString LiveCall::stateText() const
{
    switch (state()) {
    case State::Waiting:
        return tr("Waiting for the model");
    case State::Thinking:
        return tr("Thinking");
    case State::Writing:
        return tr("Writing");
    case State::Calling:
        return tr("Calling %1").arg(visibleText(m_tool));
    case State::AskingPerson:
        return tr("Waiting for you");
    case State::Over:
        break;
    }
    switch (m_status) {
    case CallStatus::Blocked:
        return tr("Blocked");
    case CallStatus::Failed:
        return tr("Failed");
    case CallStatus::Truncated:
        return tr("Truncated");
    case CallStatus::Cancelled:
        return tr("Cancelled");
    case CallStatus::Open:
    case CallStatus::Completed:
        break;
    }
    return tr("Completed");
}

QString LiveCall::rateText() const
{
    if (m_rate < kSlowestShown)
        return {};
    const QString rate = QLocale().toString(m_rate, 'f', m_rate < 10 ? 1 : 0);
    return m_isRateExact ? tr("%1 tok/s").arg(rate) : tr("≈ %1 tok/s").arg(rate);
}

QString LiveCall::elapsedText(TimePoint now) const
{
    return durationText(std::max(std::chrono::microseconds(0), m_endedAt.value_or(now) - m_startedAt));
}

QString LiveCall::waitingText(TimePoint now) const
{
    return m_waitingSince ? durationText(std::max(std::chrono::microseconds(0), now - *m_waitingSince)) : QString();
}

QString LiveCall::line() const
{
    const QString text = fromUtf8(m_tail).trimmed();
    return visibleText(text.sliced(text.lastIndexOf(u'\n') + 1).simplified());
}

} // namespace luthien::desktop
