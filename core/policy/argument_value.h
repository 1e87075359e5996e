// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace luthien::policy {

/// True for an RFC 6901 pointer: empty, or '/' before every part, and ~ only as ~0 or ~1.
[[nodiscard]] bool isJsonPointer(std::string_view text) noexcept;

/// What a pointer leads to in a tool's arguments.
struct ArgumentValue
{
    std::string_view text;
    bool isString = false; ///< text is the string at the pointer: positions in it mean something
};

/// The value as text: a string as it is; what is no string as compact JSON written anew, so that "\u0072m" in the
/// model's own spelling hides nothing. scratch keeps what was written anew. Nullopt = there is no such value.
/// arguments null = free text, which has no parts.
[[nodiscard]] std::optional<ArgumentValue> argumentValue(const boost::json::value* arguments, std::string_view freeText,
                                                         std::string_view pointer, std::string& scratch);

} // namespace luthien::policy
