// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace luthien::protocol {

/// One dispatched event. The views are valid until the parser's next call.
struct SseEvent
{
    std::string_view type;  ///< of the last "event:" line; empty = none
    std::string_view data;  ///< "data:" lines joined by LF
    bool isComment = false; ///< only comment lines (a keep-alive)
    bool hasData = false;
};

/// Splits a stream of server-sent events, whatever the line ends and wherever the reads cut it. Bounded.
/// Source: WHATWG HTML, "9.2.6 Interpreting an event stream". Thread: one at a time.
class SseParser
{
public:
    explicit SseParser(std::size_t maxEventBytes = 16 * 1024 * 1024);

    enum class State : std::uint8_t {
        NeedMore, ///< all input is used up
        Event,    ///< event is set; call again with the rest
        TooLarge, ///< one event exceeds the bound
    };
    struct Step
    {
        State state = State::NeedMore;
        /// Bytes of input used up: with Event exactly through the blank line that ended it, so that the caller can cut
        /// the raw bytes at event borders.
        std::size_t consumed = 0;
        SseEvent event;
    };
    /// Reads on. An event whose blank line ends in a CR at the end of the input is dispatched by the next byte, which
    /// may be the LF that belongs to it (then consumed is 1, else 0), or by finish(): so an event has all its bytes
    /// wherever the reads cut it. After TooLarge the parser is of no further use.
    [[nodiscard]] Step parse(std::string_view input);
    /// The stream is over: State::Event if only that byte was waited for.
    [[nodiscard]] Step finish();
    /// True if something other than line ends came since the last event (a stream that ends so was cut).
    [[nodiscard]] bool isInsideEvent() const noexcept { return m_hasContent && !m_isEndCut; }

private:
    std::size_t findEnd(std::string_view input);
    SseEvent read(std::string_view raw);
    void addData(SseEvent& event, std::string_view value);

    std::size_t m_maxEventBytes;
    std::string m_pending;       ///< the event so far, if it began in an earlier input; else events are read in place
    std::string m_joined;        ///< several data lines as one
    bool m_isDispatched = false; ///< m_pending was handed out by the last step
    bool m_isStarted = false;    ///< past the place where a byte order mark may be
    bool m_hasContent = false;   ///< a line that is not blank has begun
    bool m_atLineStart = true;
    bool m_afterCr = false;  ///< an LF now belongs to the line before
    bool m_isEndCut = false; ///< the event is complete, but for an LF that may follow
};

/// Wire bytes of one event with LF line ends. type may be empty; each line of data becomes a "data:" line.
[[nodiscard]] std::string sseEvent(std::string_view type, std::string_view data);

} // namespace luthien::protocol
