// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/list_reply.h"
#include "protocol/reply_editing.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::protocol {

/// Edits replies that come in chunks of one form, each a JSON object, of which a whole body is the only one (Gemini,
/// Ollama). Calls are asked about when they come; everything else happens in order: what comes behind a call, or behind
/// a text's end, that is not known yet waits in the queue.
class ChunkEditor : public ReplyEditor
{
public:
    /// No form = a whole body.
    ChunkEditor(conversation::ReplyReview& review, std::optional<conversation::StreamForm> form);

    Result<void> event(const ReplyEvent& event, EditedReply& out) final;
    Result<void> resume(EditedReply& out) final;
    Result<void> end(EditedReply& out) final;
    bool isHolding() const noexcept final { return !m_queue.empty() || heldText() > 0; }
    std::size_t heldBytes() const noexcept final { return m_queuedBytes + heldText(); }

protected:
    /// What a chunk brings, in the order in which clients take it.
    struct Piece
    {
        enum class Kind : std::uint8_t { Text, Thinking, Call, CallRest, Other, Finish };
        Kind kind = Kind::Other;
        std::uint32_t choice = 0;
        std::uint32_t block = 0;
        std::size_t candidate = 0; ///< where it stands in the chunk
        std::size_t part = 0;
        std::size_t call = 0; ///< in m_calls
        std::string text;
    };
    struct Chunk
    {
        EditedEvent event;
        std::size_t receivedBytes = 0;
        boost::json::object content;
        std::vector<Piece> pieces;
        std::size_t next = 0;                  ///< the piece that is looked at
        std::vector<boost::json::array> parts; ///< what is left of each candidate so far
        std::string text;
        bool isChanged = false;
    };
    /// What is known of one alternative reply.
    struct Choice
    {
        std::optional<EditedText> text; ///< the block that is open
        std::uint32_t textBlock = 0;
        bool hasText = false;       ///< the client sees some
        bool isTextChanged = false; ///< what points into it does not fit
        bool isEnded = false;       ///< a blocked call ended it: nothing follows but its finish
        bool isFinished = false;    ///< its finish has come
        std::uint32_t blocked = 0;
        std::uint32_t left = 0;
    };

    /// Finds a chunk's pieces. Errors: clients could read it in two ways.
    virtual Result<void> read(Chunk& chunk) = 0;
    /// Carries out what is said about the piece. False = not known yet: asked again, with the same piece.
    virtual Result<bool> carryOut(Chunk& chunk, const Piece& piece, EditedReply& out) = 0;
    /// All pieces have been carried out: puts the content together. False = nothing is left of it.
    virtual bool compose(Chunk& chunk) = 0;

    /// Begins a call; it is asked about by completeCall().
    std::size_t addCall(GuardedCall call);
    void completeCall(std::size_t call);
    /// True if the answer is known. Counts it.
    bool judge(std::size_t call, Choice& choice);
    [[nodiscard]] std::string noticeOf(std::size_t call, Choice& choice) const;
    Choice& choiceAt(std::uint32_t number) { return m_choices[number]; }
    /// What may leave of a text.
    std::string editText(const Piece& piece);
    /// Ends the open text: appends its rest. False = not known yet.
    bool finishText(Choice& choice, std::string& rest);
    void showThinking(const Piece& piece);
    [[nodiscard]] bool isBody() const noexcept { return !m_form; }
    [[nodiscard]] EditedEvent madeEvent(const boost::json::object& content) const;
    /// True if every choice has finished.
    [[nodiscard]] bool isFinished() const;

    conversation::ReplyReview& m_review;
    const bool m_guardsTools;
    const bool m_editsText;
    const bool m_watchesThinking;
    std::deque<GuardedCall> m_calls;
    std::uint32_t m_nextBlock = 0;

private:
    [[nodiscard]] conversation::StreamForm wireForm() const noexcept;
    Result<void> drain(EditedReply& out);
    Result<bool> carryOutChunk(Chunk& chunk, EditedReply& out);
    void abandon(EditedReply& out);
    [[nodiscard]] std::size_t heldText() const noexcept;

    const std::optional<conversation::StreamForm> m_form;
    ListReply m_list;
    std::map<std::uint32_t, Choice> m_choices;
    std::vector<bool> m_isComplete; ///< of m_calls
    std::deque<Chunk> m_queue;
    std::size_t m_queuedBytes = 0;
    bool m_hasBegun = false;
};

// Null for other APIs.
[[nodiscard]] std::unique_ptr<ReplyEditor> makeChunkEditor(conversation::Api api, conversation::ReplyReview& review,
                                                           std::optional<conversation::StreamForm> form);
[[nodiscard]] std::unique_ptr<ReplyEditor> makeGeminiEditor(conversation::ReplyReview& review,
                                                            std::optional<conversation::StreamForm> form);
[[nodiscard]] std::unique_ptr<ReplyEditor> makeOllamaEditor(conversation::ReplyReview& review,
                                                            std::optional<conversation::StreamForm> form);

} // namespace luthien::protocol
