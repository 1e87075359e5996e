// SPDX-License-Identifier: Apache-2.0
#include "store/block.h"
#include "store/content_store.h"
#include "store/database.h"
#include "store/page_bounds.h"
#include "store/reader.h"
#include "store/removed_texts.h"

#include <boost/json.hpp>

#include <algorithm>
#include <functional>
#include <limits>

namespace luthien::store {

using namespace conversation;
using What = TextCache::What;

namespace {
// PostgreSQL's client holds all rows of an answer at once. A block of a call that is over has up to a MiB, those of one
// that runs are small and many.
constexpr std::int64_t kFewestBlocks = 2;
constexpr std::int64_t kMostBlocks = 16;
} // namespace

struct Reader::FoundCall
{
    std::int64_t row = 0;
    std::string session;
    bool hasTexts = false;
    bool isOver = false;
};

struct Reader::Request
{
    std::int64_t headers = 0;
    std::int64_t opening = 0;
    std::optional<std::int64_t> head;
    std::optional<std::int64_t> closing;
    std::int64_t rawBytes = 0;
};

Result<Reader::FoundCall> Reader::find(CallId id)
{
    auto get = query("get_call_id");
    if (!get)
        return get.error();
    if (auto done = (*get)->bindId(":uid", id).exec(); !done)
        return done.error();
    const auto row = (*get)->next();
    if (!row || !*row)
        return row ? Error{ErrorCode::NotFound, "there is no such call", id.toString()} : row.error();
    FoundCall found{(*get)->number(0), (*get)->text(3), (*get)->number(1) == 0,
                    static_cast<CallStatus>((*get)->number(2)) != CallStatus::Open};
    (*get)->finish();
    return found;
}

Result<std::int64_t> Reader::callRow(CallId id)
{
    const auto found = find(id);
    return found ? Result<std::int64_t>(found->row) : found.error();
}

template <typename Texts, typename Read>
Result<Texts> Reader::texts(CallId id, TextCache::Key key, Read read)
{
    const TextCache::Age age = m_cache ? m_cache->age() : 0;
    const auto call = find(id); // each time: whatever is kept, what was removed is not shown any more
    if (!call)
        return call.error();
    if (!call->hasTexts)
        return textsRemoved(id);
    key.call = call->row;
    if (!m_cache || !call->isOver)
        return read(key);
    if (const auto kept = m_cache->find(key))
        return std::get<Texts>(*kept);
    Result<Texts> texts = read(key);
    if (texts)
        m_cache->put(key, call->session, *texts, age);
    return texts;
}

Result<EventPage> Reader::events(CallId id, std::uint32_t fromSeq, std::uint32_t limit)
{
    return texts<EventPage>(id, {.what = What::Events, .from = fromSeq, .limit = pageSize(limit)},
                            [&](const TextCache::Key& key) { return readEvents(id, key); });
}

Result<void> Reader::eachEvent(CallId id, const std::function<Result<bool>(const EventRow&)>& take)
{
    std::optional<std::uint32_t> from = 0;
    while (from) {
        const auto page = events(id, *from, kMaxPage);
        if (!page)
            return page.error();
        for (const EventRow& event : page->items) {
            const auto goesOn = take(event);
            if (!goesOn)
                return goesOn.error();
            if (!*goesOn)
                return {};
        }
        from = page->next;
    }
    return {};
}

Result<EventPage> Reader::readEvents(CallId id, const TextCache::Key& key)
{
    EventPage page;
    std::size_t bytes = 0;
    std::uint32_t wanted = key.from;
    const auto take = [&](const BlockEvent& event) {
        if (event.seq < wanted) // of a block that began before it
            return true;
        if (page.items.size() == key.limit || bytes >= kMaxEventBytes) {
            page.next = event.seq;
            return false;
        }
        bytes += event.bytes.size();
        wanted = event.seq + 1;
        page.items.push_back({id, event.seq, event.at, event.direction, event.kind, std::string(event.bytes)});
        return true;
    };
    std::optional<std::uint32_t> from = key.from;
    for (std::int64_t blocks = kFewestBlocks; from && !page.next; blocks = std::min(2 * blocks, kMostBlocks)) {
        const auto next = forSomeBlocks(key.call, *from, blocks, take);
        if (!next)
            return next.error();
        from = *next;
    }
    if (auto done = fill(page.items, key.call); !done)
        return done.error();
    return page;
}

Result<std::optional<std::uint32_t>> Reader::forSomeBlocks(std::int64_t call, std::uint32_t from, std::int64_t limit,
                                                           const std::function<bool(const BlockEvent&)>& take)
{
    auto list = query("list_blocks_from");
    if (!list)
        return list.error();
    std::uint32_t next = 0;
    std::int64_t count = 0;
    bool goesOn = true;
    (*list)->bind(":call", call).bind(":from", std::int64_t{from}).bind(":limit", limit);
    const auto done = (*list)->each([&](const Statement& row) -> Result<void> {
        const BlockHead head{static_cast<std::uint32_t>(row.number(0)), static_cast<std::uint32_t>(row.number(1)),
                             fromMicros(row.number(2))};
        next = head.seq + head.events;
        ++count;
        if (!goesOn)
            return {};
        const auto raw = unpack(row, 3);
        return raw ? forEachEvent(head, *raw, [&](const BlockEvent& event) { return goesOn = take(event); })
                   : raw.error();
    });
    if (!done)
        return done.error();
    return count < limit ? std::nullopt : std::optional(next);
}

Result<void> Reader::fill(std::vector<EventRow>& events, std::int64_t call)
{
    for (EventRow& event : events) {
        if (event.kind != WireKind::Request && event.kind != WireKind::End)
            continue;
        Result<std::string> bytes = std::string();
        if (event.kind == WireKind::End) {
            bytes = end(event.call);
        } else {
            const auto recorded = request(event.call, call, event.seq);
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
    const std::int64_t httpStatus = (*get)->number(1);
    json["http_status"] = httpStatus == 0 ? boost::json::value() : boost::json::value(httpStatus);
    const std::string_view reason = stopReasonName(static_cast<StopReason>((*get)->number(2)));
    json["stop_reason"] = reason.empty() ? boost::json::value() : boost::json::value(reason);
    const std::string error = (*get)->text(3);
    json["error"] = error.empty() ? boost::json::value() : boost::json::value(error);
    (*get)->finish();
    return boost::json::serialize(json);
}

Result<Reader::Request> Reader::request(CallId id, std::int64_t call, std::optional<std::uint32_t> seq)
{
    auto get = query(seq ? "get_request" : "get_first_request");
    if (!get)
        return get.error();
    (*get)->bind(":call", call);
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
    const Request request{(*get)->number(2), (*get)->number(3), optionalNumber(4), optionalNumber(5),
                          (*get)->number(6)};
    (*get)->finish();
    return request;
}

Result<std::string> Reader::requestHead(CallId id)
{
    return texts<std::string>(id, {.what = What::RequestHead}, [&](const TextCache::Key& key) {
        const auto recorded = request(id, key.call);
        return recorded ? content(recorded->headers) : recorded.error();
    });
}

Result<std::string> Reader::requestBody(CallId id)
{
    return texts<std::string>(id, {.what = What::RequestBody}, [&](const TextCache::Key& key) {
        const auto recorded = request(id, key.call);
        return recorded ? body(*recorded) : recorded.error();
    });
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
    (*list)->bind(":until", std::numeric_limits<std::int64_t>::max());
    whole->reserve(static_cast<std::size_t>(request.rawBytes));
    const auto listed = (*list)->each([&](const Statement& row) -> Result<void> {
        const auto message = unpack(row, 3);
        if (!message)
            return message.error();
        *whole += *message;
        return {};
    });
    const auto closing = listed ? content(request.closing.value_or(0)) : Result<std::string>(listed.error());
    if (!closing)
        return closing.error();
    *whole += *closing;
    if (whole->size() != static_cast<std::size_t>(request.rawBytes))
        return Error{ErrorCode::Io, "a stored request is incomplete", "database"};
    return whole;
}

Result<std::vector<MessageRow>> Reader::messages(CallId id, std::uint32_t fromPosition, std::uint32_t limit)
{
    return texts<std::vector<MessageRow>>(id, {.what = What::Messages, .from = fromPosition, .limit = pageSize(limit)},
                                          [&](const TextCache::Key& key) { return readMessages(id, key); });
}

Result<std::vector<MessageRow>> Reader::readMessages(CallId id, const TextCache::Key& key)
{
    const auto recorded = request(id, key.call);
    if (!recorded)
        return recorded.error();
    std::vector<MessageRow> messages;
    if (!recorded->head)
        return messages;
    auto list = query("list_messages");
    if (!list)
        return list.error();
    (*list)
        ->bind(":head", *recorded->head)
        .bind(":from", std::int64_t{key.from})
        .bind(":until", std::int64_t{key.from} + key.limit);
    const auto done = (*list)->each([&](const Statement& row) -> Result<void> {
        auto json = unpack(row, 3);
        if (!json)
            return json.error();
        json->erase(0, static_cast<std::size_t>(row.number(2)));
        messages.push_back({row.number(0), static_cast<std::uint32_t>(row.number(1)), std::move(*json)});
        return {};
    });
    return done ? Result<std::vector<MessageRow>>(std::move(messages)) : done.error();
}

Result<std::string> Reader::reply(CallId id)
{
    return texts<std::string>(id, {.what = What::Reply},
                              [&](const TextCache::Key&) { return readReply("get_reply", id); });
}

Result<std::string> Reader::sentReply(CallId id)
{
    return texts<std::string>(id, {.what = What::SentReply},
                              [&](const TextCache::Key&) { return readReply("get_sent_reply", id); });
}

Result<std::string> Reader::readReply(const char* queryName, CallId id)
{
    auto get = query(queryName);
    if (!get)
        return get.error();
    if (auto done = (*get)->bindId(":uid", id).exec(); !done)
        return done.error();
    const auto row = (*get)->next();
    if (!row || !*row)
        return row ? Result<std::string>(std::string()) : row.error();
    auto json = unpack(**get, 0);
    (*get)->finish();
    return json;
}

Result<std::string> Reader::content(std::int64_t id)
{
    if (auto ready = prepare(); !ready)
        return ready.error();
    auto bytes = readContent(*m_database, m_compression, id);
    if (!bytes)
        return bytes.error();
    return *bytes ? Result<std::string>(**std::move(bytes))
                  : Error{ErrorCode::NotFound, "stored bytes are missing", std::to_string(id)};
}

/// The columns from column on are raw_bytes, codec, data.
Result<std::string> Reader::unpack(const Statement& row, int column)
{
    return m_compression.unpack(static_cast<Codec>(row.number(column + 1)), row.blob(column + 2),
                                static_cast<std::uint64_t>(row.number(column)));
}

} // namespace luthien::store
