// SPDX-License-Identifier: Apache-2.0
#include "protocol/stream_checking.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace luthien::protocol {

namespace ondemand = simdjson::ondemand;

namespace {

/// Chat. Allowed, because real servers do it: a stream without [DONE]; one that ends with [DONE] and no finish reason;
/// a role, id, name or finish reason that is said again and is the same; "stop" behind a call (OpenAI, where the
/// request forced the call).
class ChatChecker final : public StreamChecker
{
public:
    Result<void> event(std::string_view type, std::string_view data) override;
    Result<void> end() override;

private:
    struct CallPiece
    {
        std::optional<std::uint32_t> index;
        std::string_view id;
        std::string_view type;
        std::string_view name;
    };
    struct Piece
    {
        std::optional<std::uint32_t> number;
        bool isWhole = false; ///< a message instead of a delta
        std::string_view role;
        std::string_view finishReason;
        bool hasContent = false;
        bool hasLegacyCall = false;
        std::vector<CallPiece> calls;
    };
    struct Choice
    {
        std::vector<std::pair<std::string, std::string>> calls; ///< ids and names
        bool hasLegacyCall = false;
        std::string finishReason;
    };

    [[nodiscard]] bool read(std::string_view data);
    static void readChoice(std::string_view key, ondemand::value& member, Piece& piece);
    static void readDelta(ondemand::value& delta, Piece& piece);
    static CallPiece readCall(ondemand::value& call);
    Result<void> choice(const Piece& piece);
    static Result<void> call(const CallPiece& piece, bool isWhole, Choice& choice);
    static Result<void> finish(std::string_view reason, Choice& choice);

