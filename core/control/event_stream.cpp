// SPDX-License-Identifier: Apache-2.0
#include "control/event_stream.h"

#include "control/live_json.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace luthien::control {

namespace {
constexpr qint64 kUnsentBytes = 256 * 1024;
constexpr live::QueueLimits kPending{.events = 2048, .textBytes = 1024 * 1024};
} // namespace

EventStream::EventStream(HttpConnection& connection, live::LiveHub& hub, const live::CommitLog& commits,
                         std::optional<std::uint64_t> lastEventId, std::chrono::milliseconds heartbeat,
                         std::optional<LiveFilter> filter)
    : QObject(&connection)
    , m_connection(connection)
    , m_commits(commits)
    , m_filter(std::move(filter))
{
    m_connection.beginEventStream();
    // Subscribed before the past is looked up: what happens in between comes twice at most. A commit of this instance
    // is told once, one of another may be told again: its number does not tell it apart.
    m_subscription =
        hub.subscribe([this] { QMetaObject::invokeMethod(this, &EventStream::pump, Qt::QueuedConnection); }, kPending);
    resume(lastEventId);
    connect(&m_connection, &HttpConnection::sent, this, &EventStream::pump);
    connect(&m_heartbeat, &QTimer::timeout, this, [this] {
        if (m_connection.unsentBytes() == 0)
            m_connection.write(": heartbeat\n\n");
    });
    m_heartbeat.start(heartbeat);
}

void EventStream::resume(std::optional<std::uint64_t> lastEventId)
{
    m_lastCommit = m_commits.last();
    if (!lastEventId) {
        m_connection.write(helloFrame(m_lastCommit));
        return;
    }
    const auto missed = m_commits.since(*lastEventId);
    if (!missed) {
        m_connection.write(gapFrame(m_lastCommit));
        return;
    }
    m_lastCommit = *lastEventId;
    m_connection.write(helloFrame(m_lastCommit));
    for (const live::Committed& commit : *missed)
        tell(commit);
}

void EventStream::pump()
{
    if (m_connection.unsentBytes() > kUnsentBytes)
        return; // sent() comes
    const live::LiveBatch batch = m_subscription->drain();
    if (batch.gap)
        m_connection.write(gapFrame(m_lastCommit));
    for (const live::Event& event : batch.events)
        tell(event);
}

void EventStream::tell(const live::Event& event)
{
    if (!m_filter)
        return write(event);
    for (const live::Event& told : m_filter->pass(event))
        write(told);
}

void EventStream::write(const live::Event& event)
{
    if (const auto* commit = std::get_if<live::Committed>(&event)) {
        if (commit->commit <= m_lastCommit && !commit->isElsewhere)
            return;
        m_lastCommit = std::max(m_lastCommit, commit->commit);
    }
    m_connection.write(eventFrame(event));
}

} // namespace luthien::control
