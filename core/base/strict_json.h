// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <boost/json/value.hpp>

#include <cstddef>
#include <string_view>

namespace luthien {

/// Reads one JSON value the only way it can be read: duplicate members in any object, trailing bytes, invalid UTF-8,
/// lone surrogates and nesting beyond maxDepth are errors, because readers differ in what they make of them.
/// Errors: InvalidInput with the byte offset as context.
[[nodiscard]] Result<boost::json::value> parseStrictJson(std::string_view text, std::size_t maxDepth = 128);

} // namespace luthien
