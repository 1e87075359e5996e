// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace luthien::policy::builtin {

/// What a model says beyond this is not read.
inline constexpr std::size_t kMaxModelReplyBytes = 256UL * 1024;

/// Text from outside between <name> and </name>, with & < > " ' written as entities: nothing in it ends the quote.
[[nodiscard]] std::string quoted(std::string_view name, std::string_view text);

/// The JSON object that a model's reply ends with; a fence of backticks around it and words before it do not matter, a
/// single character after it does. Errors: InvalidInput, TooLarge.
[[nodiscard]] Result<boost::json::object> lastObject(std::string_view reply);

} // namespace luthien::policy::builtin
