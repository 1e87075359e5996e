// SPDX-License-Identifier: Apache-2.0
#include "store/rejected_calls.h"

#include "store/database.h"
#include "store/journal_record.h"

#include <string>
#include <vector>

namespace luthien::store {

namespace {
/// The session that a record names, if it is a call's first.
class SessionOf final : public conversation::EventSink
{
public:
    void opened(const conversation::CallOpened& event) override { session = event.identity.session; }
    void request(const conversation::RequestRecorded& /*event*/) override {}
    void wire(const conversation::WireEvent& /*event*/) override {}
    void decided(const conversation::Decision& /*decision*/) override {}
    void ended(const conversation::CallEnded& /*event*/) override {}
    [[nodiscard]] bool hasRoom() const override { return true; }

    std::string session;
};

Result<std::vector<CallId>> strays(Database& database)
{
    auto list = database.statement("list_rejected_strays");
    if (!list)
        return list.error();
    std::vector<CallId> calls;
    const auto done = (*list)->each([&](const Statement& row) { calls.push_back(row.id(0)); });
    return done ? Result<std::vector<CallId>>(std::move(calls)) : done.error();
}

Result<std::string> sessionOf(Database& database, const CallId& call)
{
    auto list = database.statement("list_rejected_records");
    if (!list)
        return list.error();
    if (auto done = (*list)->bindId(":call", call).exec(); !done)
        return done.error();
    SessionOf found;
    auto row = (*list)->next();
    while (row && *row && found.session.empty()) {
        if (!decode((*list)->blob(0), found))
            break;
        row = (*list)->next();
    }
    (*list)->finish();
    return row ? Result<std::string>(found.session) : row.error();
}
} // namespace

Result<void> removeRejectedStrays(Database& database, std::string_view session)
{
    const auto calls = strays(database);
    if (!calls)
        return calls.error();
    for (const CallId& call : *calls) {
        const auto owner = sessionOf(database, call);
        if (!owner)
            return owner.error();
        if (*owner != session)
            continue;
        for (const char* query : {"delete_rejected_records", "delete_rejected_call"}) {
            auto remove = database.statement(query);
            if (auto done = remove ? (*remove)->bindId(":uid", call).run() : remove.error(); !done)
                return done;
        }
    }
    return {};
}

Result<void> RejectedCalls::load()
{
    auto list = m_database.statement("list_rejected_calls");
    if (!list)
        return list.error();
    return (*list)->each([&](const Statement& row) { m_calls.insert(row.id(0)); });
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
