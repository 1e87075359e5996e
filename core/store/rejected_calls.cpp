// SPDX-License-Identifier: Apache-2.0
#include "store/rejected_calls.h"

#include "store/database.h"

namespace luthien::store {

Result<void> RejectedCalls::load()
{
    auto list = m_database.statement("list_rejected_calls");
    if (!list)
        return list.error();
    if (auto done = (*list)->exec(); !done)
        return done;
    auto row = (*list)->next();
    for (; row && *row; row = (*list)->next())
        m_calls.insert((*list)->id(0));
    (*list)->finish();
    return row ? Result<void>() : Result<void>(row.error());
}

Result<void> RejectedCalls::add(CallId call, const Error& why)
{
    auto insert = m_database.statement("insert_rejected_call");
    if (!insert)
        return insert.error();
    auto done = (*insert)->bindId(":uid", call).bindText(":reason", why.toString()).run();
    if (done)
        m_calls.insert(call);
    return done;
}

Result<void> RejectedCalls::keep(CallId call, int producer, const JournalPosition& from, std::string_view record)
{
    auto insert = m_database.statement("insert_rejected_record");
    if (!insert)
        return insert.error();
    if (auto bound = m_database.bindLarge(**insert, ":data", record); !bound)
        return bound;
    return (*insert)
        ->bind(":producer", std::int64_t{producer})
        .bind(":segment", static_cast<std::int64_t>(from.segment))
        .bind(":position", static_cast<std::int64_t>(from.offset))
        .bindId(":call", call)
        .run();
}

} // namespace luthien::store
