// SPDX-License-Identifier: Apache-2.0
#include "store/block_table.h"

#include "store/database.h"

#include <algorithm>

namespace luthien::store {

namespace {
constexpr std::size_t kMaxWaitingBytes = 512 << 10; // one statement's text is several times as large
} // namespace

BlockTable::BlockTable(Database& database)
    : m_database(database)
    , m_most(static_cast<std::size_t>(database.traits().rowsPerInsert))
{
}

Result<void> BlockTable::insert(std::int64_t callRow, const StoredBlock& block)
{
    if (auto made = m_database.makePartition(block.head.start); !made)
        return made;
    m_waiting.push_back({callRow, {block.head, block.rawBytes, block.codec, {}}, std::string(block.data)});
    m_waitingBytes += block.data.size();
    return m_waiting.size() >= m_most || m_waitingBytes >= kMaxWaitingBytes ? flush() : Result<void>();
}

Result<void> BlockTable::flush()
{
    // Each number of rows is a statement of its own: a few are enough.
    for (std::span<const Waiting> rest = m_waiting; !rest.empty();) {
        std::size_t count = m_most;
        while (count > rest.size())
            count = std::max<std::size_t>(count / 10, 1);
        if (auto done = write(rest.first(count)); !done)
            return done;
        rest = rest.subspan(count);
    }
    m_waiting.clear();
    m_waitingBytes = 0;
    return {};
}

Result<void> BlockTable::write(std::span<const Waiting> rows)
{
    auto insert = m_database.statement("insert_block", static_cast<int>(rows.size()));
    if (!insert)
        return insert.error();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& [call, block, data] = rows[i];
        if (rows.size() > 1)
            (*insert)->row(static_cast<int>(i));
        (*insert)
            ->bind(":call", call)
            .bind(":seq", std::int64_t{block.head.seq})
            .bind(":events", std::int64_t{block.head.events})
            .bind(":start", toMicros(block.head.start))
            .bind(":raw_bytes", static_cast<std::int64_t>(block.rawBytes))
            .bind(":codec", static_cast<std::int64_t>(block.codec))
            .bindBlob(":data", data);
    }
    return (*insert)->post();
}

} // namespace luthien::store
