// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::filter {

/// Words that follow each other. A word is a run of letters and digits of any script; case does not matter.
struct Phrase
{
    std::vector<std::string> words; ///< folded
    bool isPrefix = false;          ///< the last word may go on: "migrat*"
    bool operator==(const Phrase&) const = default;
};

/// Bytes from begin to before end.
struct TextSpan
{
    std::size_t begin = 0;
    std::size_t end = 0;
    auto operator<=>(const TextSpan&) const = default;
};

/// Reads a phrase; without a word in it the result has none.
[[nodiscard]] Phrase phraseFrom(std::string_view text);
[[nodiscard]] std::string toText(const Phrase& phrase);
/// True if the words stand in the text, one after the other. Invalid UTF-8 is read as U+FFFD.
[[nodiscard]] bool contains(std::string_view text, const Phrase& phrase);
/// Where they stand in it, from the left, at most limit times; whole characters of the text.
[[nodiscard]] std::vector<TextSpan> find(std::string_view text, const Phrase& phrase, std::size_t limit);
/// Gives take the words of the text as phrases have them, in their order, until it returns false.
void forEachWord(std::string_view text, const std::function<bool(std::string_view)>& take);

/// A tool's arguments as words are looked for in them: of JSON, with the escapes in its strings resolved, so that the
/// command in "cd /tmp\nrm x" is rm and not nrm. Any other text as it is.
[[nodiscard]] std::string readableArguments(std::string_view arguments);

} // namespace luthien::filter
