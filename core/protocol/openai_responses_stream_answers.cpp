// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "protocol/openai_responses_stream_editor.h"

// How what was read leaves, now that the answers are known.
namespace luthien::protocol::openai_responses {

namespace json = boost::json;

namespace {
bool endsReply(const GuardedCall& call)
{
    return call.isBlocked() && call.answer->onBlock == conversation::OnBlock::End;
}
} // namespace

bool ResponsesStreamEditor::putText(json::object& part, std::uint32_t output, std::uint32_t content) const
{
    json::value& text = part["text"];
    if (text == toJsonText(m_texts.sent(output, content)))
        return false;
    text = toJsonText(m_texts.sent(output, content));
    forgetTokens(part);
    return true;
}

bool ResponsesStreamEditor::putTexts(json::object& item, std::uint32_t output) const
{
    bool isChanged = false;
    forEachText(item, [&](json::object& part, std::uint32_t i) { isChanged |= putText(part, output, i); });
    return isChanged;
}

void ResponsesStreamEditor::askAgain()
{
    for (ItemCall& call : m_calls) {
        if (m_guardsTools && call.isComplete)
            call.guarded.ask(m_review);
    }
    m_texts.askAgain();
}

bool ResponsesStreamEditor::mustWait(const Queued& first) const
{
    if (first.role == TextRest)
        return m_texts.outputOf(first.index) <= m_end && !m_texts.isKnown(first.index);
    if (first.role == WholeResponse)
        return m_guardsTools && mustWaitFor(m_outputs[first.index]);
    if (first.role != CallPart || !m_guardsTools || first.index > m_end)
        return false;
    const Item& item = m_items.at(first.index);
    return !item.isAbandoned && (!item.isDone || !m_calls[*item.call].guarded.answer);
}

bool ResponsesStreamEditor::mustWaitFor(const std::vector<Output>& outputs) const
{
    for (const Output& output : outputs) {
        if (output.index > m_end && output.index < kUnannounced)
            return false; // it is left out
        const GuardedCall* call = output.call ? &m_calls[*output.call].guarded : nullptr;
        if (call && !call->answer)
            return true;
        if (call && endsReply(*call))
            return false;
    }
    return false;
}

Result<void> ResponsesStreamEditor::drain(EditedReply& out)
{
    while (!isQueueEmpty() && !mustWait(front())) {
        if (Result<void> left = leave(takeFront(), out); !left)
            return left;
    }
    if (isQueueEmpty())
        m_argumentBytes = 0;
    return {};
}

Result<void> ResponsesStreamEditor::leave(Queued queued, EditedReply& out)
{
    const bool isOfItem = queued.role == OfItem || queued.role == CallPart || queued.role == TextPlace;
    Result<void> done;
    if (queued.role == TextRest)
        leaveRest(queued.index, out);
    else if (isOfItem && queued.index > m_end)
        queued.event.drop();
    else if (queued.role == CallPart && m_guardsTools)
        done = leaveCallPart(queued, out);
    else if (queued.role == TextPlace)
        done = putTexts(queued.event);
    else if (queued.role == WholeResponse)
        done = rewriteResponse(queued);
    if (done)
        queued.event.write(out);
    return done;
}

Result<void> ResponsesStreamEditor::leaveCallPart(Queued& queued, EditedReply& out)
{
    Item& item = m_items.at(queued.index);
    const ItemCall& call = m_calls[*item.call];
    if (item.isAbandoned || call.guarded.isBlocked()) {
        queued.event.drop();
        if (item.isAbandoned || std::exchange(item.isNoticeOut, true))
            return {};
        writeNoticeEvents(call, queued.index, out);
        m_end = endsReply(call.guarded) ? queued.index : m_end;
        return {};
    }
    if (!call.guarded.newArguments() || queued.event.bytes() == 0)
        return {};
    if (Result<void> fits = call.guarded.checkArguments(); !fits)
        return fits;
    Result<json::value> content = parseStrictJson(queued.event.data());
    if (!content)
        return content.error();
    const std::string type(*stringAt(content->get_object(), "type"));
    const Result<bool> leaves = replaceArguments(content->get_object(), type, call.guarded, !item.isDeltaOut);
    if (!leaves)
        return leaves.error();
    item.isDeltaOut = item.isDeltaOut || type.ends_with(".delta");
    if (*leaves)
        change(queued.event, type, content->get_object());
    else
        queued.event.drop();
    return {};
}

void ResponsesStreamEditor::leaveRest(std::uint32_t number, EditedReply& out)
{
    auto delta = m_texts.takeRest(number);
    if (!delta || m_texts.outputOf(number) > m_end)
        return;
    const auto item = m_items.find(m_texts.outputOf(number));
    (*delta)["item_id"] = item != m_items.end() ? item->second.id : std::string();
    EditedEvent::made(kTextDelta, json::serialize(*delta)).write(out);
}

Result<void> ResponsesStreamEditor::putTexts(EditedEvent& event) const
{
    Result<json::value> parsed = parseStrictJson(event.data());
    if (!parsed)
        return parsed.error();
    json::object& content = parsed->get_object();
    const std::uint32_t output = *indexAt(content, "output_index");
    json::object* part = objectAt(content, "part");
    json::object* item = objectAt(content, "item");
    const bool isChanged =
        item ? putTexts(*item, output) : putText(part ? *part : content, output, *indexAt(content, "content_index"));
    if (isChanged)
        change(event, std::string(*stringAt(content, "type")), content);
    return {};
}

Result<void> ResponsesStreamEditor::rewriteResponse(Queued& queued)
{
    const std::vector<Output>& outputs = m_outputs[queued.index];
    if (outputs.empty() || (!m_editsText && !m_guardsTools))
        return {};
    Result<json::value> content = parseStrictJson(queued.event.data());
    if (!content)
        return content.error();
    json::object& response = *objectAt(content->get_object(), "response");
    bool isChanged = false;
    if (Result<void> rewritten = rewriteOutput(response, outputs, isChanged); !rewritten || !isChanged)
        return rewritten;
    response.erase("output_text"); // the SDKs make it from the items
    std::string type(*stringAt(content->get_object(), "type"));
    if (type == "response.incomplete" && response["status"] == "completed")
        content->get_object()["type"] = toJsonText(type = "response.completed");
    change(queued.event, type, content->get_object());
    return {};
}

Result<void> ResponsesStreamEditor::rewriteOutput(json::object& response, const std::vector<Output>& outputs,
                                                  bool& isChanged)
{
    json::array& list = *arrayAt(response, "output");
    std::size_t left = 0;
    bool isOver = false;
    for (; left < outputs.size() && !isOver; ++left) {
        const Output& output = outputs[left];
        if (output.index > m_end && output.index < kUnannounced)
            break;
        json::object& item = list[left].get_object();
        const ItemCall* call = output.call ? &m_calls[*output.call] : nullptr;
        if (!call) {
            isChanged |= m_editsText && putTexts(item, output.index);
        } else if (call->guarded.isBlocked()) {
            isOver = endsReply(call->guarded);
            list[left] = noticeItem(*call);
            isChanged = true;
        } else if (call->guarded.newArguments()) {
            if (Result<void> replaced = replaceArguments(item, call->guarded); !replaced)
                return replaced;
            isChanged = true;
        }
    }
    if (!isOver && left == outputs.size())
        return {};
    list.resize(left);
    endHere(response);
    isChanged = true;
    return {};
}

} // namespace luthien::protocol::openai_responses
