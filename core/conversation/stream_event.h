// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/block.h"
#include "conversation/stop_reason.h"
#include "conversation/usage.h"

#include <cstdint>
#include <string_view>

namespace luthien::conversation {

enum class EventKind : std::uint8_t {
    Start,     ///< the reply begins: id and name (the model) where known
    Text,      ///< text of a text block
    Thinking,  ///< text of a thinking block
    ToolStart, ///< a tool call begins: id, name, executor
    ToolArgs,  ///< arguments of the open tool call
    ToolEnd,   ///< its arguments are complete
    Opaque,    ///< a whole block we do not interpret: name = wire type, text = JSON
    Usage,     ///< token counts so far
    Stop,      ///< why this choice ended
    Error,     ///< the provider reports a failure inside the stream: name = its code, text = message
    Keepalive, ///< pings and comments
    Framing,   ///< events that only frame others (block stops, in_progress, [DONE]) and ones unknown to us
};

/// One step of a reply in the canonical model; a whole body is the same sequence, so policies see one thing.
/// The views belong to the decoder and are valid until its next call.
struct StreamEvent
{
    EventKind kind = EventKind::Framing;
    std::uint32_t choice = 0; ///< Chat's n > 1, else 0
    /// Canonical block number within the whole reply: 0, 1, 2 in order of first appearance, without gaps.
    std::uint32_t block = 0;
    Executor executor = Executor::Client;
    bool isRefusal = false;
    /// Text, Thinking, ToolArgs: replaces what the block has so far instead of being appended ("done" events).
    bool replaces = false;
    std::string_view id;
    std::string_view name;
    std::string_view text;
    Usage usage;                              ///< Usage only
    StopReason stopReason = StopReason::None; ///< Stop only
    std::string_view rawStopReason;           ///< Stop only: the provider's word
};

/// True for what a model says: text, thinking, tool calls.
[[nodiscard]] constexpr bool isToken(const StreamEvent& event) noexcept
{
    switch (event.kind) {
    case EventKind::Text:
    case EventKind::Thinking:
    case EventKind::ToolArgs:
        return !event.text.empty();
    case EventKind::ToolStart:
    case EventKind::Opaque:
        return true;
    default:
        return false;
    }
}

} // namespace luthien::conversation
