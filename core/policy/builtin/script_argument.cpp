// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/script_argument.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <optional>

namespace luthien::policy::builtin {

namespace {

namespace json = boost::json;

json::string text(std::string_view value)
{
    return json::string(value.data(), value.size());
}

json::value orNull(const std::optional<std::int64_t>& number)
{
    return number ? json::value(*number) : json::value();
}

json::object contextOf(const CallFacts& facts)
{
    return {{"call", facts.call.toString()},
            {"api", text(conversation::apiName(facts.api))},
            {"upstream", facts.upstream},
            {"model", facts.model},
            {"path", facts.path},
            {"stream", facts.stream},
            {"session", facts.identity.session},
            {"agent", facts.identity.agent},
            {"client", facts.identity.client},
            {"user", facts.identity.user}};
}

} // namespace

std::string requestArgument(std::span<const conversation::RequestPart> parts, const CallFacts& facts)
{
    json::array all;
    all.reserve(parts.size());
    for (const conversation::RequestPart& part : parts)
        all.push_back(json::object{{"kind", text(conversation::partKindName(part.kind))},
                                   {"message", part.message},
                                   {"toolId", part.toolId},
                                   {"toolName", part.toolName},
                                   {"text", part.text}});
    return json::serialize(json::object{{"parts", std::move(all)}, {"context", contextOf(facts)}});
}

std::string textArgument(std::string_view whole, const CallFacts& facts)
{
    return json::serialize(json::object{{"text", text(whole)}, {"context", contextOf(facts)}});
}

std::string toolArgument(const JudgedCall& judged, const CallFacts& facts)
{
    json::object call{{"name", text(judged.call.name)},
                      {"id", text(judged.call.id)},
                      {"executor", text(conversation::executorName(judged.call.executor))},
                      {"context", contextOf(facts)}};
    call["arguments"] = judged.arguments ? *judged.arguments : json::value(text(judged.call.arguments));
    return json::serialize(call);
}

std::string endArgument(const conversation::CallEnded& end, const CallFacts& facts)
{
    const json::object usage{{"input", orNull(end.usage.input)},
                             {"output", orNull(end.usage.output)},
                             {"cacheRead", orNull(end.usage.cacheRead)},
                             {"cacheWrite", orNull(end.usage.cacheWrite)},
                             {"reasoning", orNull(end.usage.reasoning)}};
    return json::serialize(json::object{{"status", text(conversation::callStatusName(end.status))},
                                        {"httpStatus", end.httpStatus},
                                        {"stopReason", text(conversation::stopReasonName(end.stopReason))},
                                        {"model", text(end.model)},
                                        {"usage", usage},
                                        {"error", text(end.error)},
                                        {"context", contextOf(facts)}});
}

} // namespace luthien::policy::builtin
