// SPDX-License-Identifier: Apache-2.0
#include "protocol/folded_name.h"
#include "protocol/request_parts.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace luthien::protocol {

using conversation::PartKind;

namespace {

constexpr std::array<std::string_view, 12> kNames = {"messages", "system",    "prompt",  "suffix",
                                                     "template", "role",      "content", "tool_calls",
                                                     "function", "tool_name", "name",    "tool_call_id"};

/// Ollama is written in Go, whose encoding/json takes "Messages" for "messages": what we would not see, it would.
void refuseOtherSpellings(JsonNode object, RequestParts& parts)
{
    for (const JsonNode member : object) {
        if (isOtherSpelling(member.key(), kNames))
            parts.setAmbiguous(member.key());
    }
}

PartKind kindOf(std::string_view role)
{
    if (role == "system")
        return PartKind::System;
    if (role == "assistant")
        return PartKind::AssistantText;
    return role == "tool" ? PartKind::ToolResult : PartKind::UserText;
}

/// Results name their call by id, by tool, or not at all: then they stand in the order of the calls.
class Conversation
{
public:
    explicit Conversation(RequestParts& parts)
        : m_parts(parts)
    {
    }

    void add(JsonNode message)
    {
        refuseOtherSpellings(message, m_parts);
        const PartKind kind = kindOf(message["role"].text());
        m_parts.add(kind, message["content"], kind == PartKind::ToolResult ? answeredBy(message) : AnsweredCall());
        if (!message["tool_calls"].isEmpty())
            m_open.clear();
        for (const JsonNode call : message["tool_calls"]) {
            refuseOtherSpellings(call, m_parts);
            refuseOtherSpellings(call["function"], m_parts);
            m_open.push_back({call["id"].text(), call["function"]["name"].text()});
        }
    }

private:
    AnsweredCall answeredBy(JsonNode message)
    {
        const AnsweredCall said{message["tool_call_id"].text(), message["tool_name"].text()};
        const auto isMeant = [&said](const AnsweredCall& call) {
            return (said.id.empty() || said.id == call.id) && (said.name.empty() || said.name == call.name);
        };
        const auto found = std::ranges::find_if(m_open, isMeant);
        if (found == m_open.end())
            return said;
        const AnsweredCall call = *found;
        m_open.erase(found);
        return call;
    }

    RequestParts& m_parts;
    std::vector<AnsweredCall> m_open; ///< of the last message with calls, not answered yet
};

} // namespace

void collectOllama(JsonNode root, RequestParts& parts)
{
    refuseOtherSpellings(root, parts);
    parts.add(PartKind::System, root["system"]);
    parts.add(PartKind::System, root["template"]);
    parts.add(PartKind::UserText, root["prompt"]);
    parts.add(PartKind::UserText, root["suffix"]);
    Conversation conversation(parts);
    std::uint32_t number = 0;
    for (const JsonNode message : root["messages"]) {
        parts.setMessage(number++);
        conversation.add(message);
    }
}

} // namespace luthien::protocol
