// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/sse_parser.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace luthien::protocol {

/// Splits NDJSON into its lines as clients do, at LF alone. An empty line belongs to the line that follows it. Bounded.
/// Thread: one at a time.
class LineSplitter
{
public:
    explicit LineSplitter(std::size_t maxEventBytes);

    [[nodiscard]] SseParser::Step parse(std::string_view input);
    /// The stream is over: what stands after the last LF is a line too.
    [[nodiscard]] SseParser::Step finish();
    [[nodiscard]] bool isInsideEvent() const noexcept { return m_hasContent; }

private:
    std::size_t m_maxEventBytes;
    std::string m_pending;
    bool m_isDispatched = false;
    bool m_hasContent = false;
};

/// Splits one JSON array of objects into its elements while it comes. An element's bytes begin with the bracket or
/// comma before it; the closing bracket is an event without data. What stands where no object may be ends the reading,
/// as what is too large does. Bounded. Thread: one at a time.
class ListSplitter
{
public:
    explicit ListSplitter(std::size_t maxEventBytes);

    enum class Place : std::uint8_t {
        Before,
        Opened,
        Element,
        AfterElement,
        AfterComma,
        Closed, ///< or after an object that came instead of an array
    };

    [[nodiscard]] SseParser::Step parse(std::string_view input);
    /// Where the bytes so far end.
    [[nodiscard]] Place place() const noexcept { return m_place; }
    /// True until the array is closed: a stream that ends so was cut.
    [[nodiscard]] bool isInsideEvent() const noexcept { return m_place != Place::Before && m_place != Place::Closed; }

private:
    enum class Found : std::uint8_t { Nothing, Begin, Element, Close, Breach };
    Found take(char byte);
    Found takeBetween(char byte);
    SseParser::Step stepTo(std::size_t consumed, std::string_view input, Found found);

    std::size_t m_maxEventBytes;
    std::string m_pending;       ///< the event so far, if it began in an earlier input
    std::size_t m_elementAt = 0; ///< counted from the event's beginning
    std::size_t m_depth = 0;
    Place m_place = Place::Before;
    bool m_isLone = false; ///< an object instead of an array
    bool m_isInString = false;
    bool m_isEscaped = false;
    bool m_isDispatched = false;
};

} // namespace luthien::protocol
