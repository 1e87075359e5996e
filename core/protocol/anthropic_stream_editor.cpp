// SPDX-License-Identifier: Apache-2.0
#include "protocol/anthropic_editing.h"
#include "protocol/json_read.h"

#include <algorithm>
#include <unordered_map>

// Messages. All calls of a reply wait in the queue, from the first one until message_delta: what was blocked is told
// in a text before the first released call, because history with text behind a tool_use is refused on the next turn.
namespace luthien::protocol {

namespace json = boost::json;
using namespace anthropic;
using conversation::Executor;
using conversation::ReplyReview;

namespace {

constexpr std::string_view kStart = "content_block_start";
constexpr std::string_view kDelta = "content_block_delta";
constexpr std::string_view kStop = "content_block_stop";

class AnthropicStreamEditor final : public StreamEditor
{
public:
    using StreamEditor::StreamEditor;

protected:
    Result<void> read(EditedEvent event, std::string_view type, json::object& content) override;
    Result<void> drain(EditedReply& out) override;
    std::size_t heldText() const noexcept override { return m_open ? m_open->text.heldBytes() : 0; }
    std::size_t heldArguments() const noexcept override
    {
        std::size_t bytes = 0;
        for (const GuardedCall& call : m_calls)
            bytes += m_isQueueing ? call.arguments.size() : 0;
        return bytes;
    }
    bool namesTypes() const noexcept override { return true; }

private:
    enum class Phase { Start, Content, Stopping, Stopped };
    enum Role { Other, BlockStart, BlockPart, MessageDelta };
    enum class BlockKind { Text, Call, Other };
    struct OpenBlock
    {
        std::uint32_t index = 0;
        BlockKind kind = BlockKind::Other;
        bool hasInput = false;
        EditedText text{0, 0};
    };

    Result<void> readFrame(EditedEvent event, std::string_view type, json::object& content);
    Result<void> readMessageStart(EditedEvent event, const json::object& content);
    Result<void> readStart(EditedEvent event, json::object& content);
    Result<void> startCall(json::object& block, Executor executor, std::string_view data);
    Result<void> readDelta(EditedEvent event, json::object& content);
    void readTextDelta(EditedEvent event, json::object& content, json::object& delta, std::string_view text);
    Result<void> readStop(EditedEvent event, const json::object& content);
    Result<void> readMessageDelta(EditedEvent event, const json::object& content);
    Result<void> rewrite();
    Result<void> renumber(Queued& queued);

