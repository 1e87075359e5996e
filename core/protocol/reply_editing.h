// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/edited_event.h"
#include "protocol/json_write.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the editors of the APIs share.
namespace luthien::protocol {

/// A tool call as far as it was read, and what the review says about it.
struct GuardedCall
{
    std::uint32_t choice = 0;
    std::uint32_t block = 0;
    conversation::Executor executor = conversation::Executor::Client;
    bool isFreeText = false;
    std::string id;
    std::string name;
    std::string arguments;
    std::string responseId;
    std::string conversationId;
    std::optional<conversation::ToolAnswer> answer;
    bool isLeftOut = false; ///< it comes after the end of its reply: see leaveOutRest

    /// True if the answer is known now. What the provider carries out itself cannot be stopped: the review is told of
    /// it, and no answer is waited for.
    bool ask(conversation::ReplyReview& review);
    [[nodiscard]] bool isBlocked() const { return answer && answer->isBlocked; }
    /// True if it does not leave.
    [[nodiscard]] bool isGone() const { return isBlocked() || isLeftOut; }
    /// What the tool is called with instead; null = as the model wrote it.
    [[nodiscard]] const std::string* newArguments() const
    {
        const bool isNew = !isGone() && answer && answer->arguments && *answer->arguments != arguments;
        return isNew ? &*answer->arguments : nullptr;
    }
    /// Errors: new arguments that are not of the form the old ones had: one JSON object, or any text.
    [[nodiscard]] Result<void> checkArguments() const;
};

/// The block behind which a choice ends because the call there was blocked so; the highest number there is if none was.
/// The calls behind it are marked as left out.
[[nodiscard]] std::uint32_t leaveOutRest(std::vector<GuardedCall>& calls, std::uint32_t choice);
inline constexpr std::uint32_t kNoEnd = std::numeric_limits<std::uint32_t>::max();

/// One block of text on its way through a review.
class EditedText
{
public:
    EditedText(std::uint32_t choice, std::uint32_t block)
        : m_choice(choice)
        , m_block(block)
    {
    }

    /// What may leave of the text, now that this part came.
    [[nodiscard]] std::string add(conversation::ReplyReview& review, std::string_view part);
    /// The text is complete: appends what stayed back, once. False = not all of it is known yet, ask again.
    [[nodiscard]] bool finish(conversation::ReplyReview& review, std::string& out);

    /// True if what left is not a beginning of what came.
    [[nodiscard]] bool isChanged() const noexcept { return m_isChanged; }
    [[nodiscard]] bool isFinished() const noexcept { return m_isFinished; }
    [[nodiscard]] bool hasBegun() const noexcept { return m_hasBegun; }
    [[nodiscard]] std::size_t heldBytes() const noexcept { return m_ahead.size(); }

private:
    void leave(std::string_view text);

    std::uint32_t m_choice;
    std::uint32_t m_block;
    std::string m_ahead; ///< came, and did not leave yet; unused once something was changed
    bool m_hasBegun = false;
    bool m_isChanged = false;
    bool m_isFinished = false;
};

[[nodiscard]] Error cannotJudge(std::string_view why, std::string_view where = {});
/// A string member; empty if it is absent or null. Errors: it is something else.
[[nodiscard]] Result<std::string_view> stringAt(const boost::json::object& parent, std::string_view name);
/// An index. Errors: it is no number from 0 to 2^31.
[[nodiscard]] Result<std::uint32_t> indexAt(const boost::json::object& parent, std::string_view name);
/// True if some object in there, at any depth, is found suspicious; members called skip are not looked into.
[[nodiscard]] bool anyObject(const boost::json::value& value, std::string_view skip,
                             const std::function<bool(const boost::json::object&)>& isSuspicious);
/// The same JSON text without line breaks, so that it may stand in an event.
[[nodiscard]] std::string onOneLine(std::string_view json);
/// The notices of the calls that are blocked, one a line; not of those that are left out.
[[nodiscard]] std::string joinedNotices(const std::vector<const GuardedCall*>& calls);

/// A stream's editor: reads events strictly, keeps them in a queue and lets the API say how far it may leave.
class StreamEditor : public ReplyEditor
{
public:
    explicit StreamEditor(conversation::ReplyReview& review);

    Result<void> event(const ReplyEvent& event, EditedReply& out) final;
    Result<void> resume(EditedReply& out) final
    {
        askAgain();
        return drain(out);
    }
    Result<void> end(EditedReply& out) final;
    bool isHolding() const noexcept final { return !m_queue.empty() || heldText() > 0; }
    std::size_t heldBytes() const noexcept final { return m_queuedBytes + heldText() + heldArguments(); }

protected:
    /// What an event is to the queue; the API numbers its kinds.
    struct Queued
    {
        EditedEvent event;
        int role = 0;
        std::uint32_t index = 0;
    };

