// SPDX-License-Identifier: Apache-2.0
#pragma once

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

/// Reads a phrase; without a word in it the result has none.
[[nodiscard]] Phrase phraseFrom(std::string_view text);
[[nodiscard]] std::string toText(const Phrase& phrase);
/// True if the words stand in the text, one after the other. Invalid UTF-8 is read as U+FFFD.
[[nodiscard]] bool contains(std::string_view text, const Phrase& phrase);

} // namespace luthien::filter
