// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_write.h"
#include "protocol/reply_turn.h"

#include <boost/json.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace luthien::protocol {

namespace json = boost::json;

namespace {

bool isOneOf(std::string_view name, std::initializer_list<std::string_view> names)
{
    return std::ranges::find(names, name) != names.end();
}

void joinPiece(json::array& list, json::object piece);

/// True if the piece goes on where the last one ended: of the same kind and place, and that one is not signed yet.
bool continues(const json::object& last, const json::object& piece)
{
    const auto at = [](const json::object& object, std::string_view name) {
        const json::value* value = object.if_contains(toJsonText(name));
        return value ? *value : json::value();
    };
    const bool grows = at(piece, "text").is_string() || at(piece, "summary").is_string() ||
                       at(piece, "thinking").is_string() || at(piece, "thinking").is_array();
    return grows && at(last, "type") == at(piece, "type") && at(last, "index") == at(piece, "index") &&
           at(last, "signature").is_null();
}

/// Lists of content and of reasoning (Mistral, OpenRouter, LiteLLM) come in pieces: texts go on, signatures end them.
void joinInto(json::object& last, const json::object& piece)
{
    for (const auto& [name, value] : piece) {
        json::value& kept = last[name];
        if (kept.is_string() && value.is_string() && isOneOf(fromJsonText(name), {"text", "summary", "thinking"})) {
            kept.get_string().append(value.get_string());
        } else if (kept.is_array() && value.is_array()) {
            for (const json::value& inner : value.get_array()) {
                if (inner.is_object())
                    joinPiece(kept.get_array(), inner.get_object());
            }
        } else if (!value.is_null()) {
            kept = value;
        }
    }
}

void joinPiece(json::array& list, json::object piece)
{
    json::object* last = list.empty() ? nullptr : list.back().if_object();
    if (last && continues(*last, piece))
        joinInto(*last, piece);
    else
        list.push_back(std::move(piece));
}

/// A tool call as its deltas bring it.
struct Call
{
    std::string id;
    std::string type = "function";
    std::string name;
    std::string arguments;
    std::map<std::string, std::string> others; ///< JSON; Gemini's thought signatures come so

    [[nodiscard]] std::string toJson() const
    {
        const std::string_view what = type == "custom" ? "custom" : "function";
        const std::string_view given = type == "custom" ? "input" : "arguments";
        const std::string tool = jsonObject(std::vector<std::pair<std::string_view, std::string>>{
            {"name", jsonString(name)}, {given, jsonString(arguments)}});
        std::vector<std::pair<std::string_view, std::string>> members = {
            {"id", jsonString(id)}, {"type", jsonString(type)}, {what, tool}};
        for (const auto& [other, value] : others)
            members.emplace_back(other, value);
        return jsonObject(members);
    }
};

/// One of the alternative replies.
class Choice
{
public:
    void readWhole(JsonNode message) { m_message = message.json(); }
    Result<void> readDelta(JsonNode delta);
    void finish() { m_isFinished = true; }

    [[nodiscard]] bool isFinished() const noexcept { return m_isFinished; }
    /// The assistant's message, as JSON.
    [[nodiscard]] std::string message() const;

private:
    Result<void> readList(std::string_view name, JsonNode list);
    Result<void> readCall(JsonNode delta);
    static void readTool(JsonNode tool, Call& call);

