// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <boost/json.hpp>

#include <string>
#include <string_view>

// Writing and editing JSON that we send.
namespace luthien::protocol {

[[nodiscard]] inline boost::json::string_view toJsonText(std::string_view text) noexcept
{
    return {text.data(), text.size()};
}
[[nodiscard]] inline std::string_view fromJsonText(boost::json::string_view text) noexcept
{
    return {text.data(), text.size()};
}

/// The text as one JSON object, read strictly. Errors: InvalidInput.
[[nodiscard]] Result<boost::json::object> parseObject(std::string_view text);
/// The member if it is an object, or null.
[[nodiscard]] boost::json::object* objectAt(boost::json::object& parent, std::string_view name) noexcept;
/// The member if it is a list, or null.
[[nodiscard]] boost::json::array* arrayAt(boost::json::object& parent, std::string_view name) noexcept;
/// Puts text where a string stood; where other JSON stood, text is read as JSON. False if there is no such member or
/// text is no JSON.
[[nodiscard]] bool replaceText(boost::json::object& parent, std::string_view name, std::string_view text);
/// What encode() says when an event has no place for the change.
[[nodiscard]] Error cannotEdit(std::string_view eventType);

} // namespace luthien::protocol
