// SPDX-License-Identifier: Apache-2.0
#include "protocol/openai_responses_editing.h"

namespace luthien::protocol {

namespace json = boost::json;
using namespace openai_responses;
using conversation::ReplyReview;

namespace {

/// A whole response object.
class ResponsesBodyEditor final : public BodyEditor
{
public:
    using BodyEditor::BodyEditor;

protected:
    Result<void> read(std::string_view bytes, json::object& body) override;
    Result<void> carryOut(json::object& body) override;

private:
    Result<void> readItem(json::object& item, std::uint32_t place);

    std::vector<std::string> m_noticeIds; ///< of m_calls
    KeptAs m_keptAs;
    std::uint32_t m_texts = 0;
    std::uint32_t m_thoughts = 0;
};

Result<void> ResponsesBodyEditor::read(std::string_view, json::object& body)
{
    if (responseHidesCall(body))
        return cannotJudge("a call stands where none may be", "output");
    m_keptAs = keptAs(body);
    json::array* output = arrayAt(body, "output");
    for (std::uint32_t i = 0; output && i < output->size(); ++i) {
        json::object* item = (*output)[i].if_object();
        if (!item)
            return cannotJudge("an item is no object", "output");
        if (Result<void> found = readItem(*item, i); !found)
            return found;
    }
    return {};
}

Result<void> ResponsesBodyEditor::readItem(json::object& item, std::uint32_t place)
{
    const Result<std::string_view> type = stringAt(item, "type");
    if (!type || type->empty())
        return cannotJudge("an item does not say its type", "output");
    if (const auto executor = executorOfItem(*type)) {
        Result<ItemCall> call = readItemCall(item, *executor, place);
        if (!call)
            return call.error();
        call->guarded.responseId = m_keptAs.responseId;
        call->guarded.conversationId = m_keptAs.conversationId;
        m_calls.push_back(std::move(call->guarded));
        m_noticeIds.push_back(std::move(call->noticeId));
        return {};
    }
    if (membersHoldCall(item, {}))
        return cannotJudge("a call stands inside of an item", *type);
    json::array* parts = *type == "message" ? arrayAt(item, "content") : nullptr;
    for (std::size_t i = 0; parts && i < parts->size(); ++i) {
        json::object* part = (*parts)[i].if_object();
        json::value* text = part && isTextPart(*part) ? part->if_contains("text") : nullptr;
        if (text)
            editText(0, m_texts++, *text, [part] { forgetTokens(*part); });
    }
    if (*type == "reasoning")
        forEachThought(item, [this](std::uint32_t, std::string_view text) { showThinking(0, m_thoughts++, text); });
    return {};
}

Result<void> ResponsesBodyEditor::carryOut(json::object& body)
{
    const std::uint32_t end = leaveOutRest(m_calls, 0);
    json::array& output = *arrayAt(body, "output");
    for (std::size_t i = 0; i < m_calls.size(); ++i) {
        json::value& place = output[m_calls[i].block];
        if (m_calls[i].isBlocked())
            place = noticeItem({m_calls[i], m_noticeIds[i]});
        else if (m_calls[i].newArguments())
            if (Result<void> replaced = replaceArguments(place.get_object(), m_calls[i]); !replaced)
                return replaced;
    }
    if (end != kNoEnd) {
        output.resize(std::size_t{end} + 1);
        endHere(body);
    }
    body.erase("output_text"); // the SDKs make it from the items
    return {};
}

} // namespace

std::unique_ptr<ReplyEditor> makeOpenAiResponsesBodyEditor(ReplyReview& review)
{
    return std::make_unique<ResponsesBodyEditor>(review);
}

} // namespace luthien::protocol
