// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_write.h"

namespace luthien::protocol {

namespace json = boost::json;

std::string jsonString(std::string_view text)
{
    return json::serialize(toJsonText(text));
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

} // namespace luthien::protocol
