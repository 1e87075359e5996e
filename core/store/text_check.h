// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "store/compression.h"

#include <cstdint>
#include <optional>
#include <set>

namespace luthien::store {

class Database;

/// Holds stored texts against the hashes that they are known by, to which links of the chain of evidence hold.
/// Thread: one.
class TextCheck
{
public:
    explicit TextCheck(Database& database)
        : m_database(database)
    {
    }

    struct Outcome
    {
        std::int64_t last = 0;              ///< the text it has come to
        std::optional<std::int64_t> broken; ///< the first that is not what was recorded
    };
    /// So many at most, ascending, from the one after a text on.
    [[nodiscard]] Result<Outcome> checkSome(std::int64_t after, std::int64_t limit);
    /// Those of a call that no earlier one had. Gives the first that is not what was recorded.
    [[nodiscard]] Result<std::optional<std::int64_t>> checkCall(std::int64_t callRow);

private:
    Database& m_database;
    Compression m_compression;
    std::set<std::int64_t> m_ofCalls; ///< those that were looked at call by call
};

} // namespace luthien::store
