// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_write.h"

namespace luthien::protocol {

namespace json = boost::json;

Result<json::object> parseObject(std::string_view text)
{
    boost::system::error_code error;
    json::value value = json::parse(toJsonText(text), error);
    if (error || !value.is_object())
        return Error{ErrorCode::InvalidInput, "An event to be changed is not one JSON object.", {}};
    return std::move(value.get_object());
}

json::object* objectAt(json::object& parent, std::string_view name) noexcept
{
    json::value* value = parent.if_contains(toJsonText(name));
    return value ? value->if_object() : nullptr;
}

json::array* arrayAt(json::object& parent, std::string_view name) noexcept
{
    json::value* value = parent.if_contains(toJsonText(name));
    return value ? value->if_array() : nullptr;
}

bool replaceText(json::object& parent, std::string_view name, std::string_view text)
{
    json::value* value = parent.if_contains(toJsonText(name));
    if (!value)
        return false;
    if (value->is_string()) {
        value->get_string().assign(toJsonText(text));
        return true;
    }
    boost::system::error_code error;
    json::value parsed = json::parse(toJsonText(text), error);
    if (error)
        return false;
    *value = std::move(parsed);
    return true;
}

Error cannotEdit(std::string_view eventType)
{
    return {ErrorCode::InvalidInput, "The event has no place for the change.", std::string(eventType)};
}

} // namespace luthien::protocol
