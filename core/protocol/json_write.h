// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <boost/json.hpp>

#include <string>
#include <string_view>

// Writing JSON that we send.
namespace luthien::protocol {

[[nodiscard]] inline boost::json::string_view toJsonText(std::string_view text) noexcept
{
    return {text.data(), text.size()};
}
[[nodiscard]] inline std::string_view fromJsonText(boost::json::string_view text) noexcept
{
    return {text.data(), text.size()};
}

/// The text as a JSON string, with its quotes.
[[nodiscard]] std::string jsonString(std::string_view text);

/// The member if it is an object, or null.
[[nodiscard]] boost::json::object* objectAt(boost::json::object& parent, std::string_view name) noexcept;
/// The member if it is a list, or null.
[[nodiscard]] boost::json::array* arrayAt(boost::json::object& parent, std::string_view name) noexcept;

} // namespace luthien::protocol
