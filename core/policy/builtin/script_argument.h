// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy.h"

#include <span>
#include <string>
#include <string_view>

// What the functions of a script are given, as JSON.
namespace luthien::policy::builtin {

[[nodiscard]] std::string requestArgument(std::span<const conversation::RequestPart> parts, const CallFacts& facts);
[[nodiscard]] std::string textArgument(std::string_view whole, const CallFacts& facts);
[[nodiscard]] std::string toolArgument(const JudgedCall& judged, const CallFacts& facts);
[[nodiscard]] std::string endArgument(const conversation::CallEnded& end, const CallFacts& facts);

} // namespace luthien::policy::builtin
