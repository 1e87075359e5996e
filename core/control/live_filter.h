// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "conversation/response.h"
#include "filter/expression.h"
#include "filter/facts.h"
#include "live/live_event.h"

#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

namespace luthien::control {

/// Lets through what happens in calls that a filter matches. A call is asked about as it begins, when a tool call of it
/// begins or ends, when a policy decides, when a choice stops and when it is over; from when it matches on, all that
/// happens in it passes, beginning with how it began. Calls that began before the filter did are not judged: nothing of
/// them passes but that they were committed. Bounded; thread: one at a time.
class LiveFilter
{
public:
    static constexpr std::size_t kMaxCalls = 4096; ///< beyond, the oldest are forgotten
    static constexpr std::size_t kMaxReplyBytes = 16
                                                  << 20; ///< of all open calls; what a call says beyond is not searched
    /// Of one call's reply, over all the times it was asked about; beyond, it is asked about once more at its end.
    static constexpr std::size_t kMaxSearchedBytes = 64 << 20;
    static constexpr std::size_t kMaxDecisions = 256; ///< of one call; beyond, its oldest are forgotten

    /// Errors: Unsupported for what the record alone can tell: the texts of requests, and numbers of whole sessions.
    [[nodiscard]] static Result<void> check(const filter::Expression& expression);
    LiveFilter(filter::Expression expression, const Clock& clock);

    /// What a reader is told now that this has happened; may be nothing.
    [[nodiscard]] std::vector<live::Event> pass(const live::Event& event);

private:
    /// What is known of one call.
    struct Call
    {
        live::Opened opened;
        filter::CallFacts facts;
        conversation::ResponseAssembler reply;
        std::size_t replyBytes = 0;
        std::size_t searchedBytes = 0; ///< see kMaxSearchedBytes
        bool isReplyCut = false;       ///< a step did not fit: those after it would join on to what is before it
        bool isTold = false;
        bool isOver = false; ///< facts are no longer kept
    };

    void begin(const live::Opened& event);
    [[nodiscard]] Call* find(const CallId& id);
    /// True if it is time to ask about the call.
    [[nodiscard]] bool learn(Call& call, const live::Event& event);
    [[nodiscard]] bool learn(Call& call, const live::Delta& step);
    void learn(Call& call, const conversation::Decision& decision);
    void addToReply(Call& call, const live::Delta& step);
    [[nodiscard]] bool isTimeToAsk(const Call& call, conversation::EventKind kind) const;
    [[nodiscard]] bool matches(Call& call) const;
    void release(Call& call);
    [[nodiscard]] live::Committed committed(const live::Committed& event);

    filter::Expression m_expression;
    const Clock& m_clock;
    std::unordered_map<CallId, Call> m_calls;
    std::deque<CallId> m_order; ///< as they began
    std::size_t m_replyBytes = 0;
};

} // namespace luthien::control
