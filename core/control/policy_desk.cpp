// SPDX-License-Identifier: Apache-2.0
#include "control/policy_desk.h"

#include "base/strict_json.h"

#include <boost/json.hpp>

namespace luthien::control {

namespace json = boost::json;

std::string_view policySourceName(PolicySource source) noexcept
{
    return source == PolicySource::File ? "file" : "stored";
}

std::string toJson(const PolicyEntry& entry)
{
    const policy::Definition& definition = entry.definition;
    const auto config = parseStrictJson(definition.config);
    return json::serialize(
        json::object{{"id", definition.id},
                     {"type", definition.type},
                     {"name", definition.name.empty() ? json::value() : json::value(definition.name)},
                     {"mode", policyModeName(definition.mode)},
                     {"source", policySourceName(entry.source)},
                     {"overridden", entry.isOverridden},
                     {"version", entry.version},
                     {"config", config ? *config : json::value()},
                     {"on_error", onErrorName(definition.onError)},
                     {"agent_text", agentTextName(definition.agentText)}});
}

Result<policy::PolicyMode> modeFromJson(std::string_view body)
{
    const auto value = parseStrictJson(body);
    if (!value)
        return value.error();
    const json::object* const object = value->if_object();
    const json::value* const given = object != nullptr && object->size() == 1 ? object->if_contains("mode") : nullptr;
    const json::string* const name = given != nullptr ? given->if_string() : nullptr;
    const auto mode = name != nullptr ? conversation::policyModeFromName(*name) : std::nullopt;
    if (!mode)
        return Error{ErrorCode::InvalidInput, R"(Expected {"mode":"off"|"shadow"|"enforce"}.)", "body"};
    return *mode;
}

} // namespace luthien::control
