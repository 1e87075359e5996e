// SPDX-License-Identifier: Apache-2.0
#include "archive/json_shapes.h"

#include <QByteArray>
#include <QString>

#include <boost/json.hpp>
#include <simdjson.h>

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

json::value time(const std::optional<TimePoint>& point)
{
    return point ? json::value(toRfc3339(*point)) : json::value(nullptr);
}

template <typename Number>
json::value number(const std::optional<Number>& value)
{
    return value ? json::value(*value) : json::value(nullptr);
}

json::object usageObject(const conversation::Usage& usage)
{
    return {{"input", number(usage.input)},
            {"output", number(usage.output)},
            {"cache_read", number(usage.cacheRead)},
            {"cache_write", number(usage.cacheWrite)},
            {"reasoning", number(usage.reasoning)}};
}

json::object bodyObject(const conversation::BodyTotals& body, conversation::CallStatus status)
{
    if (status == conversation::CallStatus::Open)
        return {{"bytes", nullptr}, {"sha256", nullptr}, {"changed_bytes", nullptr}};
    return {{"bytes", body.bytes}, {"sha256", toHex(body.sha256)}, {"changed_bytes", body.changedBytes}};
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

/// True if the bytes can stand in a line of JSON as they are and be cut out again unchanged.
bool isEmbeddable(const std::string& bytes)
{
    const bool isBracketed = bytes.size() >= 2 && ((bytes.front() == '{' && bytes.back() == '}') ||
                                                   (bytes.front() == '[' && bytes.back() == ']'));
    if (!isBracketed || bytes.find_first_of("\r\n") != std::string::npos)
        return false;
    simdjson::dom::parser parser;
    simdjson::dom::element parsed;
    return parser.parse(bytes).get(parsed) == simdjson::SUCCESS;
}
} // namespace

std::string sessionJson(const store::SessionRow& session, TypeMember type)
{
    json::object object = typed("session", type);
    object["id"] = text(session.id);
    object["client"] = text(session.client);
    object["agent"] = text(session.agent);
    json::array models;
    for (const std::string& model : session.models)
        models.push_back(text(model));
    object["models"] = std::move(models);
    object["calls"] = session.calls;
    object["turns"] = session.turns;
    object["first_at"] = time(session.firstAt);
    object["last_at"] = time(session.lastAt);
    object["input_tokens"] = session.inputTokens;
    object["output_tokens"] = session.outputTokens;
    object["cost_usd"] = number(session.costUsd);
    object["decisions"] = json::object{
        {"block", session.decisions.block}, {"replace", session.decisions.replace}, {"hold", session.decisions.hold}};
    object["status"] = text(callStatusName(session.status));
    object["preview"] = text(session.preview);
    return json::serialize(object);
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
    object["cost_usd"] = number(call.costUsd);
    object["request"] = bodyObject(call.request, call.status);
    object["response"] = bodyObject(call.response, call.status);
    object["error"] = text(call.error);
    return json::serialize(object);
}

std::string eventJson(const store::EventRow& event, TypeMember type)
{
    json::object object = typed("event", type);
    object["call_id"] = event.call.toString();
    object["seq"] = event.seq;
    object["at"] = time(event.at);
    object["direction"] = text(directionName(event.direction));
    object["kind"] = text(wireKindName(event.kind));
    std::string line = json::serialize(object);
    line.pop_back();
    if (isEmbeddable(event.bytes)) {
        line += ",\"json\":" + event.bytes;
    } else {
        const auto bytes =
            QByteArray::fromRawData(event.bytes.data(), static_cast<qsizetype>(event.bytes.size())).toBase64();
        line += ",\"data_base64\":\"" + bytes.toStdString() + '"';
    }
    return line + '}';
}

} // namespace luthien::archive
