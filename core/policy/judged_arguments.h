// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "conversation/reply_review.h"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace luthien::policy {

/// The arguments as all policies judge them; null for free text. Errors: InvalidInput, TooLarge: they can be read in
/// more than one way.
[[nodiscard]] Result<boost::json::value> readArguments(const conversation::ToolCall& call);

/// Reads what a policy wrote in the place of a call's arguments. call.arguments = the new ones; schema = JSON Schema of
/// the tool's arguments, empty = it is not known. Errors: InvalidInput: the tool must not be called with these.
[[nodiscard]] Result<boost::json::value> readReplacement(const conversation::ToolCall& call, std::string_view schema);

} // namespace luthien::policy
