// SPDX-License-Identifier: Apache-2.0
#include "store/row_mapping.h"

#include "store/database.h"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cstring>

namespace luthien::store {

using namespace conversation;

namespace {
/// Reads the columns of a row one after another, so that the order stands in one place.
class Columns
{
public:
    explicit Columns(const Statement& row)
        : m_row(row)
    {
    }

    std::int64_t number() { return m_row.number(m_next++); }
    std::string text() { return m_row.text(m_next++); }
    std::optional<std::int64_t> optionalNumber()
    {
        const int column = m_next++;
        return m_row.isNull(column) ? std::nullopt : std::optional(m_row.number(column));
    }
    std::optional<double> optionalReal()
    {
        const int column = m_next++;
        return m_row.isNull(column) ? std::nullopt : std::optional(m_row.real(column));
    }
    CallId id() { return m_row.id(m_next++); }
    TimePoint time() { return fromMicros(number()); }
    std::optional<TimePoint> optionalTime()
    {
        const auto micros = optionalNumber();
        return micros ? std::optional(fromMicros(*micros)) : std::nullopt;
    }
    std::optional<double> dollars()
    {
        constexpr double kNano = 1e-9;
        const auto nano = optionalNumber();
        return nano ? std::optional(static_cast<double>(*nano) * kNano) : std::nullopt;
    }
    template <std::size_t Size>
    std::array<std::uint8_t, Size> bytes()
    {
        const std::string blob = m_row.blob(m_next++);
        std::array<std::uint8_t, Size> bytes{};
        std::memcpy(bytes.data(), blob.data(), std::min(blob.size(), Size));
        return bytes;
    }
    BodyTotals totals()
    {
        BodyTotals totals;
        totals.bytes = static_cast<std::uint64_t>(number());
        totals.changedBytes = static_cast<std::uint64_t>(number());
        totals.sha256 = bytes<32>();
        return totals;
    }

private:
    const Statement& m_row;
    int m_next = 0;
};

std::vector<std::string> stringsFrom(const std::string& json)
{
    std::vector<std::string> strings;
    boost::system::error_code failed;
    const boost::json::value value = boost::json::parse(json, failed);
    if (const auto* const array = failed ? nullptr : value.if_array()) {
        for (const auto& element : *array) {
            if (const auto* const text = element.if_string())
                strings.emplace_back(text->data(), text->size());
        }
    }
    return strings;
}

std::vector<Match> matchesFrom(const std::string& json)
{
    std::vector<Match> matches;
    boost::system::error_code failed;
    const boost::json::value value = boost::json::parse(json, failed);
    if (const auto* const array = failed ? nullptr : value.if_array()) {
        for (const auto& element : *array) {
            const auto pointer = boost::json::try_value_to<std::string>(element.at("pointer"));
            matches.push_back({pointer.has_value() ? *pointer : std::string(),
                               element.at("start").to_number<std::uint32_t>(),
                               element.at("end").to_number<std::uint32_t>()});
        }
    }
    return matches;
}
} // namespace

SessionRow sessionFrom(const Statement& row)
{
    Columns columns(row);
    SessionRow session;
    session.cursor.row = columns.number();
    for (std::string* const text : {&session.id, &session.client, &session.preview})
        *text = columns.text();
    session.calls = columns.number();
    const bool isOpen = columns.number() > 0;
    session.turns = columns.number();
    session.firstAt = columns.time();
    session.lastAt = columns.time();
    session.cursor.micros = toMicros(session.lastAt);
    const auto last = static_cast<CallStatus>(columns.number());
    session.status = isOpen ? CallStatus::Open : last;
    session.inputTokens = columns.number();
    session.outputTokens = columns.number();
    session.costUsd = columns.dollars();
    session.decisions = {columns.number(), columns.number(), columns.number(), columns.number()};
    session.agents = stringsFrom(columns.text());
    session.models = stringsFrom(columns.text());
    session.bytes = columns.number();
    session.isPinned = columns.number() != 0;
    session.label = columns.text();
    session.note = columns.text();
    return session;
}

CallRow callFrom(const Statement& row)
{
    Columns columns(row);
    CallRow call;
    call.cursor.row = columns.number();
    call.id = CallId(columns.bytes<16>());
    Identity& who = call.identity;
    who.session = columns.text();
    who.sessionDerived = columns.number() != 0;
    for (std::string* const text :
         {&who.agent, &who.parentAgent, &who.client, &who.clientVersion, &who.user, &who.traceId, &call.upstream})
        *text = columns.text();
    call.api = static_cast<Api>(columns.number());
    for (std::string* const text : {&call.method, &call.path, &call.model, &call.preview})
        *text = columns.text();
    call.stream = columns.number() != 0;
    call.status = static_cast<CallStatus>(columns.number());
    call.httpStatus = static_cast<std::uint16_t>(columns.number());
    call.stopReason = static_cast<StopReason>(columns.number());
    call.rawStopReason = columns.text();
    call.startedAt = columns.time();
    call.cursor.micros = toMicros(call.startedAt);
    for (auto* const time : {&call.firstByteAt, &call.firstTokenAt, &call.endedAt})
        *time = columns.optionalTime();
    call.heldByPolicy = std::chrono::microseconds(columns.number());
    call.heldByPerson = std::chrono::microseconds(columns.number());
    Usage& usage = call.usage;
    for (auto* const count : {&usage.input, &usage.output, &usage.cacheRead, &usage.cacheWrite, &usage.reasoning})
        *count = columns.optionalNumber();
    call.costUsd = columns.dollars();
    call.request = columns.totals();
    call.response = columns.totals();
    call.messageCount = static_cast<std::uint32_t>(columns.number());
    call.freshFrom = static_cast<std::uint32_t>(columns.number());
    call.error = columns.text();
    call.cause = columns.id();
    call.causePolicy = columns.text();
    call.areTextsRemoved = columns.number() != 0;
    return call;
}

DecisionRow decisionFrom(const Statement& row)
{
    Columns columns(row);
    DecisionRow found;
    Decision& decision = found.decision;
    found.cursor.row = columns.number();
    decision.id = CallId(columns.bytes<16>());
    decision.call = CallId(columns.bytes<16>());
    found.session = columns.text();
    decision.at = columns.time();
    decision.seq = static_cast<std::uint32_t>(columns.number());
    decision.policyId = columns.text();
    decision.policyVersion = columns.text();
    decision.mode = static_cast<PolicyMode>(columns.number());
    decision.verdict = static_cast<Verdict>(columns.number());
    decision.answeredBy = static_cast<AnsweredBy>(columns.number());
    decision.score = columns.optionalReal();
    decision.latency = std::chrono::microseconds(columns.number());
    for (std::string* const text : {&decision.reason, &decision.agentText, &decision.tool, &decision.toolId})
        *text = columns.text();
    decision.matched = matchesFrom(columns.text());
    decision.responseId = columns.text();
    decision.conversationId = columns.text();
    decision.inference = columns.id();
    decision.isRepeat = columns.number() != 0;
    if (const auto number = columns.optionalNumber()) {
        found.link.emplace().number = *number;
        found.link->sha256 = columns.bytes<32>();
        found.link->previous = columns.bytes<32>();
    }
    return found;
}

} // namespace luthien::store
