// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "filter/words.h"

#include <string_view>
#include <vector>

namespace luthien::filter {

/// What a person searches for: words, "phrases" and beginnings of words*. All of them stand in what is found.
struct WordQuery
{
    static constexpr std::size_t kMaxBytes = 4096;
    static constexpr std::size_t kMaxPhrases = 64;

    std::vector<Phrase> phrases; ///< none is empty
    bool operator==(const WordQuery&) const = default;
};

/// Between blanks and outside of quotes, what is not letters and digits joins words to a phrase: drop_table finds drop
/// table. Errors: InvalidInput; the context is "query, at character N", from 1. Thread: any.
[[nodiscard]] Result<WordQuery> parseWordQuery(std::string_view text);

} // namespace luthien::filter
