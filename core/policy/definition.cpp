// SPDX-License-Identifier: Apache-2.0
#include "policy/definition.h"

#include "base/ids.h"
#include "base/sha256.h"
#include "base/strict_json.h"
#include "policy/object_reader.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <utility>

namespace luthien::policy {

namespace {
namespace json = boost::json;

constexpr std::array<std::string_view, 2> kOnErrorNames{"block", "pass"};
constexpr std::array<std::string_view, 3> kAgentTextNames{"opaque", "scoped", "full"};
constexpr std::array<std::string_view, 3> kModeNames{"off", "shadow", "enforce"};
constexpr std::array<std::string_view, 1> kOnBlockNames{"replace"};
constexpr std::size_t kMaxNameBytes = 200;

json::string jsonText(std::string_view text)
{
    return json::string(text.data(), text.size());
}

/// A config that is no JSON stays what it is, a text: Chain::build refuses it.
json::value configValue(const std::string& config)
{
    Result<json::value> parsed = parseStrictJson(config);
    return parsed ? std::move(*parsed) : json::value(jsonText(config));
}

json::object versionedMembers(const Definition& definition)
{
    json::object object;
    object["id"] = jsonText(definition.id);
    object["type"] = jsonText(definition.type);
    object["name"] = jsonText(definition.name);
    object["config"] = configValue(definition.config);
    object["on_error"] = jsonText(onErrorName(definition.onError));
    object["agent_text"] = jsonText(agentTextName(definition.agentText));
    return object;
}

bool hasControlCharacter(std::string_view text)
{
    for (const char byte : text) {
        if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F)
            return true;
    }
    return false;
}

} // namespace

std::string_view onErrorName(OnError what) noexcept
{
    return kOnErrorNames[static_cast<std::size_t>(what)];
}

std::string_view agentTextName(AgentText text) noexcept
{
    return kAgentTextNames[static_cast<std::size_t>(text)];
}

std::string toJson(const Definition& definition)
{
    json::object object = versionedMembers(definition);
    object["mode"] = jsonText(conversation::policyModeName(definition.mode));
    return json::serialize(object);
}

std::string versionOf(const Definition& definition)
{
    return toHex(Sha256::of(json::serialize(versionedMembers(definition))));
}

Result<Definition> definitionFromJson(std::string_view text)
{
    const Result<json::value> parsed = parseStrictJson(text);
    if (!parsed)
        return parsed.error();
    const json::object* object = parsed->if_object();
    if (!object)
        return Error{ErrorCode::InvalidInput, "A policy must be one JSON object.", {}};

    ObjectReader reader(*object);
    Definition definition;
    definition.id = reader.requiredText("id");
    if (!isSafeLabel(definition.id))
        reader.reject("id", "This must be 1 to 128 of the characters A-Z a-z 0-9 . _ : -");
    definition.type = reader.requiredText("type");
    definition.name = reader.text("name").value_or(std::string());
    if (definition.name.size() > kMaxNameBytes || hasControlCharacter(definition.name))
        reader.reject("name", "This must be one line of at most 200 bytes.");
    if (const auto mode = reader.choice("mode", kModeNames))
        definition.mode = conversation::policyModeFromName(kModeNames[*mode]).value_or(PolicyMode::Shadow);
    if (const json::object* config = reader.object("config"))
        definition.config = json::serialize(*config);
    definition.onError = static_cast<OnError>(reader.choice("on_error", kOnErrorNames).value_or(0));
    definition.agentText = static_cast<AgentText>(reader.choice("agent_text", kAgentTextNames).value_or(0));
    (void)reader.choice("on_block", kOnBlockNames);
    if (object->contains("scope"))
        reader.reject("scope", "Policies cannot be limited to some clients yet; leave it out.");
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    return definition;
}

} // namespace luthien::policy
