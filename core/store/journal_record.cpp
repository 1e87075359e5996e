// SPDX-License-Identifier: Apache-2.0
#include "store/journal_record.h"

#include "store/varint.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>
#include <vector>

namespace luthien::store {

using namespace conversation;

namespace {
/// A number is never given a second meaning: journals outlive the program that wrote them.
enum class RecordType : std::uint8_t { Opened = 1, Request, Wire, Ended, Decided, EndedAndSent };

void appendNumber(std::string& out, std::optional<std::int64_t> number)
{
    out += number ? '\1' : '\0';
    if (number)
        appendVarint(out, zigzag(*number));
}

void appendTime(std::string& out, TimePoint time)
{
    appendVarint(out, zigzag(toMicros(time)));
}

void appendText(std::string& out, std::string_view text)
{
    appendVarint(out, text.size());
    out += text;
}

/// The start of text, cut between two characters.
std::string_view cut(std::string_view text, std::size_t mostBytes)
{
    if (text.size() <= mostBytes)
        return text;
    std::size_t end = mostBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        --end;
    return text.substr(0, end);
}

void begin(std::string& out, RecordType type, CallId call)
{
    out.clear();
    out += static_cast<char>(type);
    out.append(reinterpret_cast<const char*>(call.bytes().data()), call.bytes().size());
}

void appendTotals(std::string& out, const BodyTotals& totals)
{
    appendVarint(out, totals.bytes);
    appendVarint(out, totals.changedBytes);
    out += asBytes(totals.sha256);
}

void appendScore(std::string& out, std::optional<double> score)
{
    appendVarint(out, score ? 1 : 0);
    appendVarint(out, std::bit_cast<std::uint64_t>(score.value_or(0)));
}

/// Takes members off the front of a record; after the first failure all others fail too.
class Fields
{
public:
    explicit Fields(std::string_view record)
        : m_rest(record)
    {
    }

    [[nodiscard]] bool ok() const noexcept { return m_ok; }
    [[nodiscard]] std::string_view rest() const noexcept { return m_rest; }

