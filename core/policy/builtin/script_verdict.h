// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "policy/policy.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// What a script's function returned, read with suspicion: one exact shape counts, anything else is an error. Errors of
// all: InvalidInput.
namespace luthien::policy::builtin {

[[nodiscard]] Result<PolicyVerdict> toolVerdictOf(std::string_view json, const JudgedCall& judged);
[[nodiscard]] Result<PolicyVerdict> requestVerdictOf(std::string_view json, std::size_t parts);

struct TextVerdict
{
    PolicyVerdict verdict;           ///< Continue or Block
    std::optional<std::string> text; ///< other text
};
[[nodiscard]] Result<TextVerdict> textVerdictOf(std::string_view json, std::string_view judged);
/// Continue or Block: nothing else makes sense after the end.
[[nodiscard]] Result<PolicyVerdict> endVerdictOf(std::string_view json);

} // namespace luthien::policy::builtin
