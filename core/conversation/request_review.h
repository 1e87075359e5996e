// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/block.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::conversation {

enum class PartKind : std::uint8_t {
    System,        ///< what the agent tells the model to be
    UserText,      ///< what a person or the agent says
    AssistantText, ///< what the model said before
    ToolResult,    ///< what a tool gave back
};
[[nodiscard]] std::string_view partKindName(PartKind kind) noexcept;

/// One text of a request, in the order they stand there.
struct RequestPart
{
    PartKind kind = PartKind::UserText;
    std::uint32_t message = 0; ///< number of its message, from 0; 0 for system text outside of messages
    std::string toolId;        ///< ToolResult: the call it answers
    std::string toolName;      ///< ToolResult: empty = the request does not say
    std::string text;
};

/// A part with other text.
struct PartChange
{
    std::size_t part = 0; ///< position among the parts
    std::string text;
    bool operator==(const PartChange&) const = default;
};

struct RequestAnswer
{
    bool isBlocked = false;
    std::string notice;              ///< if blocked: what the client is told
    std::vector<PartChange> changes; ///< if not blocked; ascending, one for a part at most
    bool operator==(const RequestAnswer&) const = default;
};

/// Judges a request before anything of it is sent upstream, in terms that are the same for every API.
/// Thread: the call's worker.
class RequestReview
{
public:
    virtual ~RequestReview() = default;

    /// True if some policy wants to be asked about this request.
    [[nodiscard]] virtual bool looksAtRequest() const = 0;
    /// parts is empty where the API is not understood. Nullopt = not known yet: ask again, with the same parts, after
    /// the next wake-up. Asking again after an answer gives the same answer and records nothing new.
    [[nodiscard]] virtual std::optional<RequestAnswer> request(std::span<const RequestPart> parts) = 0;
};

} // namespace luthien::conversation
