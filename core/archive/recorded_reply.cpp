// SPDX-License-Identifier: Apache-2.0
#include "archive/recorded_reply.h"

#include "conversation/response.h"
#include "protocol/content_coding.h"
#include "protocol/http_message.h"

#include <boost/json.hpp>

#include <utility>
#include <vector>

namespace luthien::archive {

using namespace conversation;
namespace json = boost::json;

namespace {
/// What the record of a reply's head says of its form.
struct Head
{
    unsigned httpStatus = 0;
    std::string contentType;
    bool isReadable = true;
};

/// See protocol::responseHeadJson.
Head headFrom(std::string_view text)
{
    Head head;
    boost::system::error_code failed;
    const json::value value = json::parse(json::string_view(text.data(), text.size()), failed);
    const json::object* const object = failed ? nullptr : value.if_object();
    if (object == nullptr)
        return head;
    if (const json::value* const status = object->if_contains("status"); status != nullptr && status->is_int64())
        head.httpStatus = static_cast<unsigned>(status->get_int64());
    const json::value* const headers = object->if_contains("headers");
    if (headers == nullptr || !headers->is_array())
        return head;
    bool hasType = false;
    bool hasCoding = false;
    for (const json::value& header : headers->get_array()) {
        const json::array* const pair = header.if_array();
        if (pair == nullptr || pair->size() != 2 || !(*pair)[0].is_string() || !(*pair)[1].is_string())
            continue;
        const std::string_view name((*pair)[0].get_string());
        const std::string_view content((*pair)[1].get_string());
        if (protocol::equalsIgnoringCase(name, "content-type") && !std::exchange(hasType, true))
            head.contentType = content;
        else if (protocol::equalsIgnoringCase(name, "content-encoding")) // two are one too many
            head.isReadable = !std::exchange(hasCoding, true) && protocol::contentCodingFromName(content).has_value();
    }
    return head;
}
} // namespace

ReplyPieces::Part ReplyPieces::partOf(Direction direction, WireKind kind)
{
    if (kind == WireKind::Request)
        m_isHeadNext = true;
    if (direction != Direction::Received || kind == WireKind::Request || kind == WireKind::End)
        return Part::None;
    // The status and headers, as our own JSON, come before the body, which may look the same.
    const bool isFirst = std::exchange(m_isHeadNext, false);
    return isFirst && kind == WireKind::Head ? Part::Head : Part::Body;
}

RecordedReply::RecordedReply(Api api, bool isStreamAsked, Take take)
    : m_dialect(protocol::dialectFor(api))
    , m_isStreamAsked(isStreamAsked)
    , m_take(std::move(take))
{
}

ReplyPieces::Part RecordedReply::read(const WireEvent& event)
{
    const ReplyPieces::Part part = m_pieces.partOf(event.direction, event.kind);
    if (event.kind == WireKind::Request) { // asked again: the reply before is none any more
        finish();
        m_httpStatus = 0;
    }
    if (part == ReplyPieces::Part::Head) {
        finish();
        begin(event.bytes);
    } else if (part == ReplyPieces::Part::Body && m_isReadable) {
        body(event);
    }
    return part;
}

ReplyPieces::Part RecordedReply::read(const store::EventRow& event)
{
    return read(WireEvent{.call = event.call,
                          .seq = event.seq,
                          .at = event.at,
                          .direction = event.direction,
                          .kind = event.kind,
                          .partial = false,
                          .bytes = event.bytes,
                          .meaning = {}});
}

void RecordedReply::begin(std::string_view recorded)
{
    const Head head = headFrom(recorded);
    m_httpStatus = head.httpStatus;
    m_isReadable = head.isReadable;
    // Errors come whole, also where a stream was asked for.
    constexpr unsigned kFirstError = 400;
    m_framer.reset();
    m_decoder.reset();
    if (const auto form = m_dialect.streamForm(head.contentType, m_isStreamAsked && head.httpStatus < kFirstError)) {
        m_framer.emplace(*form);
        m_decoder = m_dialect.makeDecoder();
    }
}

void RecordedReply::body(const WireEvent& event)
{
    m_piece = event;
    m_piece.bytes = {};
    if (m_framer) {
        streamed(event.bytes);
        return;
    }
    m_isReadable = m_body.size() + event.bytes.size() <= kMaxUnderstoodBytes;
    if (m_isReadable)
        m_body += event.bytes;
    else
        m_body = {};
}

void RecordedReply::streamed(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto step = m_framer->parse(bytes);
        bytes.remove_prefix(step.consumed);
        if (step.state == protocol::StreamFramer::State::TooLarge) {
            m_isReadable = false;
            m_framer.reset();
            return;
        }
        if (step.state == protocol::StreamFramer::State::Event)
            streamEvent(step.event);
    }
}

void RecordedReply::finish()
{
    if (m_framer) {
        if (const auto last = m_framer->finish(); last.state == protocol::StreamFramer::State::Event)
            streamEvent(last.event);
        m_framer.reset();
    }
    if (m_body.empty())
        return;
    std::vector<StreamEvent> steps;
    m_decoder = m_dialect.decodeBody(m_body, steps);
    for (const StreamEvent& step : steps)
        m_take(m_piece, step);
    m_body = {};
}

void RecordedReply::streamEvent(const protocol::SseEvent& event)
{
    if (!event.hasData)
        return;
    for (const StreamEvent& step : m_decoder->decode(event.type, event.data))
        m_take(m_piece, step);
}

} // namespace luthien::archive
