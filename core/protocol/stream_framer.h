// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/stream_form.h"
#include "protocol/json_splitter.h"
#include "protocol/sse_parser.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace luthien::protocol {

class Dialect;

/// Cuts a stream of any form into events, and knows how to end one. Every byte belongs to exactly one event, so that
/// what is forwarded stays exact. Bounded. Thread: one at a time.
class StreamFramer
{
public:
    using State = SseParser::State;
    using Step = SseParser::Step;

    explicit StreamFramer(conversation::StreamForm form, std::size_t maxEventBytes = 16 * 1024 * 1024);

    [[nodiscard]] conversation::StreamForm form() const noexcept;
    [[nodiscard]] Step parse(std::string_view input);
    /// The stream is over: State::Event if what was cut short is an event to clients all the same.
    [[nodiscard]] Step finish();
    /// True if a stream that ends here was cut.
    [[nodiscard]] bool isInsideEvent() const noexcept;
    /// Wire bytes that end the stream after what was read so far with an error of ours. Empty if nothing that is put
    /// there could be read.
    [[nodiscard]] std::string errorEnding(const Dialect& dialect, unsigned httpStatus, std::string_view code,
                                          std::string_view message) const;

private:
    std::variant<SseParser, LineSplitter, ListSplitter> m_splitter;
};

/// What means nothing between the events of JSON in lines or lists, so that it keeps a quiet stream alive: a blank.
/// (Python's client of Ollama fails at an empty line, JavaScript's warns.)
inline constexpr std::string_view kJsonKeepalive = " ";

} // namespace luthien::protocol
