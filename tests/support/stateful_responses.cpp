// SPDX-License-Identifier: Apache-2.0
#include "support/stateful_responses.h"

#include <boost/json.hpp>

#include <utility>

namespace luthien::test {

namespace json = boost::json;

namespace {

std::string textAt(const json::object& object, std::string_view name)
{
    const json::value* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool isTrue(const json::object& object, std::string_view name, bool otherwise)
{
    const json::value* value = object.if_contains(name);
    return value && value->is_bool() ? value->get_bool() : otherwise;
}

/// The id of the conversation a request goes on with; empty = none.
std::string conversationOf(const json::object& request)
{
    const json::value* conversation = request.if_contains("conversation");
    return conversation && conversation->is_object() ? textAt(conversation->get_object(), "id")
                                                     : textAt(request, "conversation");
}

void append(json::array& list, const json::array& more)
{
    list.insert(list.end(), more.begin(), more.end());
}

/// What OpenAI answers to a history in which calls and outputs do not match; empty = they do.
std::string faultOf(const json::array& history)
{
    std::map<std::string, std::string> open; // call id -> what it is called in errors
    for (const json::value& value : history) {
        const json::object& item = value.as_object();
        const std::string type = textAt(item, "type");
        const std::string callId = textAt(item, "call_id");
        if (type == "function_call" || type == "custom_tool_call")
            open[callId] = type == "function_call" ? "function call" : "custom tool call";
        else if ((type == "function_call_output" || type == "custom_tool_call_output") && open.erase(callId) == 0)
            return "No tool call found for function call output with call_id " + callId + ".";
    }
    return open.empty() ? "" : "No tool output found for " + open.begin()->second + " " + open.begin()->first + ".";
}

std::string eventOf(const std::string& type, json::object event, int& number)
{
    event["type"] = type;
    event["sequence_number"] = number++;
    return "event: " + type + "\ndata: " + json::serialize(event) + "\n\n";
}

/// An item while it is being written.
json::object begun(json::object item)
{
    item["status"] = "in_progress";
    for (const char* name : {"arguments", "input"}) {
        if (item.contains(name))
            item[name] = "";
    }
    if (item.contains("content"))
        item["content"] = json::array();
    return item;
}

void addText(const json::object& item, int index, int& number, std::vector<std::string>& events)
{
    const json::value part = item.at("content").as_array().at(0);
    const json::object at{{"item_id", item.at("id")}, {"output_index", index}, {"content_index", 0}};
    const auto add = [&](const char* type, const char* name, json::value value) {
        json::object event = at;
        event[name] = std::move(value);
        events.push_back(eventOf(type, std::move(event), number));
    };
    add("response.content_part.added", "part", {{"type", "output_text"}, {"text", ""}, {"annotations", json::array()}});
    add("response.output_text.delta", "delta", part.at("text"));
    add("response.output_text.done", "text", part.at("text"));
    add("response.content_part.done", "part", part);
}

void addArguments(const json::object& item, int index, int& number, std::vector<std::string>& events)
{
    const bool isCustom = item.contains("input");
    const std::string name = isCustom ? "input" : "arguments";
    const std::string prefix = isCustom ? "response.custom_tool_call_input." : "response.function_call_arguments.";
    for (const auto& [step, member] : {std::pair<std::string, std::string>{"delta", "delta"}, {"done", name}})
        events.push_back(eventOf(
            prefix + step, {{"item_id", item.at("id")}, {"output_index", index}, {member, item.at(name)}}, number));
}

std::vector<std::string> streamOf(json::object response)
{
    int number = 0;
    std::vector<std::string> events;
    json::object early = response;
    early["status"] = "in_progress";
    early["output"] = json::array();
    for (const char* type : {"response.created", "response.in_progress"})
        events.push_back(eventOf(type, {{"response", early}}, number));
    int index = 0;
    for (const json::value& value : response.at("output").as_array()) {
        const json::object& item = value.as_object();
        events.push_back(
            eventOf("response.output_item.added", {{"output_index", index}, {"item", begun(item)}}, number));
        if (item.contains("content"))
            addText(item, index, number, events);
        else
            addArguments(item, index, number, events);
        events.push_back(eventOf("response.output_item.done", {{"output_index", index++}, {"item", item}}, number));
    }
    events.push_back(eventOf("response.completed", {{"response", response}}, number));
    return events;
}

} // namespace

ScriptedReply StatefulResponses::answer(const ScriptedRequest& request)
{
    boost::system::error_code error;
    const json::value parsed = json::parse(request.body, error);
    if (error || !parsed.is_object())
        return refused("We could not parse the JSON body of your request.");
    const json::object& body = parsed.get_object();
    json::array history;
    std::string fault = remembered(body, history);
    if (fault.empty()) {
        const json::value* input = body.if_contains("input");
        if (input && input->is_array())
            append(history, input->get_array());
        else if (input)
            history.push_back({{"type", "message"}, {"role", "user"}, {"content", *input}});
        fault = faultOf(history);
    }
    if (!fault.empty())
        return refused(fault);
    const ModelReply said = m_model(history);
    json::object response = keep(body, said, std::move(history));
    if (!isTrue(body, "stream", false))
        return {.headers = {{"Content-Type", "application/json"}}, .pieces = {json::serialize(response)}};
    return {.headers = {{"Content-Type", "text/event-stream"}},
            .pieces = streamOf(std::move(response)),
            .framing = ScriptedReply::Framing::Chunked};
}

json::object StatefulResponses::keep(const json::object& request, const ModelReply& said, json::array history)
{
    const std::scoped_lock lock(m_mutex);
    const std::string id = "resp_" + std::to_string(++m_replies);
    const json::array output = outputOf(said);
    append(history, output);
    const bool isStored = isTrue(request, "store", true);
    const std::string conversation = conversationOf(request);
    if (!conversation.empty())
        m_kept[conversation] = history;
    if (isStored)
        m_kept[id] = std::move(history);
    json::object response{
        {"id", id},          {"object", "response"},
        {"created_at", 1},   {"status", "completed"},
        {"error", nullptr},  {"incomplete_details", nullptr},
        {"model", "m"},      {"output", output},
        {"store", isStored}, {"usage", {{"input_tokens", 3}, {"output_tokens", 9}, {"total_tokens", 12}}}};
    if (!conversation.empty())
        response["conversation"] = {{"id", conversation}};
    return response;
}

json::array StatefulResponses::kept(const std::string& id) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_kept.find(id);
    return found == m_kept.end() ? json::array() : found->second;
}

std::vector<std::string> StatefulResponses::refusals() const
{
    const std::scoped_lock lock(m_mutex);
    return m_refusals;
}

/// What the request goes on from, or why it cannot. A conversation begins with its first request.
std::string StatefulResponses::remembered(const json::object& request, json::array& history) const
{
    const std::scoped_lock lock(m_mutex);
    const std::string conversation = conversationOf(request);
    const std::string previous = textAt(request, "previous_response_id");
    if (!conversation.empty() && !previous.empty())
        return "Mutually exclusive parameters: 'previous_response_id' and 'conversation'.";
    const auto found = m_kept.find(previous.empty() ? conversation : previous);
    if (found != m_kept.end())
        history = found->second;
    return found == m_kept.end() && !previous.empty() ? "Previous response with id '" + previous + "' not found." : "";
}

json::array StatefulResponses::outputOf(const ModelReply& reply)
{
    const std::string suffix = std::to_string(m_replies);
    json::array output;
    if (!reply.text.empty())
        output.push_back(
            {{"id", "msg_" + suffix},
             {"type", "message"},
             {"status", "completed"},
             {"role", "assistant"},
             {"content", {{{"type", "output_text"}, {"text", reply.text}, {"annotations", json::array()}}}}});
    for (const ModelReply::Call& call : reply.calls) {
        const std::string number = std::to_string(++m_calls);
        output.push_back({{"id", (call.isCustom ? "ctc_" : "fc_") + number},
                          {"type", call.isCustom ? "custom_tool_call" : "function_call"},
                          {"status", "completed"},
                          {"call_id", "call_" + number},
                          {"name", call.name},
                          {call.isCustom ? "input" : "arguments", call.arguments}});
    }
    return output;
}

ScriptedReply StatefulResponses::refused(const std::string& message)
{
    const std::scoped_lock lock(m_mutex);
    m_refusals.push_back(message);
    return {.status = 400,
            .headers = {{"Content-Type", "application/json"}},
            .pieces = {json::serialize(json::object{
                {"error",
                 {{"message", message}, {"type", "invalid_request_error"}, {"param", "input"}, {"code", nullptr}}}})}};
}

} // namespace luthien::test
