// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/api.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::store {

/// Who said a text, or what it is; the number in search_words and search_content.
enum class TextKind : std::uint8_t { User, Assistant, Thinking, Arguments, Result, System };
/// The stable name in answers, e.g. "tool_result".
[[nodiscard]] constexpr std::string_view textKindName(TextKind kind) noexcept
{
    constexpr std::array<std::string_view, 6> kNames{"user",           "assistant",   "thinking",
                                                     "tool_arguments", "tool_result", "system"};
    return kNames.at(static_cast<std::size_t>(kind));
}

/// What a content is to the call that brings it: how its texts are to be read.
struct ContentSource
{
    enum class Part : std::uint8_t {
        Message, ///< of a conversation that goes on: what the model said in it is the reply of an earlier call
        History, ///< a message of the first request of a conversation
        Opening, ///< what of a request comes before its first message
        Closing, ///< and after its last one
        Reply,   ///< toJson(conversation::Response)
    };

    conversation::Api api = conversation::Api::Other;
    Part part = Part::Message;
    bool operator==(const ContentSource&) const = default;
};

// The numbers in the tables: of how a content is read, and of a text.
constexpr std::int64_t kSourceParts = 8;
constexpr int kTextKindBits = 3;
[[nodiscard]] constexpr std::int64_t numberOf(const ContentSource& source) noexcept
{
    return kSourceParts * static_cast<std::int64_t>(source.api) + static_cast<std::int64_t>(source.part);
}
[[nodiscard]] constexpr ContentSource contentSourceFrom(std::int64_t number) noexcept
{
    return {static_cast<conversation::Api>(number / kSourceParts),
            static_cast<ContentSource::Part>(number % kSourceParts)};
}
[[nodiscard]] constexpr std::int64_t textNumber(std::int64_t content, TextKind kind) noexcept
{
    return (content << kTextKindBits) + static_cast<std::int64_t>(kind);
}
[[nodiscard]] constexpr std::int64_t contentOf(std::int64_t text) noexcept
{
    return text >> kTextKindBits;
}
[[nodiscard]] constexpr TextKind textKindOf(std::int64_t text) noexcept
{
    return static_cast<TextKind>(text & ((1 << kTextKindBits) - 1));
}

/// All that a content says of one kind.
struct SearchText
{
    TextKind kind = TextKind::User;
    std::string text;
    bool operator==(const SearchText&) const = default;
};

/// Reads the texts of a content, each kind at most once; must say the same of the same bytes each time, since what it
/// says is taken out of the index by saying it again. Thread: any.
using ReadTexts = std::function<std::vector<SearchText>(const ContentSource& source, std::string_view bytes)>;

} // namespace luthien::store
