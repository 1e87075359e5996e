// SPDX-License-Identifier: Apache-2.0
#include "protocol/chunk_editor.h"

#include "base/strict_json.h"

#include <algorithm>
#include <utility>

namespace luthien::protocol {

namespace json = boost::json;
using conversation::OnBlock;
using conversation::ReplyReview;
using conversation::StreamForm;

namespace {
bool opensList(std::string_view bytes)
{
    const std::size_t first = bytes.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && bytes[first] == '[';
}
} // namespace

ChunkEditor::ChunkEditor(ReplyReview& review, std::optional<StreamForm> form)
    : m_review(review)
    , m_guardsTools(review.guardsTools())
    , m_editsText(review.editsText())
    , m_watchesThinking(review.watchesThinking())
    , m_form(form)
{
}

/// A body is like an element without a list.
StreamForm ChunkEditor::wireForm() const noexcept
{
    return m_form.value_or(StreamForm::List);
}

Result<void> ChunkEditor::event(const ReplyEvent& event, EditedReply& out)
{
    Chunk chunk{.event = EditedEvent::received(event, wireForm()), .receivedBytes = event.bytes.size()};
    if (event.hasData && !event.data.empty()) {
        if (m_form == StreamForm::List && !std::exchange(m_hasBegun, true) && !opensList(event.bytes))
            return cannotJudge("the list does not begin as one");
        Result<json::value> content = parseStrictJson(event.data);
        if (!content)
            return content.error();
        if (!content->is_object())
            return cannotJudge("an event is no JSON object");
        chunk.content = std::move(content->get_object());
        if (const json::value* error = chunk.content.if_contains("error"); error && !error->is_null())
            abandon(out);
        if (Result<void> found = read(chunk); !found)
            return found;
    }
    m_queuedBytes += event.bytes.size();
    m_queue.push_back(std::move(chunk));
    return drain(out);
}

Result<void> ChunkEditor::resume(EditedReply& out)
{
    // All at once, so that nobody waits for the one before.
    for (std::size_t i = 0; m_guardsTools && i < m_calls.size(); ++i) {
        if (m_isComplete[i])
            (void)m_calls[i].ask(m_review);
    }
    return drain(out);
}

Result<void> ChunkEditor::end(EditedReply& out)
{
    if (Result<void> drained = drain(out); !drained)
        return drained;
    if (isHolding())
        return cannotJudge("it ended before what is held was complete");
    return {};
}

Result<void> ChunkEditor::drain(EditedReply& out)
{
    EditedReply& target = m_form == StreamForm::List ? m_list.to(out) : out;
    while (!m_queue.empty()) {
        Chunk& chunk = m_queue.front();
        const Result<bool> isKnown = carryOutChunk(chunk, target);
        if (!isKnown)
            return isKnown.error();
        if (!*isKnown)
            return {};
        if (chunk.isChanged) {
            if (compose(chunk))
                chunk.event.change(chunk.event.type(), json::serialize(chunk.content));
            else
                chunk.event.drop();
        }
        chunk.event.write(target);
        m_queuedBytes -= chunk.receivedBytes;
        m_queue.pop_front();
    }
    return {};
}

Result<bool> ChunkEditor::carryOutChunk(Chunk& chunk, EditedReply& out)
{
    for (; chunk.next < chunk.pieces.size(); ++chunk.next) {
        const Result<bool> isKnown = carryOut(chunk, chunk.pieces[chunk.next], out);
        if (!isKnown || !*isKnown)
            return isKnown;
    }
    return true;
}

/// The upstream failed: what waits will never be complete.
void ChunkEditor::abandon(EditedReply& out)
{
    EditedReply& target = m_form == StreamForm::List ? m_list.to(out) : out;
    for (Chunk& chunk : std::exchange(m_queue, {})) {
        chunk.event.drop();
        chunk.event.write(target);
    }
    m_queuedBytes = 0;
    for (auto& [number, choice] : m_choices) {
        choice.text.reset();
        choice.isFinished = true;
    }
}

std::size_t ChunkEditor::heldText() const noexcept
{
    std::size_t bytes = 0;
    for (const auto& [number, choice] : m_choices)
        bytes += choice.text ? choice.text->heldBytes() : 0;
    return bytes;
}

std::size_t ChunkEditor::addCall(GuardedCall call)
{
    m_calls.push_back(std::move(call));
    m_isComplete.push_back(false);
    return m_calls.size() - 1;
}

void ChunkEditor::completeCall(std::size_t call)
{
    m_isComplete[call] = true;
    if (m_guardsTools)
        (void)m_calls[call].ask(m_review);
}

bool ChunkEditor::judge(std::size_t call, Choice& choice)
{
    GuardedCall& judged = m_calls[call];
    if (m_guardsTools && (!m_isComplete[call] || !judged.ask(m_review)))
        return false;
    if (judged.executor != conversation::Executor::Client)
        return true;
    ++(judged.isBlocked() ? choice.blocked : choice.left);
    choice.isEnded = judged.isBlocked() && judged.answer->onBlock == OnBlock::End;
    return true;
}

std::string ChunkEditor::noticeOf(std::size_t call, Choice& choice) const
{
    const bool follows = std::exchange(choice.hasText, true);
    return (follows ? "\n\n" : "") + m_calls[call].answer->notice;
}

std::string ChunkEditor::editText(const Piece& piece)
{
    Choice& choice = choiceAt(piece.choice);
    if (!m_editsText) {
        choice.hasText = true;
        return piece.text;
    }
    if (!choice.text || choice.textBlock != piece.block)
        choice.text.emplace(piece.choice, piece.block);
    choice.textBlock = piece.block;
    std::string left = choice.text->add(m_review, piece.text);
    choice.hasText = choice.hasText || !left.empty();
    choice.isTextChanged = choice.isTextChanged || choice.text->isChanged();
    return left;
}

bool ChunkEditor::finishText(Choice& choice, std::string& rest)
{
    if (!choice.text)
        return true;
    const bool isKnown = choice.text->finish(m_review, rest);
    choice.hasText = choice.hasText || !rest.empty();
    choice.isTextChanged = choice.isTextChanged || choice.text->isChanged();
    if (isKnown)
        choice.text.reset();
    return isKnown;
}

void ChunkEditor::showThinking(const Piece& piece)
{
    if (m_watchesThinking)
        m_review.thinking(piece.choice, piece.block, piece.text);
}

EditedEvent ChunkEditor::madeEvent(const json::object& content) const
{
    return EditedEvent::made({}, json::serialize(content), wireForm());
}

bool ChunkEditor::isFinished() const
{
    return !m_choices.empty() &&
           std::ranges::all_of(m_choices, [](const auto& entry) { return entry.second.isFinished; });
}

std::unique_ptr<ReplyEditor> makeChunkEditor(conversation::Api api, ReplyReview& review, std::optional<StreamForm> form)
{
    if (api == conversation::Api::Gemini)
        return makeGeminiEditor(review, form);
    return api == conversation::Api::Ollama ? makeOllamaEditor(review, form) : nullptr;
}

} // namespace luthien::protocol
