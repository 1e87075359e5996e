// SPDX-License-Identifier: Apache-2.0
#include "store/text_check.h"

#include "base/sha256.h"
#include "store/database.h"

#include <vector>

namespace luthien::store {

Result<TextCheck::Outcome> TextCheck::checkSome(std::int64_t after, std::int64_t limit)
{
    auto list = m_database.statement("list_contents");
    if (!list)
        return list.error();
    if (auto done = (*list)->bind(":row", after).bind(":limit", limit).exec(); !done)
        return done.error();
    Outcome outcome{.last = after, .broken = {}};
    auto row = (*list)->next();
    for (; row && *row && !outcome.broken; row = (*list)->next()) {
        outcome.last = (*list)->number(0);
        const auto bytes = m_compression.unpack(static_cast<Codec>((*list)->number(3)), (*list)->blob(4),
                                                static_cast<std::uint64_t>((*list)->number(2)));
        if (!bytes || asBytes(Sha256::of(*bytes)) != (*list)->blob(1))
            outcome.broken = outcome.last;
    }
    (*list)->finish();
    return row ? Result<Outcome>(outcome) : row.error();
}

Result<std::optional<std::int64_t>> TextCheck::checkCall(std::int64_t callRow)
{
    auto list = m_database.statement("list_call_texts");
    if (!list)
        return list.error();
    std::vector<std::int64_t> fresh;
    const auto listed = (*list)->bind(":call", callRow).each([&](const Statement& row) {
        if (m_ofCalls.insert(row.number(0)).second)
            fresh.push_back(row.number(0));
    });
    if (!listed)
        return listed.error();
    for (const std::int64_t text : fresh) {
        const auto outcome = checkSome(text - 1, 1);
        if (!outcome || outcome->broken)
            return outcome ? Result<std::optional<std::int64_t>>(outcome->broken) : outcome.error();
    }
    return std::optional<std::int64_t>();
}

} // namespace luthien::store
