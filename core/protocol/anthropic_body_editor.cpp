// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "protocol/anthropic_editing.h"
#include "protocol/json_read.h"

#include <algorithm>

namespace luthien::protocol {

namespace json = boost::json;
using namespace anthropic;
using conversation::ReplyReview;

namespace {

/// The whole message.
class AnthropicBodyEditor final : public BodyEditor
{
public:
    using BodyEditor::BodyEditor;

protected:
    Result<void> read(std::string_view bytes, json::object& body) override;
    Result<void> carryOut(json::object& body) override;

private:
    Result<void> readBlock(json::object& block, std::uint32_t index, JsonReader& reader, std::string_view bytes);
};

Result<void> AnthropicBodyEditor::read(std::string_view bytes, json::object& body)
{
    json::array* blocks = arrayAt(body, "content");
    for (const json::key_value_pair& member : body) {
        if ((!blocks || member.key() != "content") && holdsCall(member.value()))
            return cannotJudge("a call stands where none may be", fromJsonText(member.key()));
    }
    JsonReader reader;
    for (std::size_t i = 0; blocks && i < blocks->size(); ++i) {
        json::object* block = (*blocks)[i].if_object();
        if (!block)
            return cannotJudge("a block is no object", "content");
        if (Result<void> found = readBlock(*block, static_cast<std::uint32_t>(i), reader, bytes); !found)
            return found;
    }
    return {};
}

Result<void> AnthropicBodyEditor::readBlock(json::object& block, std::uint32_t index, JsonReader& reader,
                                            std::string_view bytes)
{
    const Result<std::string_view> type = stringAt(block, "type");
    if (!type || type->empty())
        return cannotJudge("a block does not say its type", "content");
    const auto executor = executorOf(*type);
    if (!executor && holdsCall(block))
        return cannotJudge("a call stands inside of a block", *type);
    if (executor) {
        Result<GuardedCall> call = readCall(block, *executor, index);
        if (!call)
            return call.error();
        if (hasInput(block)) {
            auto object = reader.object(bytes);
            simdjson::ondemand::value input;
            if (!object || object->at_pointer("/content/" + std::to_string(index) + "/input").get(input))
                return cannotJudge("a call's input cannot be read", "content");
            call->arguments = rawJsonOf(input);
        }
        m_calls.push_back(std::move(*call));
    } else if (*type == "text") {
        json::value* text = block.if_contains("text");
        json::value* citations = block.if_contains("citations");
        const auto forget = [citations] {
            if (citations)
                *citations = nullptr; // they are about another text
        };
        if (text)
            editText(0, index, *text, forget);
    } else if (*type == "thinking") {
        if (const Result<std::string_view> thought = stringAt(block, "thinking"))
            showThinking(0, index, *thought);
    }
    return {};
}

Result<void> AnthropicBodyEditor::carryOut(json::object& body)
{
    const std::uint32_t end = leaveOutRest(m_calls, 0);
    const bool isAnyBlocked = std::ranges::any_of(m_calls, &GuardedCall::isBlocked);
    const std::uint32_t place = isAnyBlocked ? noticePlace(m_calls) : kNoEnd;
    json::array& blocks = *arrayAt(body, "content");
    json::array left;
    for (std::uint32_t i = 0; i < blocks.size(); ++i) {
        if (i == place)
            left.push_back(noticeBlock(noticesOf(m_calls)));
        const auto call = std::ranges::find(m_calls, i, &GuardedCall::block);
        if (i > end || (call != m_calls.end() && call->isGone()))
            continue;
        if (const std::string* arguments = call == m_calls.end() ? nullptr : call->newArguments()) {
            Result<json::value> input = parseStrictJson(*arguments);
            if (!input)
                return input.error();
            blocks[i].get_object()["input"] = std::move(*input);
        }
        left.push_back(std::move(blocks[i]));
    }
    blocks = std::move(left);
    if (!isNoneLeft(m_calls) || (end == kNoEnd && !saysToolUse(body)))
        return {};
    body["stop_reason"] = "end_turn";
    if (json::value* sequence = body.if_contains("stop_sequence"))
        *sequence = nullptr;
    return {};
}

} // namespace

std::unique_ptr<ReplyEditor> makeAnthropicBodyEditor(ReplyReview& review)
{
    return std::make_unique<AnthropicBodyEditor>(review);
}

} // namespace luthien::protocol
