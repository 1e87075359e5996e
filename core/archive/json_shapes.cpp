// SPDX-License-Identifier: Apache-2.0
#include "archive/json_shapes.h"

#include "archive/wording.h"

#include <QByteArray>
#include <QString>

#include <boost/json.hpp>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace luthien::archive {

namespace {
namespace json = boost::json;

/// Labels come from outside: what is not UTF-8 must not break the document it stands in.
json::value text(std::string_view bytes)
{
    if (bytes.empty())
        return nullptr;
    if (simdjson::validate_utf8(bytes.data(), bytes.size()))
        return json::value(json::string_view(bytes.data(), bytes.size()));
    const QByteArray repaired = QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size())).toUtf8();
    return json::value(json::string_view(repaired.constData(), static_cast<std::size_t>(repaired.size())));
}

json::value id(const CallId& call)
{
    return call.isNil() ? json::value(nullptr) : json::value(call.toString());
}

json::value time(const std::optional<TimePoint>& point)
{
    return point ? json::value(toRfc3339(*point)) : json::value(nullptr);
}

template <typename Number>
json::value number(const std::optional<Number>& value)
{
    return value ? json::value(*value) : json::value(nullptr);
}

/// As it was counted, in billionths.
std::optional<std::int64_t> nanoUsd(const std::optional<double>& usd)
{
    constexpr double kNano = 1e9;
    return usd ? std::optional<std::int64_t>(std::llround(*usd * kNano)) : std::nullopt;
}

json::object usageObject(const conversation::Usage& usage)
{
    return {{"input", number(usage.input)},
            {"output", number(usage.output)},
            {"cache_read", number(usage.cacheRead)},
            {"cache_write", number(usage.cacheWrite)},
            {"reasoning", number(usage.reasoning)}};
}

json::object bodyObject(const conversation::BodyTotals& body)
{
    if (!body.isKnown())
        return {{"bytes", nullptr}, {"sha256", nullptr}, {"changed_bytes", nullptr}};
    return {{"bytes", body.bytes}, {"sha256", toHex(body.sha256)}, {"changed_bytes", body.changedBytes}};
}

json::string base64(std::string_view bytes)
{
    const auto encoded = QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size())).toBase64();
    return json::string(encoded.constData(), static_cast<std::size_t>(encoded.size()));
}

json::object typed(std::string_view name, TypeMember type)
{
    json::object object;
    if (type == TypeMember::Present)
        object["type"] = json::string_view(name.data(), name.size());
    return object;
}

void addIdentity(json::object& object, const conversation::Identity& identity)
{
    object["session_id"] = text(identity.session);
    object["agent_id"] = text(identity.agent);
    object["parent_agent_id"] = text(identity.parentAgent);
    object["client"] = text(identity.client);
    object["client_version"] = text(identity.clientVersion);
}

void addTimes(json::object& object, const store::CallRow& call)
{
    object["started_at"] = time(call.startedAt);
    object["first_byte_at"] = time(call.firstByteAt);
    object["first_token_at"] = time(call.firstTokenAt);
    object["ended_at"] = time(call.endedAt);
    object["held_policy_us"] = call.heldByPolicy.count();
    object["held_person_us"] = call.heldByPerson.count();
}

/// JSON inside other bytes, such as those of an event stream.
struct FramedJson
{
    std::string_view before;
    std::string_view json;
    std::string_view after;
};

