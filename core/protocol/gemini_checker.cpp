// SPDX-License-Identifier: Apache-2.0
#include "protocol/stream_checking.h"

#include <algorithm>
#include <map>
#include <vector>

namespace luthien::protocol {

namespace ondemand = simdjson::ondemand;

namespace {

/// Gemini. A stream's elements and a whole body have one form: parts that were added to each candidate, and why it
/// finished. Allowed: a candidate without an index (0); calls that go on without a name (streamed arguments).
class GeminiChecker final : public StreamChecker
{
public:
    Result<void> event(std::string_view type, std::string_view data) override;
    Result<void> end() override;

private:
    struct Call
    {
        bool hasName = false;
        bool goesOn = false;
        bool hasOddArguments = false;
    };
    struct Piece
    {
        std::uint32_t number = 0;
        bool hasParts = false;
        bool hasOddParts = false;
        bool isFinished = false;
        std::vector<Call> calls;
    };
    struct Candidate
    {
        bool isFinished = false;
        bool isCallOpen = false; ///< its arguments are streamed
    };

    [[nodiscard]] bool read(std::string_view data);
    static Piece readCandidate(ondemand::value& value);
    static void readPart(ondemand::value& value, Piece& piece);
    Result<void> add(const Piece& piece);

    JsonReader m_reader;
    std::vector<Piece> m_pieces;
    std::map<std::uint32_t, Candidate> m_candidates;
    bool m_isFailed = false;
    bool m_isRefused = false; ///< the prompt was
};

void GeminiChecker::readPart(ondemand::value& value, Piece& piece)
{
    piece.hasParts = true;
    if (!isObject(value)) {
        piece.hasOddParts = true;
        return;
    }
    forEachMember(value, [&piece](std::string_view key, ondemand::value& member) {
        if (key != "functionCall")
            return;
        Call& call = piece.calls.emplace_back();
        forEachMember(member, [&call](std::string_view name, ondemand::value& inner) {
            if (name == "name")
                call.hasName = !textOf(inner).empty();
            else if (name == "willContinue")
                call.goesOn = isTrue(inner);
            else if (name == "args")
                call.hasOddArguments = !isObject(inner) && !isNull(inner);
        });
    });
}

GeminiChecker::Piece GeminiChecker::readCandidate(ondemand::value& value)
{
    Piece piece;
    forEachMember(value, [&piece](std::string_view key, ondemand::value& member) {
        if (key == "index")
            piece.number = indexOf(member).value_or(0);
        else if (key == "finishReason")
            piece.isFinished = !textOf(member).empty();
        else if (key == "content")
            forEachMember(member, [&piece](std::string_view name, ondemand::value& parts) {
                if (name == "parts")
                    forEachElement(parts, [&piece](ondemand::value& part) { readPart(part, piece); });
            });
    });
    return piece;
}

bool GeminiChecker::read(std::string_view data)
{
    m_pieces.clear();
    const auto object = m_reader.object(data);
    return object && forEachMember(*object, [this](std::string_view key, ondemand::value& member) {
               if (key == "error")
                   m_isFailed = isObject(member);
               else if (key == "promptFeedback")
                   forEachMember(member, [this](std::string_view name, ondemand::value& inner) {
                       m_isRefused = m_isRefused || (name == "blockReason" && !textOf(inner).empty());
                   });
               else if (key == "candidates")
                   forEachElement(member,
                                  [this](ondemand::value& element) { m_pieces.push_back(readCandidate(element)); });
           });
}

Result<void> GeminiChecker::event(std::string_view, std::string_view data)
{
    if (data.empty())
        return {};
    if (m_isFailed)
        return breach("Nothing follows an error.");
    if (!read(data))
        return breach("An event is one JSON object.");
    for (const Piece& piece : m_pieces) {
        if (Result<void> added = add(piece); !added)
            return added;
    }
    return {};
}

Result<void> GeminiChecker::add(const Piece& piece)
{
    Candidate& candidate = m_candidates[piece.number];
    if (candidate.isFinished && (piece.hasParts || piece.isFinished))
        return breach("A candidate finishes once, and nothing follows.");
    if (piece.hasOddParts)
        return breach("A part is an object.");
    for (const Call& call : piece.calls) {
        if (!call.hasName && !candidate.isCallOpen)
            return breach("A call begins with its name.");
        if (call.hasName && candidate.isCallOpen)
            return breach("A call begins after the one before it has ended.");
        if (call.hasOddArguments)
            return breach("A call's arguments are an object.");
        candidate.isCallOpen = call.goesOn;
    }
    candidate.isFinished = candidate.isFinished || piece.isFinished;
    if (piece.isFinished && candidate.isCallOpen)
        return breach("A candidate finishes after its calls have ended.");
    return {};
}

Result<void> GeminiChecker::end()
{
    const auto isFinished = [](const auto& entry) { return entry.second.isFinished; };
    if (!m_isFailed && !std::ranges::all_of(m_candidates, isFinished))
        return breach("Every candidate says why it finished.");
    if (!m_isFailed && !m_isRefused && m_candidates.empty())
        return breach("A reply has a candidate, or says why it has none.");
    return {};
}

} // namespace

std::unique_ptr<StreamChecker> makeGeminiChecker()
{
    return std::make_unique<GeminiChecker>();
}

} // namespace luthien::protocol
