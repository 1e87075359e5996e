// SPDX-License-Identifier: Apache-2.0
#include "desktop/call_detail_reading.h"

#include "archive/curl_command.h"
#include "archive/json_shapes.h"
#include "archive/markdown_export.h"
#include "archive/recorded_reply.h"
#include "desktop/resend_request.h"

#include <algorithm>
#include <functional>

namespace luthien::desktop {

using conversation::Direction;
using conversation::WireKind;

namespace {
constexpr std::uint32_t kDecisions = 100;
constexpr std::size_t kBeginBytes = 120;
constexpr std::size_t kLargestText = 256U << 20;
// A place is counted from the newest call on; further back it is not told.
constexpr int kCountedPages = 5;

Result<void> readDecisions(store::Reader& reader, CallDetail& detail)
{
    std::optional<store::Cursor> from;
    do {
        auto page = reader.decisionsOfCall(detail.call.id, from, kDecisions);
        if (!page)
            return page.error();
        for (store::DecisionRow& row : page->items)
            detail.decisions.push_back(std::move(row.decision));
        from = page->next;
    } while (from);
    return {};
}

Result<void> countPlace(store::Reader& reader, CallDetail& detail)
{
    const std::string& session = detail.call.identity.session;
    const auto calls = reader.callCount(session);
    if (!calls)
        return calls.error();
    detail.calls = *calls;
    std::optional<store::Cursor> from = detail.call.cursor;
    std::int64_t after = 0;
    for (int pages = 0; from && pages < kCountedPages; ++pages) {
        const auto page = reader.callsOfSession(session, store::Order::Ascending, from, store::Reader::kMaxPage);
        if (!page)
            return page.error();
        after += static_cast<std::int64_t>(page->items.size());
        from = page->next;
    }
    if (!from)
        detail.number = std::max<std::int64_t>(1, detail.calls - after);
    return {};
}

/// The heads are among the first events: the request, the one sent instead, the reply's.
Result<void> readHeads(store::Reader& reader, CallDetail& detail)
{
    if (auto head = reader.requestHead(detail.call.id))
        detail.requestHead = *std::move(head);
    const auto events = reader.events(detail.call.id, 1, 4);
    if (!events)
        return events.error();
    for (const store::EventRow& event : events->items) {
        if (event.kind == WireKind::Request && event.direction == Direction::Sent)
            detail.hasSentRequest = true;
        if (event.kind == WireKind::Head && event.bytes.starts_with('{') && detail.responseHead.empty())
            detail.responseHead = event.bytes;
    }
    return {};
}

/// The calls it was sent again as, and the one it was sent again from.
Result<void> readResends(store::Reader& reader, CallDetail& detail)
{
    const auto resends = reader.callCount(resentSession(detail.call.id));
    if (!resends)
        return resends.error();
    detail.resends = *resends;
    const CallId original = originalOf(detail.call.identity.session);
    if (original.isNil())
        return {};
    auto row = reader.call(original);
    if (!row)
        return row.error().code == ErrorCode::NotFound ? Result<void>() : row.error();
    detail.original = original;
    detail.originalSession = std::move(row->identity.session);
    return {};
}

Result<std::string> readSentRequest(store::Reader& reader, CallId call)
{
    std::string body;
    auto done = reader.eachEvent(call, [&body](const store::EventRow& event) -> Result<bool> {
        if (event.kind == WireKind::Request && event.direction == Direction::Sent)
            body = event.bytes;
        return event.kind == WireKind::Request;
    });
    return done ? Result<std::string>(std::move(body)) : done.error();
}

Result<std::string> readBody(store::Reader& reader, CallId call)
{
    std::string body;
    archive::ReplyPieces pieces;
    auto done = reader.eachEvent(call, [&body, &pieces](const store::EventRow& event) -> Result<bool> {
        if (pieces.partOf(event.direction, event.kind) != archive::ReplyPieces::Part::Body)
            return true;
        if (body.size() + event.bytes.size() > kLargestText)
            return Error{.code = ErrorCode::TooLarge, .message = "the reply is too long to be shown as a whole"};
        body += event.bytes;
        return true;
    });
    return done ? Result<std::string>(std::move(body)) : done.error();
}

Result<std::string> callLines(store::Reader& reader, const store::CallRow& call)
{
    std::string lines = archive::callJson(call, archive::TypeMember::Present) + '\n';
    if (call.areTextsRemoved)
        return lines;
    auto done = reader.eachEvent(call.id, [&lines](const store::EventRow& event) -> Result<bool> {
        if (lines.size() + event.bytes.size() > kLargestText)
            return Error{.code = ErrorCode::TooLarge, .message = "the call is too long to be copied: export it"};
        lines += archive::eventJson(event, archive::TypeMember::Present) + '\n';
        return true;
    });
    if (!done)
        return done.error();
    std::optional<store::Cursor> from;
    do {
        const auto page = reader.decisionsOfCall(call.id, from, kDecisions);
        if (!page)
            return page.error();
        for (const store::DecisionRow& row : page->items)
            lines += archive::decisionJson(row, archive::TypeMember::Present) + '\n';
        from = page->next;
    } while (from);
    return lines;
}

Result<std::string> curlOf(store::Reader& reader, const store::CallRow& call, const std::string& address)
{
    const auto head = reader.requestHead(call.id);
    if (!head)
        return head.error();
    const auto body = reader.requestBody(call.id);
    if (!body)
        return body.error();
    return archive::curlCommand({.api = call.api, .head = *head, .body = *body, .address = address});
}
} // namespace

Result<CallDetail> readCallDetail(store::Reader& reader, CallId call)
{
    auto row = reader.call(call);
    if (!row)
        return row.error();
    CallDetail detail{.call = *std::move(row)};
    if (auto read = readDecisions(reader, detail); !read)
        return read.error();
    if (auto read = countPlace(reader, detail); !read)
        return read.error();
    if (auto read = readResends(reader, detail); !read)
        return read.error();
    if (detail.call.areTextsRemoved)
        return detail;
    if (auto read = readHeads(reader, detail); !read)
        return read.error();
    return detail;
}

Result<std::string> readCallText(store::Reader& reader, CallId call, CallText which)
{
    switch (which) {
    case CallText::Request: {
        auto body = reader.requestBody(call);
        return !body && body.error().code == ErrorCode::NotFound ? Result<std::string>(std::string()) : body;
    }
    case CallText::SentRequest:
        return readSentRequest(reader, call);
    case CallText::Body:
        return readBody(reader, call);
    case CallText::Reply:
        return reader.reply(call);
    case CallText::SentReply:
        return reader.sentReply(call);
    }
    return std::string();
}

Result<EventBriefs> readEventBriefs(store::Reader& reader, CallId call, std::uint32_t from, std::uint32_t limit)
{
    const auto events = reader.events(call, from, limit);
    if (!events)
        return events.error();
    EventBriefs briefs{.items = {}, .next = events->next};
    for (const store::EventRow& event : events->items)
        briefs.items.push_back({.seq = event.seq,
                                .at = event.at,
                                .direction = event.direction,
                                .kind = event.kind,
                                .size = event.bytes.size(),
                                .begin = event.bytes.substr(0, kBeginBytes)});
    return briefs;
}

Result<std::string> readEvent(store::Reader& reader, CallId call, std::uint32_t seq)
{
    auto events = reader.events(call, seq, 1);
    if (!events)
        return events.error();
    if (events->items.empty() || events->items.front().seq != seq)
        return Error{.code = ErrorCode::NotFound, .message = "this event is not in the record any more"};
    return std::move(events->items.front().bytes);
}

Result<std::string> readCallForm(store::Reader& reader, CallId call, CallForm form, const std::string& address)
{
    const auto row = reader.call(call);
    if (!row)
        return row.error();
    switch (form) {
    case CallForm::Curl:
        return curlOf(reader, *row, address);
    case CallForm::Json:
        return callLines(reader, *row);
    case CallForm::Markdown:
        return archive::callMarkdown(reader, *row);
    }
    return std::string();
}

} // namespace luthien::desktop
