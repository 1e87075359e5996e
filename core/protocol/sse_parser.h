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
    std::string_view type; ///< of the last "event:" line; empty = none
    std::string_view data; ///< "data:" lines joined by LF
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
    [[nodiscard]] Step parse(std::string_view input);
    /// True if the bytes since the last event are not empty (a stream that ends so was cut).
    [[nodiscard]] bool isInsideEvent() const noexcept;

private:
    // implementation
};

/// Wire bytes of one event. type may be empty.
[[nodiscard]] std::string sseEvent(std::string_view type, std::string_view data);

} // namespace luthien::protocol
