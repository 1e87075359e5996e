// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_write.h"
#include "protocol/openai_responses_read.h"
#include "protocol/openai_responses_state.h"
#include "protocol/reply_turn.h"

#include <algorithm>
#include <utility>

namespace luthien::protocol {

namespace {

using openai_responses::executorOf;
using openai_responses::outputItem;

/// A kind of call we do not know is taken for the client's, as elsewhere.
bool isClients(std::string_view itemType)
{
    const auto executor = executorOf(itemType);
    return executor ? *executor == conversation::Executor::Client : itemType.ends_with("_call");
}

class OpenAiResponsesTurn final : public JsonTurn
{
protected:
    Result<void> read(JsonNode root) override;
    bool isComplete() const override { return m_isComplete; }
    Result<std::string> write(JsonNode request, std::string_view body, OutputTexts outputs) const override;

private:
    Result<void> readResponse(JsonNode response);
    [[nodiscard]] bool isKept(JsonNode request) const;
    [[nodiscard]] Result<std::vector<std::string>> answers(OutputTexts& outputs) const;
    [[nodiscard]] Result<std::vector<std::string>> repeated() const;

    std::vector<std::string> m_items; ///< JSON, in the reply's order
    std::string m_id;
    bool m_isStored = false;
    bool m_isComplete = false;
};

Result<void> OpenAiResponsesTurn::read(JsonNode root)
{
    const std::string_view type = root["type"].text();
    if (root["object"].text() == "response")
        return readResponse(root);
    if (type == "response.output_item.done")
        m_items.emplace_back(root["item"].json());
    else if (type == "response.completed" || type == "response.incomplete")
        return readResponse(root["response"]);
    else if (type == "error" || type == "response.failed" || root["error"].isObject())
        return cannotSayAgain("it is an error");
    return {};
}

Result<void> OpenAiResponsesTurn::readResponse(JsonNode response)
{
    const std::string_view status = response["status"].text();
    if (status == "failed" || status == "cancelled" || response["error"].isObject())
        return cannotSayAgain("it is an error");
    m_id = response["id"].text();
    m_isStored = response["store"].isTrue();
    m_isComplete = status == "completed" || status == "incomplete";
    // What its own event said is what clients went by; some servers leave the list at the end empty.
    if (m_items.empty()) {
        for (const JsonNode item : response["output"])
            m_items.emplace_back(item.json());
    }
    return {};
}

/// True if the provider keeps this reply and the next request can name it.
bool OpenAiResponsesTurn::isKept(JsonNode request) const
{
    const JsonNode store = request["store"];
    const bool isDeclined = store && !store.isTrue() && !store.isNull();
    return !m_id.empty() && !isDeclined && (m_isStored || !openai_responses::previousResponseOf(request).empty());
}

Result<std::vector<std::string>> OpenAiResponsesTurn::answers(OutputTexts& outputs) const
{
    std::vector<std::string> items;
    for (const std::string& json : m_items) {
        const auto tree = JsonTree::read(json);
        if (!tree)
            return tree.error();
        const JsonNode item = (*tree)->root();
        const std::string_view type = item["type"].text();
        if (!isClients(type))
            continue;
        if (type == "function_call") {
            if (const Result<std::string> object = argumentsObject(item["arguments"].text()); !object)
                return object.error();
        }
        const std::string_view name = item["name"].text();
        const std::string_view tool =
            name.empty() ? type.substr(0, type.size() - std::string_view("_call").size()) : name;
        const std::string_view callId = item["call_id"].text();
        items.push_back(outputItem(type, callId, outputs.of(callId, tool)));
        if (items.back().empty() || callId.empty())
            return cannotSayAgain("a call of it can have no text for a result", type);
    }
    if (items.empty())
        return cannotSayAgain("it calls no tool of the client's");
    return items;
}

/// The reply's items as input. Reasoning that the provider neither keeps nor gave out is unknown to it next time; then
/// what it led to must not be found by its id either, or the provider misses the reasoning.
Result<std::vector<std::string>> OpenAiResponsesTurn::repeated() const
{
    std::vector<std::string> items;
    bool isLost = false;
    for (const std::string& json : m_items) {
        const auto tree = JsonTree::read(json);
        if (!tree)
            return tree.error();
        const JsonNode item = (*tree)->root();
        const bool isReasoning = item["type"].text() == "reasoning";
        if (isReasoning && !m_isStored && item["encrypted_content"].text().empty() && item["content"].isEmpty()) {
            isLost = true;
            continue;
        }
        std::vector<std::pair<std::string_view, std::string>> members;
        for (const JsonNode member : item) {
            if (!isLost || isReasoning || member.key() != "id")
                members.emplace_back(member.key(), member.json());
        }
        items.push_back(jsonObject(members));
    }
    return items;
}

Result<std::string> OpenAiResponsesTurn::write(JsonNode request, std::string_view body, OutputTexts outputs) const
{
    const Result<std::vector<std::string>> results = answers(outputs);
    if (!results)
        return results.error();
    const JsonNode input = request["input"];
    const std::string onlyResults = '[' + joinedJson(*results) + ']';
    if (!openai_responses::conversationOf(request).empty())
        return spliced(body, {memberOf(request, "input", onlyResults)});
    if (isKept(request))
        return spliced(body, {memberOf(request, "input", onlyResults),
                              memberOf(request, "previous_response_id", jsonString(m_id))});
    Result<std::vector<std::string>> turns = repeated();
    if (!turns)
        return turns.error();
    turns->insert(turns->end(), results->begin(), results->end());
    if (input.isString())
        return spliced(body, {inPlaceOf(input, R"([{"role":"user","content":)" + std::string(input.json()) + "}," +
                                                   joinedJson(*turns) + ']')});
    return withMessages(body, input, *turns);
}

} // namespace

std::unique_ptr<ReplyTurn> makeOpenAiResponsesTurn()
{
    return std::make_unique<OpenAiResponsesTurn>();
}

} // namespace luthien::protocol
