// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/commit_notice.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::store {

/// What an instance tells the others that share its database: which calls its last commits changed. Only a hint: what
/// counts is in the database, and who misses one finds out there.
struct CommitHint
{
    std::uint64_t first = 0; ///< number of the first commit it tells of; the last is that of the notice
    CommitNotice notice;     ///< its instance is never 0
    bool operator==(const CommitHint&) const = default;

    /// Takes in the commit that follows; a call is told of once, as it is now.
    void add(const CommitNotice& next);
};

/// Most bytes of one text. Source: PostgreSQL 15, NOTIFY: below 8000.
inline constexpr std::size_t kMaxHintBytes = 7999;

/// The hint as texts of ASCII, several if it is long: each is a whole hint about some of its calls.
[[nodiscard]] std::vector<std::string> encodeHint(const CommitHint& hint);
/// Nullopt = it is not one of ours.
[[nodiscard]] std::optional<CommitHint> decodeHint(std::string_view text);

} // namespace luthien::store
