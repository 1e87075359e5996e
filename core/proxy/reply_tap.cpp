// SPDX-License-Identifier: Apache-2.0
#include "proxy/reply_tap.h"

#include "base/logging.h"
#include "protocol/redaction.h"

namespace luthien::proxy {

using conversation::EventKind;
using conversation::kMaxUnderstoodBytes;
using conversation::StreamEvent;
using conversation::WireKind;

namespace {
constexpr std::uint64_t kMaxDecodedBytes = std::uint64_t{1} << 30;

std::string recordedHead(const protocol::ResponseHead& head, std::optional<std::chrono::microseconds> connectTime)
{
    std::string json = protocol::responseHeadJson(head);
    if (connectTime) {
        json.pop_back();
        json += ",\"connect_us\":" + std::to_string(connectTime->count()) + '}';
    }
    return json;
}
} // namespace

ReplyTap::ReplyTap(CallRecorder& recorder, const protocol::Dialect& dialect, Metrics& metrics, ReplyListener* listener)
    : m_recorder(recorder)
    , m_dialect(dialect)
    , m_metrics(metrics)
    , m_listener(listener)
{
}

void ReplyTap::head(const protocol::ResponseHead& head, bool isStreamAsked,
                    std::optional<std::chrono::microseconds> connectTime)
{
    m_account.began(m_recorder.now());
    m_recorder.head(recordedHead(head, connectTime));
    // Errors come whole, also where a stream was asked for.
    const auto form = m_dialect.streamForm(head.fields.value("content-type"), isStreamAsked && head.status < 400);
    if (form) {
        m_framer.emplace(*form);
        m_decoder = m_dialect.makeDecoder();
    }
    const std::string_view coding = head.fields.value("content-encoding");
    if (!coding.empty()) {
        const bool isOne = head.fields.count("content-encoding") == 1;
        const auto known = isOne ? protocol::contentCodingFromName(coding) : std::nullopt;
        if (!known)
            m_readable = false;
        else if (*known != protocol::ContentCoding::Identity)
            m_contentDecoder.emplace(*known, kMaxDecodedBytes);
    }
    if (head.framing == protocol::BodyFraming::Length && !m_contentDecoder)
        m_wholeEnd = m_bytes + head.contentLength;
}

void ReplyTap::body(std::string_view bytes)
{
    m_bytes += bytes.size();
    m_hasBody = m_hasBody || !bytes.empty();
    m_digest.add(bytes);
    if (!m_contentDecoder || !m_readable) {
        readable(bytes);
        return;
    }
    std::string decoded;
    const auto result = m_contentDecoder->decode(bytes, decoded);
    readable(decoded);
    if (!result)
        stopReading();
}

void ReplyTap::stopReading()
{
    if (m_readable)
        m_metrics.add(Metric::ParseErrors);
    m_readable = false;
    m_kept = {};
}

void ReplyTap::readable(std::string_view bytes)
{
    m_decodedBytes += bytes.size();
    if (m_framer && m_readable) {
        streamed(bytes);
        return;
    }
    const bool last = m_wholeEnd && m_bytes == *m_wholeEnd;
    if (m_readable && m_kept.size() + bytes.size() > kMaxUnderstoodBytes)
        stopReading();
    if (m_readable)
        m_kept += bytes;
    if (last)
        wholeBody(bytes);
    else
        m_recorder.partial(bytes);
}

void ReplyTap::streamed(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto step = m_framer->parse(bytes);
        if (step.state == protocol::StreamFramer::State::TooLarge) {
            stopReading();
            m_recorder.partial(bytes);
            return;
        }
        const std::string_view taken = bytes.substr(0, step.consumed);
        bytes.remove_prefix(step.consumed);
        if (step.state == protocol::StreamFramer::State::Event) {
            streamEvent(step.event, taken);
            continue;
        }
        m_recorder.partial(taken);
        if (m_listener)
            m_kept += taken;
    }
}

