// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/snippet.h"
#include "base/result.h"
#include "filter/expression.h"
#include "filter/word_query.h"
#include "store/reader.h"

#include <optional>
#include <string>
#include <vector>

namespace luthien::archive {

/// What is searched for in the texts of calls.
struct TextHitQuery
{
    filter::WordQuery words;
    store::FoundOrder order = store::FoundOrder::NewestFirst;
    filter::Expression filter; ///< only in calls that match
    TimePoint now;             ///< what times of the filter count from
};

/// A text that was found. What people and models wrote is data: control characters are still in it.
struct TextHit
{
    std::string session;
    CallId call;
    TimePoint at; ///< begin of the call
    store::TextKind kind = store::TextKind::User;
    Snippet snippet;

    bool operator==(const TextHit&) const = default;
};

/// Newest texts first, or the best. A page may hold less than was asked for, down to nothing, and still have a next
/// one: looking through texts of calls that do not match ends after a second. Errors: those of the reader.
[[nodiscard]] Result<store::Page<TextHit>> findHits(store::Reader& reader, const TextHitQuery& query,
                                                    std::optional<store::Cursor> from, std::uint32_t limit);

} // namespace luthien::archive
