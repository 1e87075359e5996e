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

namespace {
json::value troubleOf(const PolicyEntry& entry)
{
    if (!entry.trouble)
        return nullptr;
    return json::object{
        {"at", toRfc3339(entry.trouble->at)}, {"message", entry.trouble->message}, {"count", entry.trouble->count}};
}

json::object objectOf(const PolicyEntry& entry)
{
    // toJson(Definition) is the one place that knows its members.
    json::object object = json::parse(policy::toJson(entry.definition)).as_object();
    object["name"] = entry.definition.name.empty() ? json::value() : json::value(entry.definition.name);
    object["version"] = entry.version;
    object["source"] = policySourceName(entry.source);
    object["overridden"] = entry.isOverridden;
    object["trouble"] = troubleOf(entry);
    return object;
}

Error invalid(std::string message, std::string context)
{
    return {ErrorCode::InvalidInput, std::move(message), std::move(context)};
}

Result<void> readMember(const json::string_view name, const json::value& value, PolicyChange& change)
{
    if (name == "if_version") {
        if (const auto* text = value.if_string())
            change.ifVersion = std::string(*text);
        return value.is_string() || value.is_null() ? Result<void>() : invalid("This is a text or null.", "if_version");
    }
    if (name == "others") {
        change.removesOthers = value != "kept";
        return value == "kept" || value == "removed" ? Result<void>() : invalid("This is kept or removed.", "others");
    }
    if (name != "policies" || !value.is_array())
        return invalid(name == "policies" ? "This is a list." : "There is no such member.", std::string(name));
    for (const json::value& item : value.get_array()) {
        auto definition = policy::definitionFromJson(json::serialize(item));
        if (!definition)
            return invalid(definition.error().message,
                           "policies[" + std::to_string(change.definitions.size()) + "]." + definition.error().context);
        change.definitions.push_back(*std::move(definition));
    }
    return {};
}
} // namespace

std::string toJson(const PolicyEntry& entry)
{
    return json::serialize(objectOf(entry));
}

std::string toJson(const PolicySet& set)
{
    json::array items;
    for (const PolicyEntry& entry : set.entries)
        items.push_back(objectOf(entry));
    return json::serialize(json::object{{"version", set.version}, {"items", std::move(items)}, {"next", nullptr}});
}

Result<std::optional<policy::PolicyMode>> modeFromJson(std::string_view body)
{
    const auto value = parseStrictJson(body);
    if (!value)
        return value.error();
    const json::object* const object = value->if_object();
    const json::value* const given = object != nullptr && object->size() == 1 ? object->if_contains("mode") : nullptr;
    const json::string* const name = given != nullptr ? given->if_string() : nullptr;
    const auto mode = name != nullptr ? conversation::policyModeFromName(*name) : std::nullopt;
    if (!mode && (name == nullptr || *name != "file"))
        return invalid(R"(Expected {"mode":"off"|"shadow"|"enforce"|"file"}.)", "body");
    return mode;
}

Result<PolicyChange> changeFromJson(std::string_view body)
{
    const auto value = parseStrictJson(body);
    if (!value)
        return value.error();
    const json::object* const object = value->if_object();
    if (object == nullptr || !object->contains("policies"))
        return invalid(R"(Expected {"policies":[...],"if_version":"..."}.)", "body");
    PolicyChange change;
    for (const auto& member : *object) {
        if (auto read = readMember(member.key(), member.value(), change); !read)
            return read.error();
    }
    return change;
}

std::string toJson(const store::PolicyChangeRow& row)
{
    const auto definition = parseStrictJson(row.definition);
    return json::serialize(
        json::object{{"version", row.change.version},
                     {"mode", policyModeName(row.change.mode)},
                     {"at", toRfc3339(row.change.at)},
                     {"author", row.change.author.empty() ? json::value() : json::value(row.change.author)},
                     {"source", row.change.source},
                     {"definition", definition ? *definition : json::value()}});
}

std::string toJson(const PolicyChange& change)
{
    json::array policies;
    for (const policy::Definition& definition : change.definitions)
        policies.push_back(json::parse(policy::toJson(definition)));
    return json::serialize(
        json::object{{"policies", std::move(policies)},
                     {"others", change.removesOthers ? "removed" : "kept"},
                     {"if_version", change.ifVersion ? json::value(*change.ifVersion) : json::value()}});
}

} // namespace luthien::control
