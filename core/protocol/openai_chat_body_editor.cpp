// SPDX-License-Identifier: Apache-2.0
#include "protocol/openai_chat_editing.h"

namespace luthien::protocol {

namespace json = boost::json;
using namespace openai_chat;
using conversation::ReplyReview;

namespace {

/// A whole chat.completion.
class ChatBodyEditor final : public BodyEditor
{
public:
    using BodyEditor::BodyEditor;

protected:
    Result<void> read(std::string_view bytes, json::object& body) override;
    Result<void> carryOut(json::object& body) override;

private:
    Result<void> readChoice(json::object& choice, std::uint32_t place);
    Result<void> readCalls(const json::object& message, std::uint32_t number);
};

/// A choice's number is its index; without one its place.
Result<std::uint32_t> numberOf(const json::object& choice, std::uint32_t place)
{
    return choice.contains("index") ? indexAt(choice, "index") : Result<std::uint32_t>(place);
}

Result<void> ChatBodyEditor::read(std::string_view, json::object& body)
{
    if (hidesCall(body, "message"))
        return cannotJudge("a call stands where none may be", "choices");
    json::array* choices = arrayAt(body, "choices");
    for (std::uint32_t i = 0; choices && i < choices->size(); ++i) {
        json::object* choice = (*choices)[i].if_object();
        if (!choice)
            return cannotJudge("a choice is no object", "choices");
        if (Result<void> found = readChoice(*choice, i); !found)
            return found;
    }
    return {};
}

Result<void> ChatBodyEditor::readChoice(json::object& choice, std::uint32_t place)
{
    const Result<std::uint32_t> number = numberOf(choice, place);
    if (!number)
        return number.error();
    json::object* message = objectAt(choice, "message");
    if (!message)
        return {};
    const std::size_t known = m_calls.size();
    if (Result<void> read = readCalls(*message, *number); !read)
        return read;
    for (std::size_t i = 0; i < known; ++i) {
        if (m_calls[i].choice == *number)
            return cannotJudge("two choices have one number", "choices");
    }
    forEachThought(*message, [&](std::string_view text) { showThinking(*number, 0, text); });
    // What is said of single tokens, and what points into the text, would tell what it was.
    json::value* logprobs = choice.if_contains("logprobs");
    json::value* annotations = message->if_contains("annotations");
    const auto forget = [logprobs, annotations] {
        if (logprobs)
            *logprobs = nullptr;
        if (annotations)
            *annotations = json::array();
    };
    json::value* content = message->if_contains("content");
    if (content)
        editText(*number, 0, *content, forget);
    json::array* parts = content ? content->if_array() : nullptr;
    for (std::uint32_t i = 0; parts && i < parts->size(); ++i) {
        json::object* part = (*parts)[i].if_object();
        if (json::value* text = part ? part->if_contains("text") : nullptr)
            editText(*number, i, *text, forget);
    }
    return {};
}

Result<void> ChatBodyEditor::readCalls(const json::object& message, std::uint32_t number)
{
    return forEachCall(message, true, [&](const CallPart& part) -> Result<void> {
        m_calls.push_back({.choice = number,
                           .block = part.index,
                           .isFreeText = part.isFreeText,
                           .id = std::string(part.id),
                           .name = std::string(part.name),
                           .arguments = std::string(part.arguments)});
        return {};
    });
}

Result<void> ChatBodyEditor::carryOut(json::object& body)
{
    json::array* choices = arrayAt(body, "choices");
    for (std::uint32_t i = 0; i < choices->size(); ++i) {
        json::object& choice = (*choices)[i].get_object();
        const std::uint32_t number = *numberOf(choice, i);
        (void)leaveOutRest(m_calls, number);
        json::object* message = objectAt(choice, "message");
        if (!message || !isTouched(number, m_calls))
            continue;
        carryOutCalls(*message, number, m_calls, Form::Whole, [](const GuardedCall&) { return true; });
        if (json::value* logprobs = choice.if_contains("logprobs"))
            *logprobs = nullptr;
        if (!hasBlocked(number, m_calls))
            continue;
        appendContent(*message, (hasContent(*message) ? "\n\n" : "") + noticesOf(number, m_calls));
        fitFinishReason(choice, number, m_calls);
    }
    return {};
}

} // namespace

std::unique_ptr<ReplyEditor> makeOpenAiChatBodyEditor(ReplyReview& review)
{
    return std::make_unique<ChatBodyEditor>(review);
}

} // namespace luthien::protocol