bool isShortAscii(std::string_view frame)
{
    constexpr std::size_t kMaxFrameBytes = 256;
    return frame.size() <= kMaxFrameBytes &&
           std::ranges::all_of(frame, [](char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\r'; });
}

/// The one object or array in bytes, if it can stand in a line of JSON as it is and be cut out again unchanged.
std::optional<FramedJson> findJson(std::string_view bytes)
{
    const std::size_t first = bytes.find_first_of("{[");
    const std::size_t last = bytes.find_last_of("}]");
    if (first == std::string_view::npos || last == std::string_view::npos || last < first)
        return std::nullopt;
    const FramedJson framed{bytes.substr(0, first), bytes.substr(first, last + 1 - first), bytes.substr(last + 1)};
    if (!isShortAscii(framed.before) || !isShortAscii(framed.after) ||
        framed.json.find_first_of("\r\n") != std::string_view::npos)
        return std::nullopt;
    simdjson::dom::parser parser;
    simdjson::dom::element parsed;
    if (parser.parse(framed.json.data(), framed.json.size()).get(parsed) != simdjson::SUCCESS)
        return std::nullopt;
    return framed;
}

json::array matchedArray(const std::vector<conversation::Match>& matched)
{
    json::array list;
    for (const conversation::Match& match : matched) {
        // An empty pointer is the whole text, not an unknown one.
        const json::value pointer = match.pointer.empty() ? json::value("") : text(match.pointer);
        list.push_back({{"pointer", pointer}, {"start", match.start}, {"end", match.end}});
    }
    return list;
}

json::array texts(const std::vector<std::string>& list)
{
    json::array array;
    for (const std::string& one : list)
        array.push_back(text(one));
    return array;
}

json::string string(std::string_view ascii)
{
    return json::string(ascii.data(), ascii.size());
}
} // namespace

std::string withCost(std::string json, std::optional<std::int64_t> nanoUsd)
{
    constexpr std::string_view kUnknown = R"("cost_usd":null)"; // within a text its quotes have backslashes
    constexpr std::string_view kNull = "null";
    if (nanoUsd)
        json.replace(json.find(kUnknown) + kUnknown.size() - kNull.size(), kNull.size(), dollarsText(*nanoUsd));
    return json;
}

std::string sessionJson(const store::SessionRow& session, TypeMember type)
{
    json::object object = typed("session", type);
    object["id"] = text(session.id);
    object["client"] = text(session.client);
    object["agents"] = texts(session.agents);
    object["models"] = texts(session.models);
    object["calls"] = session.calls;
    object["turns"] = session.turns;
    object["first_at"] = time(session.firstAt);
    object["last_at"] = time(session.lastAt);
    object["input_tokens"] = session.inputTokens;
    object["output_tokens"] = session.outputTokens;
    object["cost_usd"] = nullptr;
    object["decisions"] = json::object{{"block", session.decisions.block},
                                       {"replace", session.decisions.replace},
                                       {"hold", session.decisions.hold},
                                       {"shadow", session.decisions.shadow}};
    object["status"] = text(callStatusName(session.status));
    object["preview"] = text(session.preview);
    object["bytes"] = session.bytes;
    object["pinned"] = session.isPinned;
    object["label"] = text(session.label);
    object["note"] = text(session.note);
    return withCost(json::serialize(object), nanoUsd(session.costUsd));
}

std::string callJson(const store::CallRow& call, TypeMember type)
{
    json::object object = typed("call", type);
    object["id"] = call.id.toString();
    addIdentity(object, call.identity);
    object["upstream"] = text(call.upstream);
    object["api"] = text(apiName(call.api));
    object["method"] = text(call.method);
    object["path"] = text(call.path);
    object["model"] = text(call.model);
    object["stream"] = call.stream;
    object["status"] = text(callStatusName(call.status));
    object["http_status"] = call.httpStatus == 0 ? json::value(nullptr) : json::value(call.httpStatus);
    object["stop_reason"] = text(stopReasonName(call.stopReason));
    addTimes(object, call);
    object["usage"] = usageObject(call.usage);
    object["cost_usd"] = nullptr;
    object["request"] = bodyObject(call.request);
    object["response"] = bodyObject(call.response);
    object["error"] = text(call.error);
    object["cause_call_id"] = id(call.cause);
    object["cause_policy"] = text(call.causePolicy);
    object["texts_removed"] = call.areTextsRemoved;
    return withCost(json::serialize(object), nanoUsd(call.costUsd));
}

std::string eventJson(const store::EventRow& event, TypeMember type)
{
    json::object object = typed("event", type);
    object["call_id"] = event.call.toString();
    object["seq"] = event.seq;
    object["at"] = time(event.at);
    object["direction"] = text(directionName(event.direction));
    object["kind"] = text(wireKindName(event.kind));
    const auto framed = findJson(event.bytes);
    if (framed && !(framed->before.empty() && framed->after.empty()))
        object["frame"] = json::array{string(framed->before), string(framed->after)};
    if (!framed)
        object["data_base64"] = base64(event.bytes);
    std::string line = json::serialize(object);
    if (framed) {
        line.pop_back();
        line.append(",\"json\":").append(framed->json) += '}';
    }
    return line;
}

std::string decisionJson(const conversation::Decision& decision)
{
    return decisionJson(store::DecisionRow{.decision = decision});
}

std::string decisionJson(const store::DecisionRow& row, TypeMember type)
{
    const conversation::Decision& decision = row.decision;
    json::object object = typed("decision", type);
    object["id"] = decision.id.toString();
    object["call_id"] = decision.call.toString();
    object["at"] = time(decision.at);
    object["policy_id"] = text(decision.policyId);
    object["policy_version"] = text(decision.policyVersion);
    object["mode"] = text(policyModeName(decision.mode));
    object["verdict"] = text(verdictName(decision.verdict));
    object["answered_by"] = text(answeredByName(decision.answeredBy));
    object["score"] = number(decision.score);
    object["reason"] = text(decision.reason);
    object["agent_text"] = text(decision.agentText);
    object["tool"] = text(decision.tool);
    object["matched"] = matchedArray(decision.matched);
    object["original"] = text(decision.original);
    object["final"] = text(decision.final);
    object["latency_us"] = decision.latency.count();
    object["seq"] = decision.seq;
    object["tool_id"] = text(decision.toolId);
    object["response_id"] = text(decision.responseId);
    object["conversation_id"] = text(decision.conversationId);
    object["inference_call_id"] = id(decision.inference);
    object["repeat"] = decision.isRepeat;
    object["prev"] = row.link ? json::value(toHex(row.link->previous)) : json::value(nullptr);
    object["sha256"] = row.link ? json::value(toHex(row.link->sha256)) : json::value(nullptr);
    return json::serialize(object);
}

std::string hitJson(const TextHit& hit)
{
    json::object object;
    object["session_id"] = text(hit.session);
    object["call_id"] = hit.call.toString();
    object["at"] = time(hit.at);
    object["kind"] = text(textKindName(hit.kind));
    object["snippet"] = text(hit.snippet.text);
    json::array& matched = object["matched"].emplace_array();
    for (const filter::TextSpan& span : hit.snippet.matched)
        matched.push_back({{"start", span.begin}, {"end", span.end}});
    return json::serialize(object);
}

} // namespace luthien::archive
