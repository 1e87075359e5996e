// SPDX-License-Identifier: Apache-2.0
#include "archive/policy_check.h"

#include "base/strict_json.h"

#include <QByteArray>
#include <QString>

#include <boost/json.hpp>

namespace luthien::archive {

using namespace conversation;

namespace {
namespace json = boost::json;

json::value text(std::string_view bytes)
{
    if (bytes.empty())
        return nullptr;
    // What was judged may be cut anywhere.
    const QByteArray whole = QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size())).toUtf8();
    return json::value(json::string_view(whole.constData(), static_cast<std::size_t>(whole.size())));
}

json::array matchedArray(const std::vector<Match>& matched)
{
    json::array list;
    for (const Match& match : matched)
        list.push_back({{"pointer", match.pointer}, {"start", match.start}, {"end", match.end}});
    return list;
}

std::string toJson(std::uint64_t number, const Outcome& outcome)
{
    const Decision* const decision = outcome.deciding();
    json::object object{{"line", number}};
    const std::string_view verdict = verdictName(outcome.verdict);
    object["verdict"] = text(verdict);
    object["policy"] = decision ? text(decision->policyId) : json::value(nullptr);
    object["score"] = decision && decision->score ? json::value(*decision->score) : json::value(nullptr);
    object["reason"] = decision                           ? text(decision->reason)
                       : outcome.verdict == Verdict::Hold ? json::value("A person would be asked.")
                                                          : json::value(nullptr);
    object["matched"] = decision ? matchedArray(decision->matched) : json::array();
    object["replaced"] = outcome.verdict == Verdict::Replace ? text(outcome.replaced) : json::value(nullptr);
    return json::serialize(object);
}

CheckedLine unreadable(std::uint64_t number, const std::string& why)
{
    const json::object object{{"line", number},     {"verdict", "error"},  {"policy", nullptr},
                              {"score", nullptr},   {"reason", text(why)}, {"matched", json::array()},
                              {"replaced", nullptr}};
    return {.json = json::serialize(object), .isUnreadable = true};
}

/// The API a request is written for; what a policy sees of it differs little.
policy::CallFacts factsOf(const json::object& request)
{
    policy::CallFacts facts;
    facts.api = Api::OpenAiChat;
    facts.path = "/v1/chat/completions";
    if (request.contains("contents")) {
        facts.api = Api::Gemini;
        facts.path = "/v1beta/models/model:generateContent";
    } else if (request.contains("input")) {
        facts.api = Api::OpenAiResponses;
        facts.path = "/v1/responses";
    } else if (request.contains("system") || request.contains("max_tokens")) {
        facts.api = Api::AnthropicMessages;
        facts.path = "/v1/messages";
    }
    if (const auto* model = request.if_contains("model"); model && model->is_string())
        facts.model = std::string(model->get_string());
    return facts;
}
} // namespace

CheckedLine checkLine(Rehearsal& rehearsal, std::uint64_t number, std::string_view line)
{
    boost::system::error_code failed;
    const json::value value = json::parse(json::string_view(line.data(), line.size()), failed);
    const json::object* const object = failed ? nullptr : value.if_object();
    if (!object)
        return unreadable(number, "The line is not one JSON object.");
    Outcome outcome;
    if (const json::value* const tool = object->if_contains("tool"); tool && tool->is_string()) {
        const json::value* const arguments = object->if_contains("arguments");
        const std::string written = arguments ? json::serialize(*arguments) : "{}";
        outcome = rehearsal.toolCall({}, std::string(tool->get_string()), written);
    } else if (const json::value* const said = object->if_contains("text"); said && said->is_string()) {
        outcome = rehearsal.text({}, std::string(said->get_string()));
    } else if (const json::value* const request = object->if_contains("request"); request && request->is_object()) {
        outcome = rehearsal.request(factsOf(request->get_object()), json::serialize(*request));
    } else {
        return unreadable(number, "The line has none of tool, text and request.");
    }
    return {.json = toJson(number, outcome), .isBlocked = outcome.verdict == Verdict::Block};
}

} // namespace luthien::archive
