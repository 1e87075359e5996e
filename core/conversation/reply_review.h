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
};

struct ToolAnswer
{
    bool isBlocked = false;
    std::string notice; ///< if blocked: what the agent reads in the call's place
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

    /// The answer about one call. Nullopt = not known yet: keep it back and ask again, with the same block, after the
    /// next wake-up. Asking again after an answer gives the same answer and records nothing new.
    [[nodiscard]] virtual std::optional<ToolAnswer> tool(const ToolCall& call) = 0;

    /// Takes the next part of a block's text and appends to out what may leave now; some may stay back.
    virtual void text(std::uint32_t choice, std::uint32_t block, std::string_view part, std::string& out) = 0;
    /// The block's text is complete: appends what stayed back.
    virtual void textEnd(std::uint32_t choice, std::uint32_t block, std::string& out) = 0;
};

} // namespace luthien::conversation
