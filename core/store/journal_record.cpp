// SPDX-License-Identifier: Apache-2.0
#include "store/journal_record.h"

#include "store/journal_fields.h"

#include <algorithm>
#include <span>
#include <vector>

namespace luthien::store {

using namespace conversation;

namespace {
/// A number is never given a second meaning: journals outlive the program that wrote them.
enum class RecordType : std::uint8_t {
    Opened = 1,
    Request,
    Wire,
    Ended,
    Decided,
    EndedAndSent,
    OpenedForPolicy, ///< and what caused it
    DecidedInPlace,  ///< and where the provider keeps the reply, who was asked, whether it is a repeat
    EndedAndPriced,  ///< and what it cost, whether something else was sent or not
};

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
    appendCall(out, call);
}

void appendMatches(std::string& out, const std::vector<Match>& matched)
{
    const std::size_t matches = std::min(matched.size(), kMaxMatches);
    appendVarint(out, matches);
    for (const Match& match : std::span(matched).first(matches)) {
        appendText(out, cut(match.pointer, kMaxDecisionName));
        appendVarint(out, match.start);
        appendVarint(out, match.end);
    }
}

bool decodeOpened(Fields& fields, RecordType type, EventSink& sink)
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
    if (type == RecordType::OpenedForPolicy) {
        event.cause = fields.call();
        event.causePolicy = fields.text();
    }
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

bool decodeDecision(Fields& fields, RecordType type, EventSink& sink)
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
    if (type == RecordType::DecidedInPlace) {
        decision.responseId = fields.text();
        decision.conversationId = fields.text();
        decision.inference = fields.call();
        decision.isRepeat = fields.number() != 0;
    }
    decision.final = fields.text();
    decision.original = fields.rest();
    if (fields.ok())
        sink.decided(decision);
    return fields.ok();
}

bool decodeEnded(Fields& fields, RecordType type, EventSink& sink)
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
    if (type == RecordType::EndedAndPriced)
        event.costNanoUsd = fields.optionalNumber();
    if (type != RecordType::Ended)
        event.sentReply = fields.text();
    event.reply = fields.rest();
    if (fields.ok())
        sink.ended(event);
    return fields.ok();
}
} // namespace

std::string_view encode(const CallOpened& event, std::string& head)
{
    const bool isForPolicy = !event.cause.isNil() || !event.causePolicy.empty();
    begin(head, isForPolicy ? RecordType::OpenedForPolicy : RecordType::Opened, event.call);
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
    if (isForPolicy) {
        appendCall(head, event.cause);
        appendText(head, event.causePolicy);
    }
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
    const bool hasPlace = !decision.responseId.empty() || !decision.conversationId.empty() ||
                          !decision.inference.isNil() || decision.isRepeat;
    begin(head, hasPlace ? RecordType::DecidedInPlace : RecordType::Decided, decision.call);
    appendCall(head, decision.id);
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
    appendMatches(head, decision.matched);
    if (hasPlace) {
        for (const std::string* name : {&decision.responseId, &decision.conversationId})
            appendText(head, cut(*name, kMaxDecisionName));
        appendCall(head, decision.inference);
        appendVarint(head, decision.isRepeat ? 1 : 0);
    }
    appendText(head, decision.final);
    return decision.original;
}

std::string_view encode(const CallEnded& event, std::string& head)
{
    const RecordType type = event.costNanoUsd         ? RecordType::EndedAndPriced
                            : event.sentReply.empty() ? RecordType::Ended
                                                      : RecordType::EndedAndSent;
    begin(head, type, event.call);
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
    if (type == RecordType::EndedAndPriced)
        appendNumber(head, event.costNanoUsd);
    if (type != RecordType::Ended)
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
    const auto type = static_cast<RecordType>(record.front());
    switch (type) {
    case RecordType::Opened:
    case RecordType::OpenedForPolicy:
        return decodeOpened(fields, type, sink);
    case RecordType::Request:
        return decodeRequest(fields, sink);
    case RecordType::Wire:
        return decodeWire(fields, sink);
    case RecordType::Decided:
    case RecordType::DecidedInPlace:
        return decodeDecision(fields, type, sink);
    case RecordType::Ended:
    case RecordType::EndedAndSent:
    case RecordType::EndedAndPriced:
        return decodeEnded(fields, type, sink);
    }
    return false;
}

} // namespace luthien::store
