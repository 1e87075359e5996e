// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "filter/sql.h"
#include "filter/words.h"
#include "store/rows.h"
#include "store/search_texts.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace luthien::store {

class Database;

enum class FoundOrder : std::uint8_t { NewestFirst, BestFirst };

/// A text with the words that are searched for, in one of the calls that brought it.
struct FoundText
{
    std::string session;
    CallId call;
    TimePoint at; ///< begin of the call
    TextKind kind = TextKind::User;
    ContentSource source;
    std::string bytes; ///< the content that says the text, see ReadTexts
    Cursor cursor;     ///< this one's place in its list

    bool operator==(const FoundText&) const = default;
};

/// What is searched for.
struct TextSearch
{
    std::span<const filter::Phrase> phrases; ///< all of them in one text; none is empty
    FoundOrder order = FoundOrder::NewestFirst;
    const filter::SqlCondition* where = nullptr; ///< over the calls; null = all
};

/// Texts in which the phrases stand, and now and then one in which they do not; see IndexedWords. BestFirst counts
/// places from the best one, so a text that is new may move others, and ends at the 1000th. Errors: of the database.
[[nodiscard]] Result<Page<FoundText>> findTexts(Database& database, const TextSearch& search,
                                                std::optional<Cursor> from, std::uint32_t limit);
/// Calls whose words are not in the index yet, counted up to limit.
[[nodiscard]] Result<std::int64_t> countUnindexed(Database& database, std::int64_t limit);

} // namespace luthien::store
