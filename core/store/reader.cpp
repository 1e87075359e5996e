// SPDX-License-Identifier: Apache-2.0
#include "store/reader.h"

#include "store/approval_rule_table.h"
#include "store/database.h"
#include "store/filter_query.h"
#include "store/instance.h"
#include "store/page_bounds.h"
#include "store/row_mapping.h"
#include "store/tool_names.h"

#include <algorithm>

namespace luthien::store {

using namespace conversation;

namespace {
Result<void> mayAsk(const std::atomic<bool>* pause)
{
    if (pause != nullptr && pause->load(std::memory_order_relaxed))
        return Error{ErrorCode::Unavailable, "the database is in trouble and is not asked now; try again soon",
                     "store"};
    return {};
}

/// Everything a statement still gives, each row made by make; one row more than limit tells that there is a next page.
template <typename Row, typename Make>
Result<Page<Row>> pageOf(Statement& statement, std::uint32_t limit, Make make)
{
    Page<Row> page;
    auto row = statement.next();
    for (; row && *row; row = statement.next()) {
        if (page.items.size() == limit) {
            page.next = page.items.back().cursor;
            break;
        }
        page.items.push_back(make(statement));
    }
    statement.finish();
    return row ? Result<Page<Row>>(std::move(page)) : row.error();
}
} // namespace

Reader::Reader(DatabaseLocation location, std::unique_ptr<Database> database,
               std::shared_ptr<const std::atomic<bool>> pause, std::shared_ptr<TextCache> cache)
    : m_location(std::move(location))
    , m_pause(std::move(pause))
    , m_cache(std::move(cache))
    , m_database(std::move(database))
{
}

Reader::~Reader() = default;

Result<std::unique_ptr<Reader>> Reader::open(const DatabaseLocation& location,
                                             std::shared_ptr<const std::atomic<bool>> pause,
                                             std::shared_ptr<TextCache> cache)
{
    if (auto may = mayAsk(pause.get()); !may)
        return may.error();
    auto database = openToRead(location);
    if (!database)
        return database.error();
    return std::unique_ptr<Reader>(new Reader(location, std::move(*database), std::move(pause), std::move(cache)));
}

void Reader::setDeadline(std::chrono::milliseconds perQuery) noexcept
{
    m_allowed = perQuery;
}

void Reader::interrupt() noexcept
{
    const std::lock_guard lock(m_mutex);
    m_database->interrupt();
}

Result<void> Reader::prepare()
{
    if (auto may = mayAsk(m_pause.get()); !may)
        return may;
    if (m_database->isLost()) {
        auto database = openToRead(m_location);
        if (!database)
            return database.error();
        m_filtered.reset(); // before its database
        const std::lock_guard lock(m_mutex);
        m_database.swap(*database);
    }
    m_database->startDeadline(m_allowed);
    return {};
}

filter::SqlCondition Reader::condition(const filter::Expression& expression, filter::SqlRows rows, TimePoint now) const
{
    return conditionFor(*m_database, expression, rows, now);
}

Result<Statement*> Reader::query(const char* name, const filter::SqlCondition* where)
{
    if (auto ready = prepare(); !ready)
        return ready.error();
    if (where == nullptr)
        return m_database->statement(name);
    auto list = filteredList(*m_database, name, *where);
    if (!list)
        return list.error();
    m_filtered = *std::move(list);
    return m_filtered.get();
}

Result<Page<SessionRow>> Reader::sessions(std::optional<Cursor> from, std::uint32_t limit,
                                          const filter::SqlCondition* where)
{
    auto list = query("list_sessions", where);
    if (!list)
        return list.error();
    const Cursor start = from.value_or(kAfterAll);
    const std::uint32_t size = pageSize(limit);
    auto done =
        (*list)->bind(":micros", start.micros).bind(":row", start.row).bind(":limit", std::int64_t{size} + 1).exec();
    return done ? pageOf<SessionRow>(**list, size, sessionFrom) : done.error();
}

Result<SessionRow> Reader::session(std::string_view id)
{
    auto get = query("get_session");
    if (!get)
        return get.error();
    if (auto done = (*get)->bindText(":uid", id).exec(); !done)
        return done.error();
    auto page = pageOf<SessionRow>(**get, 1, sessionFrom);
    if (!page)
        return page.error();
    if (page->items.empty())
        return Error{ErrorCode::NotFound, "there is no such session", std::string(id)};
    return std::move(page->items.front());
}

Result<std::int64_t> Reader::sessionCount()
{
    auto get = query("count_sessions");
    const auto count = get ? (*get)->firstNumber() : Result<std::optional<std::int64_t>>(get.error());
    return count ? Result<std::int64_t>(count->value_or(0)) : count.error();
}

Result<std::uint64_t> Reader::lastCommit()
{
    auto get = query("get_last_commit");
    const auto number = get ? (*get)->firstNumber() : Result<std::optional<std::int64_t>>(get.error());
    return number ? Result<std::uint64_t>(static_cast<std::uint64_t>(number->value_or(0))) : number.error();
}

Result<std::string> Reader::databaseName()
{
    auto get = query("get_database_name");
    if (!get)
        return get.error();
    std::string name;
    const auto done = (*get)->each([&name](const Statement& row) { name = row.text(0); });
    return done ? Result<std::string>(std::move(name)) : done.error();
}

Result<Page<CallRow>> Reader::callsOfSession(std::string_view session, Order order, std::optional<Cursor> from,
                                             std::uint32_t limit, const filter::SqlCondition* where)
{
    const bool ascending = order == Order::Ascending;
    auto list = query(ascending ? "list_calls_after" : "list_calls_before", where);
    if (!list)
        return list.error();
    const Cursor start = from.value_or(ascending ? kBeforeAll : kAfterAll);
    (*list)->bindText(":session", session).bind(":micros", start.micros).bind(":row", start.row);
    return calls(**list, limit);
}

Result<std::vector<CallRow>> Reader::openCalls(std::uint32_t limit)
{
    auto list = query("list_open_calls");
    if (!list)
        return list.error();
    auto page = calls(**list, limit);
    return page ? Result<std::vector<CallRow>>(std::move(page->items)) : page.error();
}

Result<Page<CallRow>> Reader::calls(Statement& statement, std::uint32_t limit)
{
    const std::uint32_t size = pageSize(limit);
    auto done = statement.bind(":limit", std::int64_t{size} + 1).exec();
    return done ? pageOf<CallRow>(statement, size, callFrom) : done.error();
}

Result<std::int64_t> Reader::callCount(std::string_view session)
{
    auto get = query("count_calls");
    const auto count =
        get ? (*get)->bindText(":session", session).firstNumber() : Result<std::optional<std::int64_t>>(get.error());
    return count ? Result<std::int64_t>(count->value_or(0)) : count.error();
}

Result<CallRow> Reader::call(CallId id)
{
    auto get = query("get_call");
    if (!get)
        return get.error();
    if (auto done = (*get)->bindId(":uid", id).exec(); !done)
        return done.error();
    auto page = pageOf<CallRow>(**get, 1, callFrom);
    if (!page)
        return page.error();
    if (page->items.empty())
        return Error{ErrorCode::NotFound, "there is no such call", id.toString()};
    return std::move(page->items.front());
}

Result<std::vector<policy::ApprovalRule>> Reader::approvalRules()
{
    if (auto ready = prepare(); !ready)
        return ready.error();
    return readApprovalRules(*m_database);
}

Result<std::vector<UsageSum>> Reader::usage(TimePoint since, TimePoint until, std::chrono::microseconds span)
{
    if (auto ready = prepare(); !ready)
        return ready.error();
    return sumUsage(*m_database, since, until, span);
}

Result<Activity> Reader::activity(const ActivityRequest& request)
{
    if (auto ready = prepare(); !ready)
        return ready.error();
    return readActivity(*m_database, request);
}

Result<std::set<std::string>> Reader::toolNames()
{
    if (auto ready = prepare(); !ready)
        return ready.error();
    return readToolNames(*m_database, m_compression);
}

Result<Page<PolicyChangeRow>> Reader::policyHistory(std::string_view policyId, std::optional<Cursor> from,
                                                    std::uint32_t limit)
{
    if (auto ready = prepare(); !ready)
        return ready.error();
    const std::uint32_t size = pageSize(limit);
    auto rows = readPolicyChanges(*m_database, policyId, from.value_or(kAfterAll).row, size + 1);
    if (!rows)
        return rows.error();
    Page<PolicyChangeRow> page{*std::move(rows), {}};
    if (page.items.size() > size) {
        page.items.pop_back();
        page.next = page.items.back().cursor;
    }
    return page;
}

Result<PolicyBook> Reader::policyBook()
{
    if (auto ready = prepare(); !ready)
        return ready.error();
    return readPolicyBook(*m_database);
}

Result<PolicyVersion> Reader::policyVersion(std::string_view version)
{
    if (auto ready = prepare(); !ready)
        return ready.error();
    return readPolicyVersion(*m_database, version);
}

Result<Page<FoundText>> Reader::findTexts(const TextSearch& search, std::optional<Cursor> from, std::uint32_t limit)
{
    auto ready = prepare();
    return ready ? store::findTexts(*m_database, search, from, pageSize(limit)) : ready.error();
}

Result<std::int64_t> Reader::countUnindexed(std::int64_t limit)
{
    auto ready = prepare();
    return ready ? store::countUnindexed(*m_database, limit) : ready.error();
}

Result<EvidenceHead> Reader::evidenceHead()
{
    if (auto ready = prepare(); !ready)
        return ready.error();
    return readEvidenceHead(*m_database);
}

Result<std::string> Reader::evidenceKeyId()
{
    if (auto ready = prepare(); !ready)
        return ready.error();
    return readEvidenceKeyId(*m_database);
}

} // namespace luthien::store
