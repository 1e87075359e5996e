// SPDX-License-Identifier: Apache-2.0
#include "control/session_marks_json.h"

#include "base/strict_json.h"

#include <boost/json.hpp>

#include <string>

namespace luthien::control {

namespace {
namespace json = boost::json;

Error invalid(std::string message, std::string where)
{
    return {.code = ErrorCode::InvalidInput, .message = std::move(message), .context = std::move(where)};
}
} // namespace

Result<store::SessionMarks> sessionMarksFromJson(std::string_view body)
{
    const auto value = parseStrictJson(body);
    if (!value)
        return value.error();
    const json::object* const object = value->if_object();
    if (object == nullptr || object->empty())
        return invalid(R"(Expected an object with some of "pinned", "label" and "note".)", "body");
    store::SessionMarks marks;
    for (const auto& member : *object) {
        const std::string_view name(member.key().data(), member.key().size());
        if (name == "pinned" && member.value().is_bool())
            marks.pinned = member.value().get_bool();
        else if (name == "label" && member.value().is_string())
            marks.label = std::string(member.value().get_string());
        else if (name == "note" && member.value().is_string())
            marks.note = std::string(member.value().get_string());
        else
            return invalid("pinned is true or false, label and note are texts; there is nothing else.",
                           std::string(name));
    }
    return marks;
}

} // namespace luthien::control
