// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/block.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace luthien::conversation {

/// A complete tool call of a reply. Views are valid during the call they are passed to.
struct ToolCall
{
    std::uint32_t choice = 0; ///< Chat's n > 1, else 0
    std::uint32_t block = 0;  ///< position of the call in the reply, as its API counts; equal for equal calls
    Executor executor = Executor::Client;
    bool isFreeText = false; ///< arguments are text of the tool's own grammar, not JSON
    std::string_view id;
    std::string_view name;
    std::string_view arguments; ///< exactly as the model wrote them
    /// Ids under which the provider keeps this reply (Responses with store or conversation); empty = it does not.
    std::string_view responseId;
    std::string_view conversationId;
};

/// What becomes of a reply in which a call is blocked.
enum class OnBlock : std::uint8_t {
    Replace, ///< the call becomes text, the rest stays
    End,     ///< the call becomes text; everything that comes after it in the reply is left out
    Retry,   ///< the model is told and answers again; for who rewrites the reply the same as Replace
};

struct ToolAnswer
{
    bool isBlocked = false;
    std::string notice; ///< if blocked: what the agent reads in the call's place
    OnBlock onBlock = OnBlock::Replace;
    /// If not blocked and present: what the tool is called with instead, in the form the arguments came in.
    std::optional<std::string> arguments;
    bool operator==(const ToolAnswer&) const = default;
};

/// Judges a reply's content on its way to the client, in terms that are the same for every API, streamed or whole.
/// The one who rewrites a reply asks; the policies answer. Thread: the call's worker.
class ReplyReview
{
public:
    virtual ~ReplyReview() = default;

    /// True if tool calls must be kept back until answered.
    [[nodiscard]] virtual bool guardsTools() const = 0;
    /// True if text must go through text() and textEnd().
    [[nodiscard]] virtual bool editsText() const = 0;
    /// True if thinking is to be shown to thinking(). It is never changed: providers sign it.
    [[nodiscard]] virtual bool watchesThinking() const { return false; }

    /// The answer about one call. Nullopt = not known yet: keep it back and ask again, with the same block, after the
    /// next wake-up. Asking again after an answer gives the same answer and records nothing new.
    [[nodiscard]] virtual std::optional<ToolAnswer> tool(const ToolCall& call) = 0;

    /// Takes the next part of a block's text and appends to out what may leave now; some may stay back.
    virtual void text(std::uint32_t choice, std::uint32_t block, std::string_view part, std::string& out) = 0;
    /// The block's text is complete: appends what stayed back. False = some of it is not known yet: what follows the
    /// block stays back too, and textEnd() is asked again, with the same block, after the next wake-up.
    [[nodiscard]] virtual bool textEnd(std::uint32_t choice, std::uint32_t block, std::string& out) = 0;
    /// The next part of a block of thinking.
    virtual void thinking(std::uint32_t /*choice*/, std::uint32_t /*block*/, std::string_view /*part*/) {}
};

} // namespace luthien::conversation
