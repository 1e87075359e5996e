// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "conversation/decision.h"
#include "conversation/reply_review.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::policy {

using conversation::PolicyMode;

/// What counts when a policy cannot say: its arguments are unreadable, over its limits, or it failed.
enum class OnError : std::uint8_t { Block, Pass };

/// How much of the reason the agent is told.
enum class AgentText : std::uint8_t {
    Opaque, ///< that the call was blocked
    Scoped, ///< and by which policy
    Full,   ///< and why
};

using conversation::OnBlock;

/// Which calls a policy looks at: in each list, globs of which one must match; an empty list matches all.
struct Scope
{
    std::vector<std::string> clients;
    std::vector<std::string> models; ///< as the request names them
    std::vector<std::string> upstreams;
    std::vector<std::string> tools; ///< narrows tool calls only
    std::vector<std::string> sessions;
    std::vector<std::string> agents; ///< "" matches calls of no sub-agent

    bool operator==(const Scope&) const = default;
};

/// One policy as a person wrote it.
struct Definition
{
    std::string id; ///< isSafeLabel()
    std::string type;
    std::string name; ///< for people; empty = the type's title
    PolicyMode mode = PolicyMode::Shadow;
    std::string config = "{}"; ///< one JSON object; its schema is the type's
    OnError onError = OnError::Block;
    AgentText agentText = AgentText::Opaque;
    OnBlock onBlock = OnBlock::Replace;
    Scope scope;

    bool operator==(const Definition&) const = default;
};

/// One JSON object with members in a fixed order and config without blanks; equal definitions give equal bytes, and
/// toJson(definitionFromJson(toJson(d))) == toJson(d).
[[nodiscard]] std::string toJson(const Definition& definition);
/// Reads what toJson writes and what people write: only id and type must be there. Errors: InvalidInput, context = the
/// field; unknown members are errors. The type and its config are not looked at: Chain::build does that.
[[nodiscard]] Result<Definition> definitionFromJson(std::string_view text);
/// 64 hex: the hash of everything but the mode. What a decision names.
[[nodiscard]] std::string versionOf(const Definition& definition);

[[nodiscard]] std::string_view onErrorName(OnError what) noexcept;
[[nodiscard]] std::string_view agentTextName(AgentText text) noexcept;
[[nodiscard]] std::string_view onBlockName(OnBlock what) noexcept;

} // namespace luthien::policy