void ReplyTap::streamEvent(const protocol::SseEvent& event, std::string_view bytes)
{
    static constexpr StreamEvent kComment{.kind = EventKind::Keepalive};
    const auto meaning = event.hasData ? m_decoder->decode(event.type, event.data)
                                       : std::span<const StreamEvent>(&kComment, event.isComment ? 1 : 0);
    m_sawEvents |= event.hasData;
    apply(meaning);
    const std::uint32_t seq = m_recorder.event(conversation::wireKindOf(meaning), bytes, meaning);
    if (!m_listener)
        return;
    if (!m_kept.empty())
        bytes = m_kept.append(bytes);
    m_listener->replyEvent({.isWhole = false,
                            .form = m_framer->form(),
                            .type = event.type,
                            .data = event.data,
                            .bytes = bytes,
                            .hasData = event.hasData,
                            .meaning = meaning},
                           seq);
    m_kept.clear();
}

void ReplyTap::apply(std::span<const StreamEvent> meaning)
{
    for (const StreamEvent& event : meaning)
        m_account.apply(event, [this] { return m_recorder.now(); });
}

void ReplyTap::wholeBody(std::string_view lastPart)
{
    m_wholeDone = true;
    std::vector<StreamEvent> meaning;
    if (m_readable && !m_kept.empty())
        m_decoder = m_dialect.decodeBody(m_kept, meaning);
    apply(meaning);
    const std::uint32_t seq = m_recorder.event(conversation::wireKindOf(meaning), lastPart, meaning);
    if (m_listener && m_readable)
        m_listener->replyEvent({.isWhole = true,
                                .form = {},
                                .type = {},
                                .data = m_kept,
                                .bytes = m_kept,
                                .hasData = true,
                                .meaning = meaning},
                               seq);
    m_kept = {};
}

void ReplyTap::finish()
{
    if (m_contentDecoder && m_readable && !m_contentDecoder->finish())
        stopReading();
    if (m_framer && m_readable) {
        finishStream();
    } else if (!m_wholeDone && m_hasBody) {
        wholeBody({});
    }
    if (m_decoder && m_decoder->sawGarbage())
        m_metrics.add(Metric::ParseErrors);
}

/// What is left of an unfinished event is none in an event stream (WHATWG HTML 9.2.6), so it never reaches the
/// listener; line ends that nothing followed are harmless and do.
void ReplyTap::finishStream()
{
    if (!m_recorder.hasOpenPart())
        return;
    if (const auto last = m_framer->finish(); last.state == protocol::StreamFramer::State::Event) {
        streamEvent(last.event, {});
        return;
    }
    const std::uint32_t seq = m_recorder.event(WireKind::Head, {});
    if (m_listener && !m_framer->isInsideEvent() && !m_kept.empty())
        m_listener->replyEvent({.isWhole = false,
                                .form = m_framer->form(),
                                .type = {},
                                .data = {},
                                .bytes = m_kept,
                                .hasData = false,
                                .meaning = {}},
                               seq);
}

void ReplyTap::cut()
{
    if (m_recorder.hasOpenPart())
        m_recorder.event(WireKind::Head, {});
}

/// A list's own last event is not its last byte.
bool ReplyTap::hasItsEnd() const
{
    const bool isOpen = isInsideEvent() && m_framer->form() == conversation::StreamForm::List;
    return m_framer && !isOpen && m_decoder && m_decoder->isComplete();
}

void ReplyTap::startAgain()
{
    m_account.startAgain();
    m_sawEvents = m_wholeDone = m_hasBody = false;
    m_readable = true;
    m_framer.reset();
    m_wholeEnd.reset();
    m_contentDecoder.reset();
    m_decoder.reset();
    m_kept = {};
}

bool ReplyTap::lacksItsEnd() const
{
    const bool isJudged = m_framer && m_readable && m_sawEvents && m_dialect.api() != conversation::Api::Other;
    if (!isJudged || !m_decoder)
        return false;
    const bool isOpen = isInsideEvent() && m_framer->form() == conversation::StreamForm::List;
    return isOpen || (!m_decoder->isComplete() && response().stopReason == conversation::StopReason::None);
}

std::string ReplyTap::errorEnding(const protocol::HttpError& error) const
{
    return m_framer ? m_framer->errorEnding(m_dialect, error.status, error.code, error.message) : std::string();
}

void ReplyTap::describe(conversation::CallEnded& ended)
{
    m_account.describe(ended);
    ended.response.bytes = m_bytes;
    ended.response.sha256 = m_digest.finish();
}

} // namespace luthien::proxy
