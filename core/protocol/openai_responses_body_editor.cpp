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
    void removeBlocked(json::object& body) override;

private:
    Result<void> readItem(json::object& item, std::uint32_t place);

    std::vector<std::string> m_noticeIds; ///< of m_calls
    std::uint32_t m_texts = 0;
};

Result<void> ResponsesBodyEditor::read(std::string_view, json::object& body)
{
    if (responseHidesCall(body))
        return cannotJudge("a call stands where none may be", "output");
    json::array* output = arrayAt(body, "output");
    for (std::uint32_t i = 0; output && i < output->size(); ++i) {
        json::object* item = (*output)[i].if_object();
        if (!item)
            return cannotJudge("an item is no object", "output");
        if (Result<void> found = readItem(*item, i); !found)
            return found;
    }
    if (m_isChanged)
        body.erase("output_text"); // the SDKs make it from the items
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
        if (text && editText(0, m_texts++, *text))
            replacePartText(*part, std::string(fromJsonText(text->get_string())));
    }
    return {};
}

void ResponsesBodyEditor::removeBlocked(json::object& body)
{
    json::array& output = *arrayAt(body, "output");
    for (std::size_t i = 0; i < m_calls.size(); ++i) {
        if (m_calls[i].isBlocked())
            output[m_calls[i].block] = noticeItem({m_calls[i], m_noticeIds[i]});
    }
}

} // namespace

std::unique_ptr<ReplyEditor> makeOpenAiResponsesBodyEditor(ReplyReview& review)
{
    return std::make_unique<ResponsesBodyEditor>(review);
}

} // namespace luthien::protocol
