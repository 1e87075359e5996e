// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/reply_editing.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// What the editors of the Responses API's events and bodies share.
namespace luthien::protocol::openai_responses {

/// Who runs an item; nothing for items that are no calls. A kind of call we do not know is taken for the client's.
[[nodiscard]] std::optional<conversation::Executor> executorOfItem(std::string_view type) noexcept;
/// True if a client's call stands somewhere in the members, those of that name left aside.
[[nodiscard]] bool membersHoldCall(const boost::json::object& parent, std::string_view except);
/// The same for a response object: what it repeats of the request, and its list of output, are left aside.
[[nodiscard]] bool responseHidesCall(const boost::json::object& response);

/// A call and the id of the message that stands in its place if it is blocked.
struct ItemCall
{
    GuardedCall guarded;
    std::string noticeId;
    bool isComplete = false;
};
/// The ids under which the provider keeps a response, if it does.
struct KeptAs
{
    std::string responseId;
    std::string conversationId;
};
[[nodiscard]] KeptAs keptAs(const boost::json::object& response);
/// The call an item is. Errors: names that are no texts, arguments in two places.
[[nodiscard]] Result<ItemCall> readItemCall(const boost::json::object& item, conversation::Executor executor,
                                            std::uint32_t block);
/// What its stream of deltas adds up to; nothing if it has none or we do not know it.
[[nodiscard]] std::optional<std::string> streamedText(const boost::json::object& item);

/// The same for a call of that type with other arguments.
[[nodiscard]] std::optional<std::string> streamedText(std::string_view type, std::string_view arguments);
/// Puts a call's new arguments in the place of the old ones. Errors: there is no such place, or they do not fit it.
[[nodiscard]] Result<void> replaceArguments(boost::json::object& item, const GuardedCall& call);
/// The same for one event of a call. False = the event does not leave. isFirst: no delta of the call has left yet.
[[nodiscard]] Result<bool> replaceArguments(boost::json::object& event, std::string_view type, const GuardedCall& call,
                                            bool isFirst);

/// The message item in place of a blocked call.
[[nodiscard]] boost::json::object noticeItem(const ItemCall& call);
/// The events that bring it.
void writeNoticeEvents(const ItemCall& call, std::uint32_t outputIndex, EditedReply& out);

/// A part whose text policies may change.
[[nodiscard]] bool isTextPart(const boost::json::object& part);
/// What points into a part's text, or tells its tokens, goes. No member is added or taken out.
void forgetTokens(boost::json::object& part);
/// A response that was cut short says that it is complete: it ends where we end it.
void endHere(boost::json::object& response);

/// Calls each(index, text) for the thoughts in an item of reasoning: its summary first, then its content.
void forEachThought(const boost::json::object& item, const std::function<void(std::uint32_t, std::string_view)>& each);

/// The texts of a stream's messages. Each occurs in up to five places, which must say the same.
class EditedTexts
{
public:
    explicit EditedTexts(conversation::ReplyReview& review)
        : m_review(review)
    {
    }

    /// What may leave of a delta.
    [[nodiscard]] std::string add(std::uint32_t output, std::uint32_t content, std::string_view part);
    /// The text is complete, and came is how the event has it. The number of what stayed back, if it is to leave as a
    /// last delta or is not known yet; once.
    [[nodiscard]] std::optional<std::uint32_t> finish(std::uint32_t output, std::uint32_t content,
                                                      std::string_view came);
    void askAgain();
    /// The upstream failed: what is held does not leave.
    void abandon();

    [[nodiscard]] bool isKnown(std::uint32_t number) const { return !m_texts[number].isWaiting; }
    [[nodiscard]] std::uint32_t outputOf(std::uint32_t number) const { return m_texts[number].output; }
    /// The last delta, without the id of its item; nothing if there is none.
    [[nodiscard]] std::optional<boost::json::object> takeRest(std::uint32_t number);
    /// What left, or will; finish() was called.
    [[nodiscard]] const std::string& sent(std::uint32_t output, std::uint32_t content) const;
    /// True if the text is known and is what came.
    [[nodiscard]] bool isSame(std::uint32_t output, std::uint32_t content, std::string_view came) const;
    [[nodiscard]] bool isChanged(std::uint32_t output, std::uint32_t content) const;
    [[nodiscard]] bool has(std::uint32_t output, std::uint32_t content) const { return find(output, content); }
    [[nodiscard]] std::size_t heldBytes() const noexcept;

private:
    struct Text
    {
        std::uint32_t output = 0;
        std::uint32_t content = 0;
        EditedText edited;
        std::string sent;
        std::string rest;
        bool hasDeltas = false;
        bool hasEnded = false;
        bool isWaiting = false;
    };
    Text& at(std::uint32_t output, std::uint32_t content);
    [[nodiscard]] const Text* find(std::uint32_t output, std::uint32_t content) const;
    void ask(Text& text);

    conversation::ReplyReview& m_review;
    std::deque<Text> m_texts; ///< by their numbers, which are the review's blocks
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> m_numbers;
};

} // namespace luthien::protocol::openai_responses
