// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "store/evidence_digest.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace luthien::store {

class Database;

/// Writes the blocks of calls. Where one statement for many rows is faster, they wait for each other; flush() must come
/// before anything reads blocks, and before the transaction ends. Thread: the writer's, inside a transaction.
class BlockTable
{
public:
    explicit BlockTable(Database& database);

    /// From now on each block is written at once, so that an error is about the block it comes with.
    void writeOneByOne() noexcept { m_most = 1; }
    [[nodiscard]] bool isBatching() const noexcept { return m_most > 1; }

    /// callRow = the row of its call.
    [[nodiscard]] Result<void> insert(std::int64_t callRow, const StoredBlock& block);
    [[nodiscard]] Result<void> flush();

private:
    struct Waiting
    {
        std::int64_t call = 0;
        StoredBlock block; ///< its data is empty
        std::string data;
    };

    [[nodiscard]] Result<void> write(std::span<const Waiting> rows);

    Database& m_database;
    std::size_t m_most; ///< rows in one statement
    std::vector<Waiting> m_waiting;
    std::size_t m_waitingBytes = 0;
};

} // namespace luthien::store
