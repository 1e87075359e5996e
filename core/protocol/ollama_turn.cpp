// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_write.h"
#include "protocol/reply_turn.h"

#include <map>
#include <utility>

namespace luthien::protocol {

namespace {

class OllamaTurn final : public JsonTurn
{
protected:
    Result<void> read(JsonNode root) override;
    bool isComplete() const override { return m_isComplete; }
    Result<std::string> write(JsonNode request, std::string_view body, OutputTexts outputs) const override;

private:
    std::string m_content;
    std::string m_thinking;
    std::vector<std::string> m_calls;            ///< JSON
    std::map<std::string, std::string> m_others; ///< JSON
    bool m_isComplete = false;
};

Result<void> OllamaTurn::read(JsonNode root)
{
    if (root["error"])
        return cannotSayAgain("it is an error");
    for (const JsonNode member : root["message"]) {
        const std::string_view name = member.key();
        if (name == "content")
            m_content += member.text();
        else if (name == "thinking")
            m_thinking += member.text();
        else if (name == "tool_calls")
            for (const JsonNode call : member)
                m_calls.emplace_back(call.json());
        else if (name != "role" && !member.isNull())
            m_others[std::string(name)] = member.json();
    }
    m_isComplete = m_isComplete || root["done"].isTrue();
    return {};
}

Result<std::string> OllamaTurn::write(JsonNode request, std::string_view body, OutputTexts outputs) const
{
    if (m_calls.empty())
        return cannotSayAgain("it calls no tool");
    std::vector<std::pair<std::string_view, std::string>> members = {{"role", R"("assistant")"},
                                                                     {"content", jsonString(m_content)}};
    if (!m_thinking.empty())
        members.emplace_back("thinking", jsonString(m_thinking));
    for (const auto& [name, value] : m_others)
        members.emplace_back(name, value);
    members.emplace_back("tool_calls", '[' + joinedJson(m_calls) + ']');
    std::vector<std::string> turns = {jsonObject(members)};
    for (const std::string& json : m_calls) {
        const auto tree = JsonTree::read(json);
        if (!tree)
            return tree.error();
        const JsonNode call = (*tree)->root();
        const std::string_view id = call["id"].text();
        const std::string_view name = call["function"]["name"].text();
        members = {{"role", R"("tool")"}, {"tool_name", jsonString(name)}};
        if (!id.empty())
            members.emplace_back("tool_call_id", jsonString(id));
        members.emplace_back("content", jsonString(outputs.of(id, name)));
        turns.push_back(jsonObject(members));
    }
    return withMessages(body, request["messages"], turns);
}

} // namespace

std::unique_ptr<ReplyTurn> makeOllamaTurn()
{
    return std::make_unique<OllamaTurn>();
}

} // namespace luthien::protocol
