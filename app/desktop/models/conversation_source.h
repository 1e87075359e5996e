// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/call_view.h"

#include <QObject>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace luthien::desktop {

/// Which calls of a session are shown.
struct CallScope
{
    struct Range
    {
        TimePoint from;
        TimePoint to; ///< not in it
        bool operator==(const Range&) const = default;
    };
    std::optional<std::string> agent; ///< only those of this agent, empty = the main one; none = of all
    std::optional<Range> began;       ///< only those that began then; none = at any time

    [[nodiscard]] bool isWhole() const noexcept { return !agent && !began; }
    [[nodiscard]] bool takesIn(const std::string& agentOfCall, TimePoint at) const
    {
        return (!agent || agentOfCall == *agent) && (!began || (at >= began->from && at < began->to));
    }
    bool operator==(const CallScope&) const = default;
};

/// A page of a session's calls, wanted or delivered.
struct CallsRequest
{
    quint64 token = 0;  ///< of the conversation that asks; answers to older ones are of no use
    quint64 serial = 0; ///< of the request; a jump makes the ones before it useless
    std::string session;
    store::Order order = store::Order::Descending;
    std::optional<store::Cursor> from;
    std::uint32_t limit = 0;
    CallScope scope;
};

struct LoadedCalls
{
    CallsRequest request;
    std::vector<CallView> calls; ///< in the order asked for, settled
    bool more = false;           ///< the session has calls beyond the last one
    QString error;               ///< one sentence; empty = none
};

/// What some calls of a session tell of one agent in it.
struct AgentSighting
{
    std::string agent; ///< empty = the main one
    std::string parent;
    std::string preview; ///< first words of its oldest call
    TimePoint firstAt;
    std::int64_t calls = 0;
    std::int64_t tokens = 0;
    bool isOpen = false;
};

/// Where all calls of a session stand.
struct LoadedPlaces
{
    quint64 token = 0;
    std::vector<store::Cursor> places; ///< newest first
    std::vector<AgentSighting> agents; ///< in those calls, each once
    std::optional<store::Cursor> next;
};

/// A call of a session that is looked for.
struct CallSearch
{
    enum class What : std::uint8_t { This, Any, WithTool, WithDecision };
    quint64 token = 0;
    quint64 serial = 0;
    std::string session;
    What what = What::This;
    CallId call; ///< This
    store::Order order = store::Order::Ascending;
    std::optional<store::Cursor> from; ///< all but This: the first one after that place
    CallScope scope;                   ///< all but This
};

struct FoundCall
{
    CallSearch search;
    CallId call; ///< nil = there is none
    store::Cursor place;
};

/// Words that are looked for in the texts of a session.
struct TextRequest
{
    quint64 token = 0;
    quint64 serial = 0;
    std::string session;
    std::string words; ///< as filter::parseWordQuery reads them
    CallScope scope;
};

struct FoundTextCalls
{
    TextRequest request;
    std::vector<std::pair<TimePoint, CallId>> calls; ///< that brought such a text; oldest first, each once
    bool more = false;                               ///< there are older ones
    QString error;
};

/// Reads conversations for a model without ever making it wait: each request is answered by one signal, later.
/// Thread: GUI.
class ConversationSource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    virtual void loadCalls(const CallsRequest& request) = 0;
    /// Answered as callLoaded, or not at all if the record does not have it yet.
    virtual void loadCall(quint64 token, CallId call) = 0;
    /// A bounded number of places after from; ask again with next.
    virtual void loadPlaces(quint64 token, const std::string& session, const CallScope& scope,
                            std::optional<store::Cursor> from) = 0;
    virtual void findCall(const CallSearch& search) = 0;
    virtual void findTexts(const TextRequest& request) = 0;

Q_SIGNALS:
    void callsLoaded(const std::shared_ptr<luthien::desktop::LoadedCalls>& calls);
    void callLoaded(quint64 token, const std::shared_ptr<luthien::desktop::CallView>& call);
    void placesLoaded(const std::shared_ptr<const luthien::desktop::LoadedPlaces>& places);
    void callFound(const std::shared_ptr<const luthien::desktop::FoundCall>& found);
    void textsFound(const std::shared_ptr<const luthien::desktop::FoundTextCalls>& found);
};

} // namespace luthien::desktop