    JsonReader m_reader;
    std::vector<Piece> m_pieces;
    bool m_hasChoices = false;
    bool m_isFailed = false; ///< an error came; Mistral calls it detail
    bool m_isDone = false;
    bool m_isWhole = false;
    std::map<std::uint32_t, Choice> m_choices;
};

ChatChecker::CallPiece ChatChecker::readCall(ondemand::value& call)
{
    CallPiece piece;
    forEachMember(call, [&piece](std::string_view key, ondemand::value& member) {
        if (key == "index")
            piece.index = indexOf(member);
        else if (key == "id")
            piece.id = textOf(member);
        else if (key == "type")
            piece.type = textOf(member);
        else if (key == "function" || key == "custom")
            forEachMember(member, [&piece](std::string_view name, ondemand::value& inner) {
                if (name == "name")
                    piece.name = textOf(inner);
            });
    });
    return piece;
}

void ChatChecker::readDelta(ondemand::value& delta, Piece& piece)
{
    forEachMember(delta, [&piece](std::string_view key, ondemand::value& member) {
        if (key == "role")
            piece.role = textOf(member);
        else if (key == "content" || key == "refusal")
            piece.hasContent = !textOrJsonOf(member).empty() || piece.hasContent;
        else if (key == "tool_calls")
            forEachElement(member, [&piece](ondemand::value& call) { piece.calls.push_back(readCall(call)); });
        else if (key == "function_call")
            piece.hasLegacyCall = isObject(member);
    });
}

void ChatChecker::readChoice(std::string_view key, ondemand::value& member, Piece& piece)
{
    if (key == "index") {
        piece.number = indexOf(member);
    } else if (key == "finish_reason") {
        piece.finishReason = textOf(member);
    } else if (key == "delta") {
        readDelta(member, piece);
    } else if (key == "message" && isObject(member)) {
        piece.isWhole = true;
        readDelta(member, piece);
    }
}

bool ChatChecker::read(std::string_view data)
{
    m_pieces.clear();
    m_hasChoices = false;
    const auto object = m_reader.object(data);
    return object && forEachMember(*object, [this](std::string_view key, ondemand::value& member) {
               if ((key == "error" || key == "detail") && !isNull(member))
                   m_isFailed = true;
               if (key != "choices")
                   return;
               m_hasChoices = forEachElement(member, [this](ondemand::value& element) {
                   Piece& piece = m_pieces.emplace_back();
                   forEachMember(element, [&piece](std::string_view name, ondemand::value& inner) {
                       readChoice(name, inner, piece);
                   });
               });
           });
}

Result<void> ChatChecker::event(std::string_view, std::string_view data)
{
    if (data.empty())
        return {};
    if (m_isDone || m_isWhole)
        return breach("Nothing follows the end of a completion.");
    if (data == "[DONE]") {
        m_isDone = true;
        return {};
    }
    if (!read(data))
        return breach("A chunk is one JSON object.");
    if (!m_hasChoices && !m_isFailed)
        return breach("A chunk has a list of choices.");
    for (std::size_t place = 0; place < m_pieces.size(); ++place) {
        Piece& piece = m_pieces[place];
        if (!piece.number && (piece.isWhole || m_pieces.size() == 1))
            piece.number = static_cast<std::uint32_t>(place);
        if (Result<void> checked = choice(piece); !checked)
            return checked;
    }
    return {};
}

Result<void> ChatChecker::choice(const Piece& piece)
{
    if (!piece.number)
        return breach("Each of several choices has an index.");
    if (piece.isWhole && m_choices.contains(*piece.number))
        return breach("A completion has each choice once.");
    m_isWhole = m_isWhole || piece.isWhole;
    if (!piece.role.empty() && piece.role != "assistant")
        return breach("A choice is the assistant's.");
    Choice& choice = m_choices[*piece.number];
    if (!choice.finishReason.empty() && (piece.hasContent || piece.hasLegacyCall || !piece.calls.empty()))
        return breach("Nothing follows a choice's finish reason.");
    choice.hasLegacyCall = choice.hasLegacyCall || piece.hasLegacyCall;
    for (std::size_t place = 0; place < piece.calls.size(); ++place) {
        CallPiece part = piece.calls[place];
        if (piece.isWhole)
            part.index = static_cast<std::uint32_t>(place);
        if (Result<void> checked = call(part, piece.isWhole, choice); !checked)
            return checked;
    }
    return piece.finishReason.empty() ? Result<void>() : finish(piece.finishReason, choice);
}

Result<void> ChatChecker::call(const CallPiece& piece, bool isWhole, Choice& choice)
{
    if (!piece.index)
        return breach("A piece of a call has an index.");
    if (*piece.index > choice.calls.size())
        return breach("Calls are numbered without gaps.");
    if (*piece.index == choice.calls.size()) {
        if (piece.id.empty() || piece.name.empty() || (piece.type.empty() && !isWhole))
            return breach("A call begins with its id, type and name.");
        choice.calls.emplace_back(piece.id, piece.name);
        return {};
    }
    const auto& [id, name] = choice.calls[*piece.index];
    if ((!piece.id.empty() && piece.id != id) || (!piece.name.empty() && piece.name != name))
        return breach("A call keeps its id and name.");
    return {};
}

Result<void> ChatChecker::finish(std::string_view reason, Choice& choice)
{
    if (!choice.finishReason.empty() && choice.finishReason != reason)
        return breach("A choice has one finish reason.");
    choice.finishReason = reason;
    const bool hasCall = !choice.calls.empty() || choice.hasLegacyCall;
    if ((reason == "tool_calls" || reason == "function_call") && !hasCall)
        return breach("A choice that finishes for calls has one.");
    return {};
}

Result<void> ChatChecker::end()
{
    if (m_isFailed || m_isDone)
        return {};
    const auto isFinished = [](const auto& entry) { return !entry.second.finishReason.empty(); };
    if (m_choices.empty() || !std::ranges::all_of(m_choices, isFinished))
        return breach("Every choice has a finish reason.");
    return {};
}

} // namespace

std::unique_ptr<StreamChecker> makeOpenAiChatChecker()
{
    return std::make_unique<ChatChecker>();
}

} // namespace luthien::protocol
