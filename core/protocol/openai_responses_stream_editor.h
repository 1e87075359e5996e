// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/openai_responses_editing.h"

#include <boost/json/array.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace luthien::protocol::openai_responses {

inline constexpr std::string_view kTextDelta = "response.output_text.delta";
/// Items and calls that only a response object named are numbered from here.
inline constexpr std::uint32_t kUnannounced = 1U << 30;

/// Responses. A call's item waits from output_item.added until it is done and judged, and with it what follows. A
/// blocked one is replaced in place by a message, so that no number changes. What stayed back of a text has a place in
/// the queue, before the first event that has the whole text.
class ResponsesStreamEditor final : public StreamEditor
{
public:
    explicit ResponsesStreamEditor(conversation::ReplyReview& review)
        : StreamEditor(review)
        , m_texts(review)
    {
    }

protected:
    Result<void> read(EditedEvent event, std::string_view type, boost::json::object& content) override;
    void askAgain() override;
    Result<void> drain(EditedReply& out) override;
    std::size_t heldText() const noexcept override { return m_texts.heldBytes(); }
    std::size_t heldArguments() const noexcept override { return isQueueEmpty() ? 0 : m_argumentBytes; }
    bool namesTypes() const noexcept override { return true; }

private:
    struct Item
    {
        std::string type;
        std::string id;
        std::optional<std::size_t> call; ///< of the client
        std::string streamed;            ///< arguments by deltas
        std::string said;                ///< arguments as the item's start or the end of its deltas has them
        bool isDone = false;
        bool isAbandoned = false;
        bool isNoticeOut = false;
        bool isDeltaOut = false; ///< of new arguments
        bool hasThoughts = false;
    };
    /// One of a response's items.
    struct Output
    {
        std::optional<std::size_t> call;
        std::uint32_t index = 0; ///< of the stream's item that it is, or one of its own
    };
    /// What an event is to the queue: index is its item's, but the text's of TextRest and m_outputs' of WholeResponse.
    enum Role { Passive, OfItem, CallPart, TextRest, TextPlace, WholeResponse };

    Result<void> readItemStart(EditedEvent event, std::uint32_t output, boost::json::object& content);
    Result<void> readItemEnd(EditedEvent event, std::uint32_t output, boost::json::object& content);
    Result<ItemCall> readCall(const boost::json::object& item, conversation::Executor executor,
                              std::uint32_t output) const;
    Result<void> endCall(Item& item, const boost::json::object& content, std::uint32_t output);
    Result<void> readCallPart(EditedEvent event, std::string_view type, const boost::json::object& content);
    Result<void> readText(EditedEvent event, std::string_view type, boost::json::object& content);
    void readThought(std::string_view type, const boost::json::object& content);
    void showThoughts(Item& item, const boost::json::object& content);
    Result<void> readResponse(EditedEvent event, std::string_view type, boost::json::object& content);
    Result<Output> readOutput(boost::json::object& item, std::uint32_t place);
    Result<void> endResponse(std::string_view type);
    void abandon();
    Result<std::size_t> callOfOutput(const boost::json::object& item, conversation::Executor executor);
    bool finishText(const boost::json::object& part, std::uint32_t output, std::uint32_t content);
    Result<bool> finishTexts(boost::json::object& item, std::uint32_t output);
    bool putText(boost::json::object& part, std::uint32_t output, std::uint32_t content) const;
    bool putTexts(boost::json::object& item, std::uint32_t output) const;
    std::uint32_t outputOf(const boost::json::object& item, std::uint32_t place);

    bool mustWait(const Queued& first) const;
    bool mustWaitFor(const std::vector<Output>& outputs) const;
    Result<void> leave(Queued queued, EditedReply& out);
    Result<void> leaveCallPart(Queued& queued, EditedReply& out);
    void leaveRest(std::uint32_t number, EditedReply& out);
    Result<void> putTexts(EditedEvent& event) const;
    Result<void> rewriteResponse(Queued& queued);
    Result<void> rewriteOutput(boost::json::object& response, const std::vector<Output>& outputs, bool& isChanged);

    std::map<std::uint32_t, Item> m_items;
    std::vector<ItemCall> m_calls;
    std::size_t m_argumentBytes = 0;
    std::vector<std::vector<Output>> m_outputs; ///< of each response object
    EditedTexts m_texts;
    KeptAs m_keptAs;
    std::uint32_t m_end = kNoEnd; ///< the item that is the last, because its call was blocked so
    std::uint32_t m_unannounced = kUnannounced;
    std::uint32_t m_thoughts = 0; ///< blocks of thinking
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> m_thoughtNumbers;
};

/// Calls each(part, its number) for the texts of a message.
template <typename Each>
void forEachText(boost::json::object& item, Each&& each)
{
    const boost::json::value* type = item.if_contains("type");
    boost::json::array* parts = type && *type == "message" ? arrayAt(item, "content") : nullptr;
    for (std::uint32_t i = 0; parts && i < parts->size(); ++i) {
        boost::json::object* part = (*parts)[i].if_object();
        if (part && isTextPart(*part))
            each(*part, i);
    }
}

void change(EditedEvent& event, std::string_view type, const boost::json::object& content);

} // namespace luthien::protocol::openai_responses
