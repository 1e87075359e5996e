// SPDX-License-Identifier: Apache-2.0
// What a reader tells of decisions.
#include "store/database.h"
#include "store/page_bounds.h"
#include "store/reader.h"
#include "store/row_mapping.h"

namespace luthien::store {

using namespace conversation;

Result<Page<DecisionRow>> Reader::decisions(std::optional<Cursor> from, std::uint32_t limit,
                                            const filter::SqlCondition* where)
{
    auto list = query("list_decisions", where);
    if (!list)
        return list.error();
    const Cursor start = from.value_or(kAfterAll);
    (*list)->bind(":micros", start.micros).bind(":row", start.row);
    return decisions(**list, DecisionOrder::ByTime, limit);
}

Result<Page<DecisionRow>> Reader::decisionsOfSession(std::string_view session, std::optional<Cursor> from,
                                                     std::uint32_t limit, const filter::SqlCondition* where)
{
    auto list = query("list_decisions_of_session", where);
    if (!list)
        return list.error();
    const Cursor start = from.value_or(kAfterAll);
    (*list)->bindText(":session", session).bind(":micros", start.micros).bind(":row", start.row);
    return decisions(**list, DecisionOrder::ByTime, limit);
}

Result<Page<DecisionRow>> Reader::decisionsOfCall(CallId id, std::optional<Cursor> from, std::uint32_t limit,
                                                  const filter::SqlCondition* where)
{
    const auto row = callRow(id);
    auto list = query("list_decisions_of_call", where);
    if (!row || !list)
        return row ? list.error() : row.error();
    const Cursor start = from.value_or(kBeforeAll);
    (*list)->bind(":call", *row).bind(":micros", start.micros).bind(":row", start.row);
    return decisions(**list, DecisionOrder::BySeq, limit);
}

Result<Page<DecisionRow>> Reader::decisionsOfKeptReplies(std::optional<Cursor> from, std::uint32_t limit)
{
    auto list = query("list_decisions_of_kept_replies");
    if (!list)
        return list.error();
    const Cursor start = from.value_or(kBeforeAll);
    (*list)->bind(":micros", start.micros).bind(":row", start.row);
    return decisions(**list, DecisionOrder::ByTime, limit);
}

Result<Page<DecisionRow>> Reader::decisions(Statement& statement, DecisionOrder order, std::uint32_t limit)
{
    const std::uint32_t size = pageSize(limit);
    if (auto done = statement.bind(":limit", std::int64_t{size} + 1).exec(); !done)
        return done.error();
    Page<DecisionRow> page;
    std::size_t bytes = 0;
    auto more = statement.next();
    for (; more && *more; more = statement.next()) {
        if (page.items.size() == size || bytes >= kMaxPageBytes) {
            page.next = page.items.back().cursor;
            break;
        }
        auto row = decision(statement, order);
        if (!row) {
            statement.finish();
            return row.error();
        }
        bytes += row->decision.original.size() + row->decision.final.size();
        page.items.push_back(*std::move(row));
    }
    statement.finish();
    return more ? Result<Page<DecisionRow>>(std::move(page)) : more.error();
}

Result<DecisionRow> Reader::decision(const Statement& row, DecisionOrder order)
{
    DecisionRow found = decisionFrom(row);
    found.cursor.micros =
        order == DecisionOrder::BySeq ? std::int64_t{found.decision.seq} : toMicros(found.decision.at);
    for (const auto& [text, column] :
         {std::pair(&found.decision.original, kOriginalColumn), std::pair(&found.decision.final, kFinalColumn)}) {
        if (row.isNull(column))
            continue;
        auto unpacked = unpack(row, column);
        if (!unpacked)
            return unpacked.error();
        *text = *std::move(unpacked);
    }
    return found;
}

} // namespace luthien::store