    std::uint64_t number()
    {
        std::uint64_t value = 0;
        m_ok = m_ok && readVarint(m_rest, value);
        return m_ok ? value : 0;
    }
    template <typename T>
    T enumerator(T last)
    {
        const std::uint64_t value = number();
        m_ok = m_ok && value <= static_cast<std::uint64_t>(last);
        return m_ok ? static_cast<T>(value) : T{};
    }
    TimePoint time() { return fromMicros(unzigzag(number())); }
    std::optional<std::int64_t> optionalNumber()
    {
        if (number() == 0)
            return std::nullopt;
        return unzigzag(number());
    }
    std::optional<double> score()
    {
        const bool isKnown = number() != 0;
        const auto value = std::bit_cast<double>(number());
        return isKnown ? std::optional(value) : std::nullopt;
    }
    std::optional<TimePoint> optionalTime()
    {
        const auto micros = optionalNumber();
        return micros ? std::optional(fromMicros(*micros)) : std::nullopt;
    }
    std::string_view bytes(std::uint64_t size)
    {
        m_ok = m_ok && size <= m_rest.size();
        if (!m_ok)
            return {};
        const std::string_view taken = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return taken;
    }
    std::string_view text() { return bytes(number()); }
    CallId call()
    {
        std::array<std::uint8_t, 16> id{};
        if (const std::string_view taken = bytes(id.size()); m_ok)
            std::memcpy(id.data(), taken.data(), id.size());
        return CallId(id);
    }
    BodyTotals totals()
    {
        BodyTotals totals;
        totals.bytes = number();
        totals.changedBytes = number();
        if (const std::string_view taken = bytes(totals.sha256.size()); m_ok)
            std::memcpy(totals.sha256.data(), taken.data(), totals.sha256.size());
        return totals;
    }

private:
    std::string_view m_rest;
    bool m_ok = true;
};

bool decodeOpened(Fields& fields, EventSink& sink)
{
    CallOpened event;
    event.call = fields.call();
    event.at = fields.time();
    Identity& who = event.identity;
    for (std::string* label :
         {&who.session, &who.agent, &who.parentAgent, &who.client, &who.clientVersion, &who.user, &who.traceId})
        *label = fields.text();
    who.sessionDerived = fields.number() != 0;
    event.api = fields.enumerator(Api::Other);
    for (std::string_view* text : {&event.upstream, &event.method, &event.path, &event.model, &event.preview})
        *text = fields.text();
    event.stream = fields.number() != 0;
    if (fields.ok())
        sink.opened(event);
    return fields.ok();
}

bool decodeRequest(Fields& fields, EventSink& sink)
{
    RequestRecorded event;
    event.call = fields.call();
    event.seq = static_cast<std::uint32_t>(fields.number());
    event.at = fields.time();
    event.direction = fields.enumerator(Direction::Sent);
    event.head = fields.text();
    std::vector<Span> spans(std::min<std::uint64_t>(fields.number(), fields.rest().size()));
    for (Span& span : spans) {
        span.offset = static_cast<std::uint32_t>(fields.number());
        span.length = static_cast<std::uint32_t>(fields.number());
    }
    event.messages = spans;
    event.body = fields.rest();
    if (fields.ok())
        sink.request(event);
    return fields.ok();
}

bool decodeWire(Fields& fields, EventSink& sink)
{
    WireEvent event;
    event.call = fields.call();
    event.seq = static_cast<std::uint32_t>(fields.number());
    event.at = fields.time();
    event.direction = fields.enumerator(Direction::Sent);
    event.kind = fields.enumerator(WireKind::End);
    event.partial = fields.number() != 0;
    event.bytes = fields.rest();
    if (fields.ok())
        sink.wire(event);
    return fields.ok();
}

bool decodeDecision(Fields& fields, EventSink& sink)
{
    Decision decision;
    decision.call = fields.call();
    decision.id = fields.call();
    decision.at = fields.time();
    decision.seq = static_cast<std::uint32_t>(fields.number());
    decision.mode = fields.enumerator(PolicyMode::Enforce);
    decision.verdict = fields.enumerator(Verdict::Hold);
    decision.answeredBy = fields.enumerator(AnsweredBy::Error);
    decision.score = fields.score();
    decision.latency = std::chrono::microseconds(unzigzag(fields.number()));
    for (std::string* text : {&decision.policyId, &decision.policyVersion, &decision.reason, &decision.agentText,
                              &decision.tool, &decision.toolId})
        *text = fields.text();
    const std::uint64_t matches = fields.number();
    if (matches > kMaxMatches)
        return false;
    decision.matched.resize(matches);
    for (Match& match : decision.matched) {
        match.pointer = fields.text();
        match.start = static_cast<std::uint32_t>(fields.number());
        match.end = static_cast<std::uint32_t>(fields.number());
    }
    decision.final = fields.text();
    decision.original = fields.rest();
    if (fields.ok())
        sink.decided(decision);
    return fields.ok();
}

enum class SentReply : std::uint8_t { Absent, Present };

bool decodeEnded(Fields& fields, SentReply sent, EventSink& sink)
{
    CallEnded event;
    event.call = fields.call();
    event.seq = static_cast<std::uint32_t>(fields.number());
    event.at = fields.time();
    event.status = fields.enumerator(CallStatus::Blocked);
    event.httpStatus = static_cast<std::uint16_t>(fields.number());
    event.stopReason = fields.enumerator(StopReason::Other);
    event.rawStopReason = fields.text();
    Usage& usage = event.usage;
    for (auto* count : {&usage.input, &usage.output, &usage.cacheRead, &usage.cacheWrite, &usage.reasoning})
        *count = fields.optionalNumber();
    event.model = fields.text();
    event.firstByteAt = fields.optionalTime();
    event.firstTokenAt = fields.optionalTime();
    event.heldByPolicy = std::chrono::microseconds(unzigzag(fields.number()));
    event.heldByPerson = std::chrono::microseconds(unzigzag(fields.number()));
    event.request = fields.totals();
    event.response = fields.totals();
    event.error = fields.text();
    if (sent == SentReply::Present)
        event.sentReply = fields.text();
    event.reply = fields.rest();
    if (fields.ok())
        sink.ended(event);
    return fields.ok();
}
} // namespace

std::string_view encode(const CallOpened& event, std::string& head)
{
    begin(head, RecordType::Opened, event.call);
    appendTime(head, event.at);
    const Identity& who = event.identity;
    for (const std::string* label :
         {&who.session, &who.agent, &who.parentAgent, &who.client, &who.clientVersion, &who.user, &who.traceId})
        appendText(head, *label);
    appendVarint(head, who.sessionDerived ? 1 : 0);
    appendVarint(head, static_cast<std::uint64_t>(event.api));
    for (const std::string_view text : {event.upstream, event.method, event.path, event.model, event.preview})
        appendText(head, text);
    appendVarint(head, event.stream ? 1 : 0);
    return {};
}

std::string_view encode(const RequestRecorded& event, std::string& head)
{
    begin(head, RecordType::Request, event.call);
    appendVarint(head, event.seq);
    appendTime(head, event.at);
    appendVarint(head, static_cast<std::uint64_t>(event.direction));
    appendText(head, event.head);
    appendVarint(head, event.messages.size());
    for (const Span& span : event.messages) {
        appendVarint(head, span.offset);
        appendVarint(head, span.length);
    }
    return event.body;
}

std::string_view encode(const WireEvent& event, std::string& head)
{
    begin(head, RecordType::Wire, event.call);
    appendVarint(head, event.seq);
    appendTime(head, event.at);
    appendVarint(head, static_cast<std::uint64_t>(event.direction));
    appendVarint(head, static_cast<std::uint64_t>(event.kind));
    appendVarint(head, event.partial ? 1 : 0);
    return event.bytes;
}

std::string_view encode(const Decision& decision, std::string& head)
{
    begin(head, RecordType::Decided, decision.call);
    head.append(reinterpret_cast<const char*>(decision.id.bytes().data()), decision.id.bytes().size());
    appendTime(head, decision.at);
    appendVarint(head, decision.seq);
    appendVarint(head, static_cast<std::uint64_t>(decision.mode));
    appendVarint(head, static_cast<std::uint64_t>(decision.verdict));
    appendVarint(head, static_cast<std::uint64_t>(decision.answeredBy));
    appendScore(head, decision.score);
    appendVarint(head, zigzag(decision.latency.count()));
    for (const std::string* name : {&decision.policyId, &decision.policyVersion})
        appendText(head, cut(*name, kMaxDecisionName));
    for (const std::string* text : {&decision.reason, &decision.agentText})
        appendText(head, cut(*text, kMaxDecisionText));
    for (const std::string* name : {&decision.tool, &decision.toolId})
        appendText(head, cut(*name, kMaxDecisionName));
    const std::size_t matches = std::min(decision.matched.size(), kMaxMatches);
    appendVarint(head, matches);
    for (const Match& match : std::span(decision.matched).first(matches)) {
        appendText(head, cut(match.pointer, kMaxDecisionName));
        appendVarint(head, match.start);
        appendVarint(head, match.end);
    }
    appendText(head, decision.final);
    return decision.original;
}

std::string_view encode(const CallEnded& event, std::string& head)
{
    begin(head, event.sentReply.empty() ? RecordType::Ended : RecordType::EndedAndSent, event.call);
    appendVarint(head, event.seq);
    appendTime(head, event.at);
    appendVarint(head, static_cast<std::uint64_t>(event.status));
    appendVarint(head, event.httpStatus);
    appendVarint(head, static_cast<std::uint64_t>(event.stopReason));
    appendText(head, event.rawStopReason);
    const Usage& usage = event.usage;
    for (const auto& count : {usage.input, usage.output, usage.cacheRead, usage.cacheWrite, usage.reasoning})
        appendNumber(head, count);
    appendText(head, event.model);
    for (const auto& time : {event.firstByteAt, event.firstTokenAt})
        appendNumber(head, time ? std::optional(toMicros(*time)) : std::nullopt);
    appendVarint(head, zigzag(event.heldByPolicy.count()));
    appendVarint(head, zigzag(event.heldByPerson.count()));
    appendTotals(head, event.request);
    appendTotals(head, event.response);
    appendText(head, event.error);
    if (!event.sentReply.empty())
        appendText(head, event.sentReply);
    return event.reply;
}

CallId callOf(std::string_view record)
{
    Fields fields(record.substr(std::min<std::size_t>(record.size(), 1)));
    return fields.call();
}

bool decode(std::string_view record, EventSink& sink)
{
    if (record.empty())
        return false;
    Fields fields(record.substr(1));
    switch (static_cast<RecordType>(record.front())) {
    case RecordType::Opened:
        return decodeOpened(fields, sink);
    case RecordType::Request:
        return decodeRequest(fields, sink);
    case RecordType::Wire:
        return decodeWire(fields, sink);
    case RecordType::Ended:
        return decodeEnded(fields, SentReply::Absent, sink);
    case RecordType::Decided:
        return decodeDecision(fields, sink);
    case RecordType::EndedAndSent:
        return decodeEnded(fields, SentReply::Present, sink);
    }
    return false;
}

} // namespace luthien::store