    /// An event with one JSON object as data. What is to leave is pushed.
    virtual Result<void> read(EditedEvent event, std::string_view type, boost::json::object& content) = 0;
    /// "[DONE]".
    virtual Result<void> readDone(EditedEvent event);
    /// Asks for all answers that were not known yet, so that nobody waits for the one before.
    virtual void askAgain() {}
    /// Writes what may leave. Errors: answers that cannot be carried out.
    virtual Result<void> drain(EditedReply& out) = 0;
    [[nodiscard]] virtual std::size_t heldText() const noexcept = 0;
    [[nodiscard]] virtual std::size_t heldArguments() const noexcept = 0;
    /// True if every event names its type in its JSON.
    [[nodiscard]] virtual bool namesTypes() const noexcept = 0;

    void push(EditedEvent event, int role = 0, std::uint32_t index = 0);
    void pushMade(std::string_view type, const boost::json::object& content);
    /// The queue's first event.
    [[nodiscard]] const Queued& front() const { return m_queue.front(); }
    [[nodiscard]] Queued takeFront();
    [[nodiscard]] bool isQueueEmpty() const noexcept { return m_queue.empty(); }
    /// Everything queued; the queue is empty then.
    [[nodiscard]] std::deque<Queued> takeQueue();
    void writeAll(EditedReply& out);
    void dropAll();

    conversation::ReplyReview& m_review;
    const bool m_guardsTools;
    const bool m_editsText;
    const bool m_watchesThinking;

private:
    std::deque<Queued> m_queue;
    std::size_t m_queuedBytes = 0;
};

/// A whole body's editor.
class BodyEditor : public ReplyEditor
{
public:
    explicit BodyEditor(conversation::ReplyReview& review);

    Result<void> event(const ReplyEvent& event, EditedReply& out) final;
    Result<void> resume(EditedReply& out) final;
    Result<void> end(EditedReply& out) final;
    bool isHolding() const noexcept final { return m_isHolding; }
    std::size_t heldBytes() const noexcept final { return m_isHolding ? m_bytes.size() : 0; }

protected:
    /// Finds the calls and the texts, and shows the thinking.
    virtual Result<void> read(std::string_view bytes, boost::json::object& body) = 0;
    /// Something was changed, new texts stand in their places already: takes the blocked calls out and puts new
    /// arguments in. Errors: answers that cannot be carried out.
    virtual Result<void> carryOut(boost::json::object& body) = 0;

    /// Has a text edited, if texts are. Once it is known, and another one, it is put where it was and onChange is
    /// called. Until carryOut() no member may be added or taken out: the place must stay.
    void editText(std::uint32_t choice, std::uint32_t block, boost::json::value& text, std::function<void()> onChange);
    void showThinking(std::uint32_t choice, std::uint32_t block, std::string_view text);

    conversation::ReplyReview& m_review;
    std::vector<GuardedCall> m_calls;

private:
    struct WholeText
    {
        EditedText edited;
        boost::json::value& place;
        std::string left;
        std::function<void()> onChange;
    };
    /// True if all answers are known.
    bool ask();
    bool replaceTexts();

    const bool m_guardsTools;
    const bool m_editsText;
    const bool m_watchesThinking;
    std::string m_bytes;
    boost::json::object m_body;
    std::deque<WholeText> m_texts;
    bool m_isHolding = false;
};

// One for each API; null never.
[[nodiscard]] std::unique_ptr<ReplyEditor> makeAnthropicStreamEditor(conversation::ReplyReview& review);
[[nodiscard]] std::unique_ptr<ReplyEditor> makeAnthropicBodyEditor(conversation::ReplyReview& review);
[[nodiscard]] std::unique_ptr<ReplyEditor> makeOpenAiChatStreamEditor(conversation::ReplyReview& review);
[[nodiscard]] std::unique_ptr<ReplyEditor> makeOpenAiChatBodyEditor(conversation::ReplyReview& review);
[[nodiscard]] std::unique_ptr<ReplyEditor> makeOpenAiResponsesStreamEditor(conversation::ReplyReview& review);
[[nodiscard]] std::unique_ptr<ReplyEditor> makeOpenAiResponsesBodyEditor(conversation::ReplyReview& review);

} // namespace luthien::protocol
