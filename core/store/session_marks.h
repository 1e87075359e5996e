// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace luthien::store {

class Database;

/// What a person says about a session; none = stays as it is.
struct SessionMarks
{
    static constexpr std::size_t kMaxLabelBytes = 200;
    static constexpr std::size_t kMaxNoteBytes = 4096;

    std::optional<bool> pinned; ///< retention leaves it alone
    std::optional<std::string> label;
    std::optional<std::string> note;
};

/// What became of a session's row. Being refused is no trouble of the database's.
struct SessionWritten
{
    std::uint64_t commit = 0; ///< its number
    std::optional<Error> refusal;
};

/// Refuses with NotFound or TooLarge. Thread: the writer's, inside a transaction.
[[nodiscard]] Result<SessionWritten> markSession(Database& database, std::string_view id, const SessionMarks& marks);

/// From the commit on nothing shows the session, and its id is free for a new one; Removal takes its rows away.
/// Refuses with NotFound, or with Conflict while a call of it is open. Thread: the writer's, inside
/// a transaction.
[[nodiscard]] Result<SessionWritten> markSessionRemoved(Database& database, std::string_view id);

} // namespace luthien::store
