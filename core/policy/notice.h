// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/definition.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace luthien::policy {

/// What the agent reads in the place of what was blocked: "[SUBJECT was blocked by policy]", and more if text allows.
/// policyName = the policy as people call it.
[[nodiscard]] std::string blockNotice(AgentText text, std::string_view subject, std::string_view policyName,
                                      std::string_view reason);
/// "Tool call `NAME`"
[[nodiscard]] std::string toolSubject(std::string_view toolName);
inline constexpr std::string_view kTextSubject = "Text";
inline constexpr std::string_view kRequestSubject = "Request";

/// Text from outside as part of one line of ours: at most maxCharacters code points, then "..."; no backticks, and
/// nothing invisible: controls, line breaks and characters that hide or reorder text become a blank. Always UTF-8.
[[nodiscard]] std::string oneLine(std::string_view text, std::size_t maxCharacters);

/// The longest beginning of at most maxBytes that does not end inside a UTF-8 sequence.
[[nodiscard]] std::string_view boundedText(std::string_view text, std::size_t maxBytes) noexcept;

} // namespace luthien::policy