    Phase m_phase = Phase::Start;
    std::optional<OpenBlock> m_open;
    std::uint32_t m_blocks = 0;
    std::vector<GuardedCall> m_calls;
    bool m_isQueueing = false;
    std::uint32_t m_nextIndex = 0;                              ///< of rewritten blocks
    std::unordered_map<std::uint32_t, std::uint32_t> m_indexes; ///< as they came -> as they leave
};

Result<void> AnthropicStreamEditor::read(EditedEvent event, std::string_view type, json::object& content)
{
    if (type != kStart && holdsCall(content))
        return cannotJudge("a call stands where none may be", type);
    if (type == kStart)
        return readStart(std::move(event), content);
    if (type == kDelta)
        return readDelta(std::move(event), content);
    if (type == kStop)
        return readStop(std::move(event), content);
    return readFrame(std::move(event), type, content);
}

Result<void> AnthropicStreamEditor::readFrame(EditedEvent event, std::string_view type, json::object& content)
{
    if (type == "message_start")
        return readMessageStart(std::move(event), content);
    if (type == "message_delta")
        return readMessageDelta(std::move(event), content);
    if (type == "message_stop") {
        if (m_phase == Phase::Stopped || m_open || (m_isQueueing && m_phase != Phase::Stopping))
            return cannotJudge("it stops before it is complete", type);
        m_phase = Phase::Stopped;
    } else if (type == "error") {
        dropAll(); // the calls that wait will never be complete
        m_isQueueing = false;
        m_open.reset();
        m_phase = Phase::Stopped;
    }
    push(std::move(event));
    return {};
}

Result<void> AnthropicStreamEditor::readMessageStart(EditedEvent event, const json::object& content)
{
    if (m_phase != Phase::Start)
        return cannotJudge("a second message starts", "message_start");
    m_phase = Phase::Content;
    const json::value* message = content.if_contains("message");
    const json::value* blocks =
        message && message->is_object() ? message->get_object().if_contains("content") : nullptr;
    if (blocks && !blocks->is_null() && !(blocks->is_array() && blocks->get_array().empty()))
        return cannotJudge("a message starts with content", "message_start");
    push(std::move(event));
    return {};
}

Result<void> AnthropicStreamEditor::readStart(EditedEvent event, json::object& content)
{
    const Result<std::uint32_t> index = indexAt(content, "index");
    json::object* block = objectAt(content, "content_block");
    if (!index || !block)
        return index ? cannotJudge("a block is missing", kStart) : index.error();
    const Result<std::string_view> type = stringAt(*block, "type");
    if (!type || type->empty())
        return cannotJudge("a block does not say its type", kStart);
    if (m_phase == Phase::Stopping || m_phase == Phase::Stopped || m_open || *index != m_blocks)
        return cannotJudge("a block starts out of order", kStart);
    m_phase = Phase::Content;
    m_open = OpenBlock{.index = m_blocks++, .text = EditedText(0, *index)};
    if (const auto executor = executorOf(*type)) {
        if (Result<void> started = startCall(*block, *executor, event.data()); !started)
            return started;
    } else if (holdsCall(content)) {
        return cannotJudge("a call stands inside of a block", *type);
    } else if (*type == "text") {
        m_open->kind = BlockKind::Text;
        json::value* text = block->if_contains("text");
        if (m_editsText && text && text->is_string() && !text->get_string().empty()) {
            const std::string came(fromJsonText(text->get_string()));
            *text = toJsonText(m_open->text.add(m_review, came));
            if (m_open->text.isChanged())
                block->erase("citations");
            if (fromJsonText(text->get_string()) != came)
                event.change(kStart, json::serialize(content));
        }
    }
    push(std::move(event), BlockStart, *index);
    return {};
}

Result<void> AnthropicStreamEditor::startCall(json::object& block, Executor executor, std::string_view data)
{
    Result<GuardedCall> call = readCall(block, executor, m_open->index);
    if (!call)
        return call.error();
    m_open->kind = BlockKind::Call;
    m_open->hasInput = hasInput(block);
    if (m_open->hasInput) {
        // As the model wrote it: Boost.JSON would write numbers in another way.
        JsonReader reader;
        auto object = reader.object(data);
        simdjson::ondemand::value input;
        if (!object || object->at_pointer("/content_block/input").get(input))
            return cannotJudge("a call's input cannot be read", kStart);
        call->arguments = rawJsonOf(input);
    }
    m_isQueueing = m_isQueueing || (m_guardsTools && executor == Executor::Client);
    m_calls.push_back(std::move(*call));
    return {};
}

Result<void> AnthropicStreamEditor::readDelta(EditedEvent event, json::object& content)
{
    const Result<std::uint32_t> index = indexAt(content, "index");
    json::object* delta = objectAt(content, "delta");
    if (!index || !delta)
        return index ? cannotJudge("a delta is missing", kDelta) : index.error();
    if (!m_open || m_open->index != *index)
        return cannotJudge("a delta belongs to no open block", kDelta);
    const Result<std::string_view> type = stringAt(*delta, "type");
    const Result<std::string_view> text = stringAt(*delta, "text");
    const Result<std::string_view> arguments = stringAt(*delta, "partial_json");
    if (!type || !text || !arguments)
        return cannotJudge("a delta's text is no text", kDelta);
    if ((*type == "input_json_delta" || !arguments->empty()) != (m_open->kind == BlockKind::Call) ||
        (*type == "text_delta" && m_open->kind != BlockKind::Text))
        return cannotJudge("a delta does not fit its block", *type);
    if (m_open->kind == BlockKind::Call) {
        if (m_open->hasInput && !arguments->empty())
            return cannotJudge("a call brings its arguments twice", kDelta);
        m_calls.back().arguments += *arguments;
    }
    if (m_editsText && *type == "text_delta") {
        readTextDelta(std::move(event), content, *delta, *text);
        return {};
    }
    if (*type == "citations_delta" && m_open->text.isChanged())
        event.drop(); // it was about another text
    push(std::move(event), BlockPart, *index);
    return {};
}

void AnthropicStreamEditor::readTextDelta(EditedEvent event, json::object& content, json::object& delta,
                                          std::string_view text)
{
    const std::string left = m_open->text.add(m_review, text);
    if (left.empty() && !text.empty()) {
        event.drop();
    } else if (left != text) {
        delta["text"] = toJsonText(left);
        event.change(kDelta, json::serialize(content));
    }
    push(std::move(event), BlockPart, m_open->index);
}

Result<void> AnthropicStreamEditor::readStop(EditedEvent event, const json::object& content)
{
    const Result<std::uint32_t> index = indexAt(content, "index");
    if (!index || !m_open || m_open->index != *index)
        return cannotJudge("a block stops that is not open", kStop);
    if (m_open->kind == BlockKind::Call && m_guardsTools)
        m_calls.back().ask(m_review);
    const std::string rest = m_editsText ? m_open->text.finish(m_review) : std::string();
    if (!rest.empty()) {
        const json::object delta = {
            {"type", kDelta}, {"index", *index}, {"delta", {{"type", "text_delta"}, {"text", toJsonText(rest)}}}};
        push(EditedEvent::made(kDelta, json::serialize(delta)), BlockPart, *index);
    }
    m_open.reset();
    push(std::move(event), BlockPart, *index);
    return {};
}

Result<void> AnthropicStreamEditor::readMessageDelta(EditedEvent event, const json::object& content)
{
    if (m_phase == Phase::Stopped || m_open)
        return cannotJudge("it ends while a block is open", "message_delta");
    m_phase = Phase::Stopping;
    const json::value* delta = content.if_contains("delta");
    const bool mayChange = delta && delta->is_object() && saysToolUse(delta->get_object());
    push(std::move(event), mayChange ? MessageDelta : Other);
    return {};
}

Result<void> AnthropicStreamEditor::drain(EditedReply& out)
{
    if (m_isQueueing) {
        if (m_phase != Phase::Stopping && m_phase != Phase::Stopped)
            return {};
        bool isKnown = true;
        for (GuardedCall& call : m_calls)
            isKnown &= call.ask(m_review);
        if (!isKnown)
            return {};
        m_isQueueing = false;
    }
    if (std::ranges::any_of(m_calls, &GuardedCall::isBlocked)) {
        if (Result<void> rewritten = rewrite(); !rewritten)
            return rewritten;
    }
    writeAll(out);
    return {};
}

Result<void> AnthropicStreamEditor::rewrite()
{
    const std::uint32_t place = noticePlace(m_calls);
    for (Queued& queued : takeQueue()) {
        if (queued.role == BlockStart && m_indexes.empty())
            m_nextIndex = queued.index; // the queue begins with a block, and nothing before it was renumbered
        if (queued.role == BlockStart && queued.index == place) {
            const json::object start = {{"type", kStart}, {"index", m_nextIndex}, {"content_block", noticeBlock("")}};
            const json::object delta = {{"type", kDelta},
                                        {"index", m_nextIndex},
                                        {"delta", {{"type", "text_delta"}, {"text", toJsonText(noticesOf(m_calls))}}}};
            pushMade(kStart, start);
            pushMade(kDelta, delta);
            pushMade(kStop, {{"type", kStop}, {"index", m_nextIndex++}});
        }
        if (Result<void> renumbered = renumber(queued); !renumbered)
            return renumbered;
        push(std::move(queued.event));
    }
    return {};
}

Result<void> AnthropicStreamEditor::renumber(Queued& queued)
{
    std::optional<std::string> changed(queued.event.data());
    if (queued.role == MessageDelta && isNoneLeft(m_calls)) {
        changed = withMember(queued.event.data(), {"delta", "stop_reason"}, R"("end_turn")");
    } else if (queued.role == BlockStart || queued.role == BlockPart) {
        const auto call = std::ranges::find(m_calls, queued.index, &GuardedCall::block);
        if (call != m_calls.end() && call->isBlocked()) {
            m_indexes.try_emplace(queued.index, m_nextIndex);
            queued.event.drop();
            return {};
        }
        if (queued.role == BlockStart)
            m_indexes[queued.index] = m_nextIndex++;
        const std::uint32_t index = m_indexes[queued.index];
        if (index != queued.index && queued.event.bytes() > 0)
            changed = withMember(queued.event.data(), {"index"}, std::to_string(index));
    }
    if (!changed)
        return cannotJudge("an event cannot be changed", queued.event.type());
    if (*changed != queued.event.data())
        queued.event.change(queued.role == MessageDelta ? "message_delta"
                            : queued.role == BlockStart ? kStart
                                                        : queued.event.type(),
                            *changed);
    return {};
}

} // namespace

std::unique_ptr<ReplyEditor> makeAnthropicStreamEditor(ReplyReview& review)
{
    return std::make_unique<AnthropicStreamEditor>(review);
}

} // namespace luthien::protocol
