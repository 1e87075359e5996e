// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "conversation/call_event.h"
#include "conversation/response.h"

#include <optional>
#include <string>

namespace luthien::conversation {

/// What the replies to one call come to: what the last one said, the first one's times, the usage of all. What is said
/// beyond kMaxUnderstoodBytes is left out. Thread: one at a time.
class ReplyAccount
{
public:
    /// A reply's first byte came.
    void began(TimePoint at);
    /// now is called when the first token comes.
    template <typename Now>
    void apply(const StreamEvent& event, Now now)
    {
        if (!m_firstTokenAt && isToken(event))
            m_firstTokenAt = now();
        if (isWhole())
            m_assembler.apply(event);
    }
    /// Another reply to the same call follows.
    void startAgain();
    [[nodiscard]] const Response& response() const noexcept { return m_assembler.response(); }
    /// Puts in usage, stop, model, times and text. Views are valid until the next call of anything here.
    void describe(CallEnded& ended);

private:
    [[nodiscard]] bool isWhole() const noexcept { return m_assembler.heldBytes() < kMaxUnderstoodBytes; }

    ResponseAssembler m_assembler;
    Usage m_usageBefore; ///< of the replies before this one
    std::optional<TimePoint> m_firstByteAt;
    std::optional<TimePoint> m_firstTokenAt;
    std::string m_json;
};

} // namespace luthien::conversation
