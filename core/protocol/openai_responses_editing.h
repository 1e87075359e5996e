// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/reply_editing.h"

#include <boost/json/object.hpp>

#include <cstdint>
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
};
/// The call an item is. Errors: names that are no texts, arguments in two places.
[[nodiscard]] Result<ItemCall> readItemCall(const boost::json::object& item, conversation::Executor executor,
                                            std::uint32_t block);
/// What its stream of deltas adds up to; nothing if it has none or we do not know it.
[[nodiscard]] std::optional<std::string> streamedText(const boost::json::object& item);

/// The message item in place of a blocked call.
[[nodiscard]] boost::json::object noticeItem(const ItemCall& call);
/// The events that bring it.
void writeNoticeEvents(const ItemCall& call, std::uint32_t outputIndex, EditedReply& out);

/// A part whose text policies may change.
[[nodiscard]] bool isTextPart(const boost::json::object& part);
/// Puts text in the place of another; what points into that one, or tells its tokens, goes.
void replacePartText(boost::json::object& part, std::string_view text);

/// The texts of a stream's messages. Each occurs in up to five places, which must say the same.
class EditedTexts
{
public:
    /// What may leave of a delta.
    [[nodiscard]] std::string add(conversation::ReplyReview& review, std::uint32_t output, std::uint32_t content,
                                  std::string_view part);
    /// The text is complete: what must leave as a last delta. came = the text as the event has it.
    [[nodiscard]] std::string finish(conversation::ReplyReview& review, std::uint32_t output, std::uint32_t content,
                                     std::string_view came);
    /// What left; finish() was called.
    [[nodiscard]] const std::string& sent(std::uint32_t output, std::uint32_t content) const;
    [[nodiscard]] bool isChanged(std::uint32_t output, std::uint32_t content) const;
    /// A number no text of the stream has, for one that stands outside of it.
    [[nodiscard]] std::uint32_t newNumber() { return m_numbers++; }
    [[nodiscard]] std::size_t heldBytes() const noexcept;

private:
    struct Text
    {
        EditedText edited;
        std::string sent;
        bool hasBegun = false;
    };
    using Key = std::pair<std::uint32_t, std::uint32_t>;
    Text& at(Key key);

    std::map<Key, Text> m_texts;
    std::uint32_t m_numbers = 0;
};

} // namespace luthien::protocol::openai_responses