    std::string m_message;                             ///< of a whole body
    std::map<std::string, std::string> m_texts;        ///< members that grow
    std::map<std::string, json::array> m_lists;        ///< members that grow
    std::map<std::string, std::string> m_others;       ///< JSON
    std::vector<std::pair<std::string, Call>> m_calls; ///< with the index each has, as JSON
    std::optional<Call> m_functionCall;
    bool m_isFinished = false;
};

Result<void> Choice::readDelta(JsonNode delta)
{
    for (const JsonNode member : delta) {
        const std::string name(member.key());
        if (name == "tool_calls") {
            for (const JsonNode call : member) {
                if (Result<void> done = readCall(call); !done)
                    return done;
            }
        } else if (name == "function_call" && member.isObject()) {
            readTool(member, m_functionCall ? *m_functionCall : m_functionCall.emplace());
        } else if (isOneOf(name, {"content", "refusal", "reasoning_content", "reasoning"}) && member.isString()) {
            if (name == "content" && m_lists.contains(name))
                joinPiece(m_lists[name], {{"type", "text"}, {"text", toJsonText(member.text())}});
            else
                m_texts[name] += member.text();
        } else if (member.isArray()) {
            if (Result<void> done = readList(name, member); !done)
                return done;
        } else if (member.isObject()) {
            m_others[name] = member.json();
        } // a text we do not know to grow, or only to be repeated, is left out
    }
    return {};
}

Result<void> Choice::readList(std::string_view name, JsonNode list)
{
    json::array& kept = m_lists[std::string(name)];
    if (const auto text = m_texts.find("content"); name == "content" && text != m_texts.end()) {
        joinPiece(kept, {{"type", "text"}, {"text", toJsonText(text->second)}});
        m_texts.erase(text);
    }
    for (const JsonNode element : list) {
        boost::system::error_code error;
        json::value piece = json::parse(toJsonText(element.json()), error);
        if (error || !piece.is_object())
            return cannotSayAgain("a list in it holds no objects", name);
        joinPiece(kept, std::move(piece.get_object()));
    }
    return {};
}

Result<void> Choice::readCall(JsonNode delta)
{
    const std::string index(delta["index"].json());
    const bool isNew =
        index.empty() ? m_calls.empty() || !delta["id"].text().empty()
                      : std::ranges::find(m_calls, index, [](const auto& call) { return call.first; }) == m_calls.end();
    if (isNew)
        m_calls.emplace_back(index, Call());
    Call& call = index.empty()
                     ? m_calls.back().second
                     : std::ranges::find(m_calls, index, [](const auto& known) { return known.first; })->second;
    for (const JsonNode member : delta) {
        const std::string_view name = member.key();
        if (name == "id" && call.id.empty())
            call.id = member.text();
        else if (name == "type" && member.isString())
            call.type = member.text();
        else if (name == "function" || name == "custom")
            readTool(member, call);
        else if (!isOneOf(name, {"id", "type", "index"}) && !member.isNull())
            call.others[std::string(name)] = member.json();
    }
    return {};
}

void Choice::readTool(JsonNode tool, Call& call)
{
    if (call.name.empty()) // some repeat it
        call.name = tool["name"].text();
    call.arguments += tool["arguments"].text();
    call.arguments += tool["input"].text();
}

std::string Choice::message() const
{
    if (!m_message.empty())
        return m_message;
    std::vector<std::pair<std::string_view, std::string>> members = {{"role", R"("assistant")"}};
    if (!m_lists.contains("content") && (!m_texts.contains("content") || m_texts.at("content").empty()))
        members.emplace_back("content", "null");
    for (const auto& [name, text] : m_texts) {
        if (!text.empty())
            members.emplace_back(name, jsonString(text));
    }
    for (const auto& [name, list] : m_lists)
        members.emplace_back(name, json::serialize(list));
    for (const auto& [name, value] : m_others)
        members.emplace_back(name, value);
    if (m_functionCall)
        members.emplace_back("function_call", R"({"name":)" + jsonString(m_functionCall->name) + R"(,"arguments":)" +
                                                  jsonString(m_functionCall->arguments) + '}');
    std::vector<std::string> calls;
    for (const auto& [index, call] : m_calls)
        calls.push_back(call.toJson());
    if (!calls.empty())
        members.emplace_back("tool_calls", '[' + joinedJson(calls) + ']');
    return jsonObject(members);
}

/// The message and the results of its calls, or why that cannot be.
Result<std::vector<std::string>> turnsOf(const std::string& message, OutputTexts& outputs)
{
    const auto tree = JsonTree::read(message);
    if (!tree)
        return tree.error();
    const JsonNode said = (*tree)->root();
    std::vector<JsonSplice> changes;
    std::vector<std::string> turns = {std::string()};
    for (const JsonNode call : said["tool_calls"]) {
        const JsonNode arguments = call["function"]["arguments"];
        if (const Result<std::string> object = argumentsObject(arguments.text()); !object)
            return object.error();
        if (arguments.isString() && arguments.text().empty())
            changes.push_back(inPlaceOf(arguments, R"("{}")"));
        const JsonNode name = call["function"] ? call["function"]["name"] : call["custom"]["name"];
        const std::string_view id = call["id"].text();
        turns.push_back(R"({"role":"tool","tool_call_id":)" + jsonString(id) + R"(,"content":)" +
                        jsonString(outputs.of(id, name.text())) + '}');
    }
    if (const JsonNode call = said["function_call"]; call.isObject())
        turns.push_back(R"({"role":"function","name":)" + std::string(call["name"].json()) + R"(,"content":)" +
                        jsonString(outputs.of({}, call["name"].text())) + '}');
    if (said["audio"].isObject()) // is said again by its id
        changes.push_back(inPlaceOf(said["audio"], R"({"id":)" + std::string(said["audio"]["id"].json()) + '}'));
    turns.front() = spliced(message, changes);
    return turns;
}

class OpenAiChatTurn final : public JsonTurn
{
protected:
    Result<void> read(JsonNode root) override;
    void readDone() override { m_isDone = true; }
    bool isComplete() const override
    {
        return m_isDone || (!m_choices.empty() && std::ranges::all_of(m_choices, [](const auto& choice) {
                   return choice.second.isFinished();
               }));
    }
    Result<std::string> write(JsonNode request, std::string_view body, OutputTexts outputs) const override;

private:
    std::map<std::string, Choice> m_choices; ///< by index, as JSON
    bool m_isDone = false;
};

Result<void> OpenAiChatTurn::read(JsonNode root)
{
    if (root["error"].isObject())
        return cannotSayAgain("it is an error");
    for (const JsonNode choice : root["choices"]) {
        Choice& kept = m_choices[choice["index"] ? std::string(choice["index"].json()) : "0"];
        if (choice["message"].isObject())
            kept.readWhole(choice["message"]);
        else if (const Result<void> done = kept.readDelta(choice["delta"]); !done)
            return done;
        if (choice["message"].isObject() || !choice["finish_reason"].text().empty())
            kept.finish();
    }
    return {};
}

Result<std::string> OpenAiChatTurn::write(JsonNode request, std::string_view body, OutputTexts outputs) const
{
    // Of alternative replies a request can hold one: the first that asks for something.
    for (const auto& [index, choice] : m_choices) {
        const Result<std::vector<std::string>> turns = turnsOf(choice.message(), outputs);
        if (!turns)
            return turns.error();
        if (turns->size() > 1)
            return withMessages(body, request["messages"], *turns);
    }
    return cannotSayAgain("it calls no tool of the client's");
}

} // namespace

std::unique_ptr<ReplyTurn> makeOpenAiChatTurn()
{
    return std::make_unique<OpenAiChatTurn>();
}

} // namespace luthien::protocol
