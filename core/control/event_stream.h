// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/http_connection.h"
#include "control/live_filter.h"
#include "live/commit_log.h"
#include "live/live_hub.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

namespace luthien::control {

/// Feeds one connection with live events for as long as it lasts. A reader that does not keep up is not written to:
/// its events wait at the hub, bounded, and end in a gap. Thread: control.
class EventStream : public QObject
{
    Q_OBJECT
public:
    /// lastEventId = the commit this reader has seen, or none. The stream is a child of the connection.
    EventStream(HttpConnection& connection, live::LiveHub& hub, const live::CommitLog& commits,
                std::optional<std::uint64_t> lastEventId, std::chrono::milliseconds heartbeat,
                std::optional<LiveFilter> filter = {});

private:
    void resume(std::optional<std::uint64_t> lastEventId);
    void pump();
    void tell(const live::Event& event);
    void write(const live::Event& event);

    HttpConnection& m_connection;
    const live::CommitLog& m_commits;
    std::uint64_t m_lastCommit = 0; ///< the newest this reader was told of
    QTimer m_heartbeat;
    std::optional<LiveFilter> m_filter;
    std::unique_ptr<live::Subscription> m_subscription; ///< last: destroyed first, no wake-up comes after
};

} // namespace luthien::control
