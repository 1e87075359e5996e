// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "filter/word_query.h"

#include <string>
#include <string_view>
#include <vector>

namespace luthien::archive {

/// The part of a text around the first words that were found in it. It is data: control characters are still in it.
struct Snippet
{
    std::string text;                      ///< some 200 bytes, cut between words if there are any, else characters
    std::vector<filter::TextSpan> matched; ///< of this text: where the words stand, from the left
    bool isCutBefore = false;              ///< something stands to the left of it
    bool isCutBehind = false;

    bool operator==(const Snippet&) const = default;
};

/// The spans are those of the words in the text, in bytes, from the left, one at least. Thread: any.
[[nodiscard]] Snippet cutSnippet(std::string_view text, const std::vector<filter::TextSpan>& spans);

} // namespace luthien::archive
