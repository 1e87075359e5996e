// SPDX-License-Identifier: Apache-2.0
#include "store/reader.h"

#include "store/approval_rule_table.h"
#include "store/block.h"
#include "store/database.h"
#include "store/filter_query.h"
#include "store/instance.h"
#include "store/page_bounds.h"
#include "store/removed_texts.h"
#include "store/row_mapping.h"

#include <boost/json.hpp>

#include <algorithm>
#include <limits>

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

struct Reader::Request
{
    std::uint32_t seq = 0;
    std::int64_t headers = 0;
    std::int64_t opening = 0;
    std::optional<std::int64_t> head;
    std::optional<std::int64_t> closing;
    std::int64_t rawBytes = 0;
};

Reader::Reader(DatabaseLocation location, std::unique_ptr<Database> database,
               std::shared_ptr<const std::atomic<bool>> pause)
    : m_location(std::move(location))
    , m_pause(std::move(pause))
    , m_database(std::move(database))
{
}

Reader::~Reader() = default;

Result<std::unique_ptr<Reader>> Reader::open(const DatabaseLocation& location,
                                             std::shared_ptr<const std::atomic<bool>> pause)
{
    if (auto may = mayAsk(pause.get()); !may)
        return may.error();
    auto database = openToRead(location);
    if (!database)
        return database.error();
    return std::unique_ptr<Reader>(new Reader(location, std::move(*database), std::move(pause)));
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

Result<std::int64_t> Reader::callRow(CallId id)
{
    auto get = query("get_call_id");
    const auto row = get ? (*get)->bindId(":uid", id).firstNumber() : Result<std::optional<std::int64_t>>(get.error());
    if (!row)
        return row.error();
    if (!*row)
        return Error{ErrorCode::NotFound, "there is no such call", id.toString()};
    return **row;
}

Result<std::int64_t> Reader::callWithTexts(CallId id)
{
    auto get = query("get_call_id");
    if (!get)
        return get.error();
    if (auto done = (*get)->bindId(":uid", id).exec(); !done)
        return done.error();
    const auto row = (*get)->next();
    const bool isThere = row && *row;
    const std::int64_t number = isThere ? (*get)->number(0) : 0;
    const bool hasTexts = isThere && (*get)->number(1) == 0;
    (*get)->finish();
    if (!isThere)
        return row ? Error{ErrorCode::NotFound, "there is no such call", id.toString()} : row.error();
    return hasTexts ? Result<std::int64_t>(number) : textsRemoved(id);
}

Result<std::vector<EventRow>> Reader::events(CallId id, std::uint32_t fromSeq, std::uint32_t limit)
{
    const auto row = callWithTexts(id);
    auto list = query("list_blocks_from");
    if (!row || !list)
        return row ? list.error() : row.error();
    if (auto done = (*list)->bind(":call", *row).bind(":from", std::int64_t{fromSeq}).exec(); !done)
        return done.error();
    const std::uint32_t size = pageSize(limit);
    std::vector<EventRow> events;
    const auto take = [&](const BlockEvent& event) {
        if (event.seq >= fromSeq)
            events.push_back({id, event.seq, event.at, event.direction, event.kind, std::string(event.bytes)});
        return events.size() < size;
    };
    auto more = (*list)->next();
    for (; more && *more && events.size() < size; more = (*list)->next()) {
        const BlockHead head{static_cast<std::uint32_t>((*list)->number(0)),
                             static_cast<std::uint32_t>((*list)->number(1)), fromMicros((*list)->number(2))};
        const auto raw = unpack(**list, 3);
        auto done = raw ? forEachEvent(head, *raw, take) : Result<void>(raw.error());
        if (!done) {
            (*list)->finish();
            return done.error();
        }
    }
    (*list)->finish();
    if (!more)
        return more.error();
    if (auto done = fill(events); !done)
        return done.error();
    return events;
}

Result<void> Reader::fill(std::vector<EventRow>& events)
{
    for (EventRow& event : events) {
        if (event.kind != WireKind::Request && event.kind != WireKind::End)
            continue;
        Result<std::string> bytes = std::string();
        if (event.kind == WireKind::End) {
            bytes = end(event.call);
        } else {
            const auto recorded = request(event.call, event.seq);
            bytes = recorded ? body(*recorded) : recorded.error();
        }
        if (!bytes)
            return bytes.error();
        event.bytes = std::move(*bytes);
    }
    return {};
}

Result<std::string> Reader::end(CallId id)
{
    auto get = query("get_end");
    if (!get)
        return get.error();
    if (auto done = (*get)->bindId(":uid", id).exec(); !done)
        return done.error();
    const auto row = (*get)->next();
    if (!row || !*row)
        return row ? Error{ErrorCode::NotFound, "there is no such call", id.toString()} : row.error();
    boost::json::object json;
    json["status"] = callStatusName(static_cast<CallStatus>((*get)->number(0)));
    json["http_status"] = (*get)->number(1);
    const std::string_view reason = stopReasonName(static_cast<StopReason>((*get)->number(2)));
    json["stop_reason"] = reason.empty() ? boost::json::value() : boost::json::value(reason);
    const std::string error = (*get)->text(3);
    json["error"] = error.empty() ? boost::json::value() : boost::json::value(error);
    (*get)->finish();
    return boost::json::serialize(json);
}

Result<Reader::Request> Reader::request(CallId id, std::optional<std::uint32_t> seq)
{
    const auto callRowId = callWithTexts(id);
    auto get = query(seq ? "get_request" : "get_first_request");
    if (!callRowId || !get)
        return callRowId ? get.error() : callRowId.error();
    (*get)->bind(":call", *callRowId);
    if (seq)
        (*get)->bind(":seq", std::int64_t{*seq});
    if (auto done = (*get)->exec(); !done)
        return done.error();
    const auto row = (*get)->next();
    if (!row || !*row)
        return row ? Error{ErrorCode::NotFound, "no request was recorded for this call", id.toString()} : row.error();
    const auto optionalNumber = [&](int column) {
        return (*get)->isNull(column) ? std::nullopt : std::optional((*get)->number(column));
    };
    const Request request{static_cast<std::uint32_t>((*get)->number(0)),
                          (*get)->number(2),
                          (*get)->number(3),
                          optionalNumber(4),
                          optionalNumber(5),
                          (*get)->number(6)};
    (*get)->finish();
    return request;
}

Result<std::string> Reader::requestHead(CallId id)
{
    const auto recorded = request(id, std::nullopt);
    return recorded ? content(recorded->headers) : recorded.error();
}

Result<std::string> Reader::requestBody(CallId id)
{
    const auto recorded = request(id, std::nullopt);
    return recorded ? body(*recorded) : recorded.error();
}

Result<std::string> Reader::body(const Request& request)
{
    auto whole = content(request.opening);
    if (!whole || !request.head)
        return whole;
    auto list = query("list_messages");
    if (!list)
        return list.error();
    (*list)->bind(":head", *request.head).bind(":from", std::int64_t{0});
    if (auto done = (*list)->bind(":until", std::numeric_limits<std::int64_t>::max()).exec(); !done)
        return done.error();
    whole->reserve(static_cast<std::size_t>(request.rawBytes));
    auto row = (*list)->next();
    for (; row && *row; row = (*list)->next()) {
        const auto message = unpack(**list, 3);
        if (!message) {
            (*list)->finish();
            return message;
        }
        *whole += *message;
    }
    (*list)->finish();
    const auto closing = row ? content(request.closing.value_or(0)) : Result<std::string>(row.error());
    if (!closing)
        return closing.error();
    *whole += *closing;
    if (whole->size() != static_cast<std::size_t>(request.rawBytes))
        return Error{ErrorCode::Io, "a stored request is incomplete", "database"};
    return whole;
}

Result<std::vector<MessageRow>> Reader::messages(CallId id, std::uint32_t fromPosition, std::uint32_t limit)
{
    const auto recorded = request(id, std::nullopt);
    if (!recorded)
        return recorded.error();
    std::vector<MessageRow> messages;
    if (!recorded->head)
        return messages;
    auto list = query("list_messages");
    if (!list)
        return list.error();
    auto done = (*list)
                    ->bind(":head", *recorded->head)
                    .bind(":from", std::int64_t{fromPosition})
                    .bind(":until", std::int64_t{fromPosition} + pageSize(limit))
                    .exec();
    if (!done)
        return done.error();
    auto row = (*list)->next();
    for (; row && *row; row = (*list)->next()) {
        auto json = unpack(**list, 3);
        if (!json) {
            (*list)->finish();
            return json.error();
        }
        json->erase(0, static_cast<std::size_t>((*list)->number(2)));
        messages.push_back({(*list)->number(0), static_cast<std::uint32_t>((*list)->number(1)), std::move(*json)});
    }
    (*list)->finish();
    return row ? Result<std::vector<MessageRow>>(std::move(messages)) : row.error();
}

Result<std::string> Reader::reply(CallId id)
{
    return storedReply("get_reply", id);
}

Result<std::string> Reader::sentReply(CallId id)
{
    return storedReply("get_sent_reply", id);
}

Result<std::string> Reader::storedReply(const char* queryName, CallId id)
{
    auto get = query(queryName);
    if (!get)
        return get.error();
    if (auto done = (*get)->bindId(":uid", id).exec(); !done)
        return done.error();
    const auto row = (*get)->next();
    if (!row)
        return row.error();
    if (*row) {
        auto json = unpack(**get, 0);
        (*get)->finish();
        return json;
    }
    const auto exists = callWithTexts(id); // tells an unknown call, and a removed reply, from one without
    return exists ? Result<std::string>(std::string()) : exists.error();
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

Result<Settings> Reader::settings()
{
    if (auto ready = prepare(); !ready)
        return ready.error();
    return readSettings(*m_database);
}

Result<std::string> Reader::content(std::int64_t id)
{
    auto get = query("get_content");
    if (!get)
        return get.error();
    if (auto done = (*get)->bind(":id", id).exec(); !done)
        return done.error();
    const auto row = (*get)->next();
    if (!row || !*row)
        return row ? Error{ErrorCode::NotFound, "stored bytes are missing", std::to_string(id)} : row.error();
    auto bytes = unpack(**get, 0);
    (*get)->finish();
    return bytes;
}

/// The columns from column on are raw_bytes, codec, data.
Result<std::string> Reader::unpack(const Statement& row, int column)
{
    return m_compression.unpack(static_cast<Codec>(row.number(column + 1)), row.blob(column + 2),
                                static_cast<std::uint64_t>(row.number(column)));
}

} // namespace luthien::store
