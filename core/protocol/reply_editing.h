// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/edited_event.h"
#include "protocol/json_write.h"

#include <cstdint>
#include <deque>
#include <functional>
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
    std::optional<conversation::ToolAnswer> answer;

    /// True if the answer is known now. What the provider carries out itself cannot be stopped: the review is told of
    /// it, and no answer is waited for.
    bool ask(conversation::ReplyReview& review);
    [[nodiscard]] bool isBlocked() const { return answer && answer->isBlocked; }
};

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
    /// What stayed back until the end. Once: a second call gives nothing.
    [[nodiscard]] std::string finish(conversation::ReplyReview& review);

    /// True if what left is not a beginning of what came.
    [[nodiscard]] bool isChanged() const noexcept { return m_isChanged; }
    [[nodiscard]] bool isFinished() const noexcept { return m_isFinished; }
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
/// The notices of the calls that are blocked, one a line.
[[nodiscard]] std::string joinedNotices(const std::vector<const GuardedCall*>& calls);

/// A stream's editor: reads events strictly, keeps them in a queue and lets the API say how far it may leave.
class StreamEditor : public ReplyEditor
{
public:
    explicit StreamEditor(conversation::ReplyReview& review);

    Result<void> event(const ReplyEvent& event, EditedReply& out) final;
    Result<void> resume(EditedReply& out) final { return drain(out); }
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
    /// Finds the calls and edits the text.
    virtual Result<void> read(std::string_view bytes, boost::json::object& body) = 0;
    /// Takes the blocked calls out.
    virtual void removeBlocked(boost::json::object& body) = 0;

    /// The text as it may leave, if texts are edited; sets the mark that the body changed.
    [[nodiscard]] bool editText(std::uint32_t choice, std::uint32_t block, boost::json::value& text);

    conversation::ReplyReview& m_review;
    const bool m_editsText;
    std::vector<GuardedCall> m_calls;
    bool m_isChanged = false;

private:
    const bool m_guardsTools;
    std::string m_bytes;
    boost::json::object m_body;
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
