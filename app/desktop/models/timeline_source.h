// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/rows.h"

#include <QObject>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace luthien::desktop {

/// Some of a session's calls, the oldest first, or one that was asked for alone.
struct LoadedTimeline
{
    quint64 token = 0;
    std::vector<store::CallRow> calls;
    std::vector<store::DecisionRow> decisions;
    std::optional<store::Cursor> next; ///< of what was asked for; none = this was the last
    QString error;                     ///< one sentence; empty = none
};

/// Reads the calls of a session without what they say, and the decisions about them, never making anybody wait: each
/// request is answered by one signal, later; answers to a token older than the newest are not given. Thread: GUI.
class TimelineSource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// A bounded number of calls after a place, by start; ask again with next.
    virtual void loadCalls(quint64 token, const std::string& session, std::optional<store::Cursor> from) = 0;
    /// The same of decisions, newest first.
    virtual void loadDecisions(quint64 token, const std::string& session, std::optional<store::Cursor> from) = 0;
    /// Answered as callLoaded with that call alone, or not at all if the record does not have it yet.
    virtual void loadCall(quint64 token, CallId call) = 0;

Q_SIGNALS:
    void callsLoaded(const std::shared_ptr<const luthien::desktop::LoadedTimeline>& loaded);
    void callLoaded(const std::shared_ptr<const luthien::desktop::LoadedTimeline>& loaded);
    void decisionsLoaded(const std::shared_ptr<const luthien::desktop::LoadedTimeline>& loaded);
};

} // namespace luthien::desktop
