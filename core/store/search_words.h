// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "filter/sql.h"
#include "filter/words.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace luthien::store {

/// A text as the table search_words takes it.
struct IndexedWords
{
    std::string value;     ///< of the column words; empty = there is no word in the text
    std::int64_t hash = 0; ///< of the words
    bool isCut = false;    ///< there were more than the table takes
};

// Words of more than 128 bytes are found by their first 128, and of a text the first MiB is found. So a search by these
// gives all texts in which the phrases stand, and now and then one in which they do not.

[[nodiscard]] IndexedWords indexedWords(std::string_view text, filter::SqlDialect dialect);
/// What finds the texts in which all of the phrases stand; none of them is empty.
[[nodiscard]] std::string wordsQuery(std::span<const filter::Phrase> phrases, filter::SqlDialect dialect);

} // namespace luthien::store
