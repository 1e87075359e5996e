// SPDX-License-Identifier: Apache-2.0
#include "protocol/openai_responses_editing.h"
#include "protocol/openai_responses_read.h"
#include "protocol/stream_checking.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace luthien::protocol {

namespace ondemand = simdjson::ondemand;
using namespace openai_responses;

namespace {

/// Responses. Each text stands in up to five places, each call in four, and they must agree. Allowed, because real
/// servers do it: texts and arguments without deltas; events without item_id or sequence_number; response.queued before
/// response.created, or in its place where a response in the background is picked up; an error before response.failed.
class ResponsesChecker final : public StreamChecker
{
public:
    Result<void> event(std::string_view type, std::string_view data) override;
    Result<void> end() override
    {
        return m_phase == Phase::Over || m_phase == Phase::Failing
                   ? Result<void>()
                   : breach("A response ends with completed, incomplete, failed or an error.");
    }

private:
    enum class Phase { Before, Items, Failing, Over };
    struct OpenPart
    {
        Fingerprint text; ///< of its deltas
        bool isClosed = false;
    };
    struct KnownItem
    {
        std::string type;
        std::string id;
        std::map<std::uint32_t, OpenPart> content;
        std::uint32_t summaries = 0;
        Fingerprint arguments; ///< of their deltas
        bool isDone = false;
        Fingerprint whole; ///< when it was done
    };
    struct Event
    {
        std::string_view type;
        std::optional<std::uint32_t> output;
        std::optional<std::uint32_t> content;
        std::optional<std::uint32_t> summary;
        std::string_view itemId;
        std::string_view delta;
        std::string_view text; ///< the whole text, refusal, arguments or input
        std::optional<Part> part;
        std::optional<Item> item;
        std::optional<ResponseObject> response;
    };

    [[nodiscard]] bool read(std::string_view data, Event& event);
    static void readMember(std::string_view key, ondemand::value& member, Event& event);
    Result<void> body(std::string_view data);
    Result<void> streamed(const Event& event);
    Result<void> responseEvent(const Event& event);
    Result<void> begin(const Event& event);
    Result<void> done(const Event& event);
    Result<void> ofItem(const Event& event);
    static Result<void> part(const Event& event, KnownItem& item);
    static Result<void> text(const Event& event, KnownItem& item);
    static Result<void> summary(const Event& event, KnownItem& item);
    static Result<void> arguments(const Event& event, KnownItem& item);
    Result<void> complete(const Event& event);
    Fingerprint fingerprintOfItem(const Item& item);

