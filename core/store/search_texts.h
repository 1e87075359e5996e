// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/api.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::store {

/// Who said a text, or what it is; the number in search_words and search_content.
enum class TextKind : std::uint8_t { User, Assistant, Thinking, Arguments, Result, System };
/// The stable name in answers, e.g. "tool_result".
[[nodiscard]] std::string_view textKindName(TextKind kind) noexcept;

/// What a content is to the call that brings it: how its texts are to be read.
struct ContentSource
{
    /// Opening, Closing: what of a request comes before its first message and after its last one.
    enum class Part : std::uint8_t { Message, Opening, Closing, Reply };

    conversation::Api api = conversation::Api::Other;
    Part part = Part::Message;
    bool operator==(const ContentSource&) const = default;
};

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