    JsonReader m_reader;
    JsonReader m_operations;
    Phase m_phase = Phase::Before;
    std::map<std::uint32_t, KnownItem> m_items;
};

void ResponsesChecker::readMember(std::string_view key, ondemand::value& member, Event& event)
{
    ondemand::object object;
    if (key == "type") {
        event.type = textOf(member);
    } else if (key == "output_index") {
        event.output = indexOf(member);
    } else if (key == "content_index") {
        event.content = indexOf(member);
    } else if (key == "summary_index") {
        event.summary = indexOf(member);
    } else if (key == "item_id") {
        event.itemId = textOf(member);
    } else if (key == "delta") {
        event.delta = textOf(member);
    } else if (key == "text" || key == "refusal" || key == "arguments" || key == "input") {
        event.text = textOf(member);
    } else if (key == "part" && !member.get_object().get(object)) {
        event.part = readPart(object);
    } else if (key == "item" && !member.get_object().get(object)) {
        event.item = readItem(object);
    } else if (key == "response" && !member.get_object().get(object)) {
        event.response.emplace();
        (void)readResponse(object, *event.response);
    }
}

bool ResponsesChecker::read(std::string_view data, Event& event)
{
    const auto object = m_reader.object(data);
    return object && forEachMember(*object, [&event](std::string_view key, ondemand::value& member) {
               readMember(key, member, event);
           });
}

/// What clients act on. The reasoning's secrets, a status and the like may differ.
Fingerprint ResponsesChecker::fingerprintOfItem(const Item& item)
{
    Fingerprint all;
    for (const std::string_view text : {item.type, item.id, item.callId, item.name}) {
        all.add(text);
        all.add("\n");
    }
    if (const auto operation = item.argumentsAreText ? std::nullopt : m_operations.object(item.arguments))
        all.addJson(*operation);
    else
        all.add(item.arguments);
    for (const Part& part : item.content) {
        all.add(part.type);
        all.add("\n");
        all.add(part.text);
    }
    return all;
}

Result<void> ResponsesChecker::event(std::string_view type, std::string_view data)
{
    if (data.empty() || data == "[DONE]")
        return {};
    Event event;
    if (!read(data, event))
        return breach("An event is one JSON object.");
    if (type.empty() && event.type.empty() && m_phase == Phase::Before)
        return body(data);
    if (!type.empty() && type != event.type)
        return breach("The event line says the type that the data says.");
    if (m_phase == Phase::Over || (m_phase == Phase::Failing && event.type != "response.failed"))
        return breach("Nothing follows the end of a response.");
    return streamed(event);
}

Result<void> ResponsesChecker::body(std::string_view data)
{
    ResponseObject response;
    const auto object = m_reader.object(data);
    if (!object || !readResponse(*object, response))
        return breach("A response is one JSON object.");
    m_phase = Phase::Over;
    for (const Item& item : response.output) {
        if (item.type.empty())
            return breach("An item says its type.");
        if (executorOf(item.type) == conversation::Executor::Client && item.callId.empty() && item.id.empty())
            return breach("A call has an id.");
    }
    return {};
}

Result<void> ResponsesChecker::streamed(const Event& event)
{
    if (event.type.empty())
        return breach("An event says its type.");
    if (event.type == "error") {
        m_phase = Phase::Failing;
        return {};
    }
    if (event.response)
        return responseEvent(event);
    if (!event.output)
        return {}; // a keep-alive, or one of tomorrow's
    if (m_phase == Phase::Before)
        return breach("A response begins with response.created.");
    if (event.type == "response.output_item.added")
        return begin(event);
    return event.type == "response.output_item.done" ? done(event) : ofItem(event);
}

Result<void> ResponsesChecker::responseEvent(const Event& event)
{
    const bool isStart = event.type == "response.created" || event.type == "response.queued";
    if (m_phase == Phase::Before && !isStart)
        return breach("A response begins with response.created.");
    if (event.type == "response.created" && !m_items.empty())
        return breach("A response begins once.");
    if (isStart)
        m_phase = Phase::Items;
    if (event.type == "response.failed" || event.type == "response.cancelled")
        m_phase = Phase::Over;
    return event.type == "response.completed" || event.type == "response.incomplete" ? complete(event) : Result<void>();
}

Result<void> ResponsesChecker::begin(const Event& event)
{
    if (!event.item || event.item->type.empty())
        return breach("An item says its type.");
    if (*event.output != m_items.size())
        return breach("Items are numbered without gaps.");
    KnownItem& item = m_items[*event.output];
    item.type = event.item->type;
    item.id = event.item->id;
    return {};
}

/// An item's end tells all of it again.
Result<void> ResponsesChecker::done(const Event& event)
{
    const auto found = m_items.find(*event.output);
    if (found == m_items.end() || found->second.isDone)
        return breach("Only an item that was added and is open is done.");
    KnownItem& item = found->second;
    if (!event.item || event.item->type != item.type || event.item->id != item.id)
        return breach("An item keeps its type and id.");
    for (const auto& [index, part] : item.content) {
        if (!part.isClosed)
            return breach("Every part of an item is done before the item is.");
        if (item.type != "message" || part.text.isEmpty())
            continue;
        if (index >= event.item->content.size() || fingerprintOf(event.item->content[index].text) != part.text)
            return breach("An item says the texts of its deltas.");
    }
    if (!item.arguments.isEmpty() && event.item->argumentsAreText &&
        fingerprintOf(event.item->arguments) != item.arguments)
        return breach("A call says the arguments of its deltas.");
    item.isDone = true;
    item.whole = fingerprintOfItem(*event.item);
    item.content.clear();
    return {};
}

Result<void> ResponsesChecker::ofItem(const Event& event)
{
    const auto found = m_items.find(*event.output);
    if (found == m_items.end() || found->second.isDone)
        return breach("An event belongs to an open item.");
    KnownItem& item = found->second;
    if (!event.itemId.empty() && event.itemId != item.id)
        return breach("An event names the item it belongs to.");
    const std::string_view type = event.type;
    if (type.starts_with("response.content_part."))
        return part(event, item);
    if (type.starts_with("response.output_text.") || type.starts_with("response.refusal."))
        return text(event, item);
    if (type.starts_with("response.reasoning_summary_"))
        return summary(event, item);
    if (type.find("_call_arguments.") != std::string_view::npos || type.find("_call_input.") != std::string_view::npos)
        return arguments(event, item);
    return {};
}

Result<void> ResponsesChecker::part(const Event& event, KnownItem& item)
{
    if (!event.content || !event.part)
        return breach("A part has an index and says its type.");
    if (event.type.ends_with(".added")) {
        if (*event.content != item.content.size())
            return breach("The parts of an item are numbered without gaps.");
        item.content[*event.content] = {};
        return {};
    }
    const auto found = item.content.find(*event.content);
    if (found == item.content.end() || found->second.isClosed)
        return breach("Only a part that was added and is open is done.");
    found->second.isClosed = true;
    if (!found->second.text.isEmpty() && fingerprintOf(event.part->text) != found->second.text)
        return breach("A part says the text of its deltas.");
    return {};
}

Result<void> ResponsesChecker::text(const Event& event, KnownItem& item)
{
    const auto found = event.content ? item.content.find(*event.content) : item.content.end();
    if (found == item.content.end() || found->second.isClosed)
        return breach("A text belongs to an open part.");
    if (event.type.ends_with(".delta"))
        found->second.text.add(event.delta);
    else if (event.type.ends_with(".done") && !found->second.text.isEmpty() &&
             fingerprintOf(event.text) != found->second.text)
        return breach("A text is what its deltas add up to.");
    return {};
}

Result<void> ResponsesChecker::summary(const Event& event, KnownItem& item)
{
    if (!event.summary || *event.summary > item.summaries)
        return breach("The parts of a summary are numbered without gaps.");
    if (event.type == "response.reasoning_summary_part.added")
        item.summaries = std::max(item.summaries, *event.summary + 1);
    else if (*event.summary == item.summaries)
        return breach("A summary's text belongs to a part that was added.");
    return {};
}

Result<void> ResponsesChecker::arguments(const Event& event, KnownItem& item)
{
    if (event.type.ends_with(".delta"))
        item.arguments.add(event.delta);
    else if (!item.arguments.isEmpty() && fingerprintOf(event.text) != item.arguments)
        return breach("Arguments are what their deltas add up to.");
    return {};
}

/// A response that is incomplete may leave its last items open.
Result<void> ResponsesChecker::complete(const Event& event)
{
    m_phase = Phase::Over;
    const bool isComplete = event.type == "response.completed";
    const std::vector<Item>& output = event.response->output;
    if (isComplete && output.size() != m_items.size())
        return breach("A response has the items of its stream.");
    for (const auto& [index, item] : m_items) {
        if (isComplete && !item.isDone)
            return breach("Every item is done before the response is complete.");
        if (item.isDone && index < output.size() && fingerprintOfItem(output[index]) != item.whole)
            return breach("A response says what the items of its stream say.");
    }
    return {};
}

} // namespace

std::unique_ptr<StreamChecker> makeOpenAiResponsesChecker()
{
    return std::make_unique<ResponsesChecker>();
}

} // namespace luthien::protocol
