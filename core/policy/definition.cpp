// SPDX-License-Identifier: Apache-2.0
#include "policy/definition.h"

#include "base/ids.h"
#include "base/sha256.h"
#include "base/strict_json.h"
#include "policy/call_scope.h"
#include "policy/object_reader.h"

#include <boost/json/array.hpp>
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
constexpr std::array<std::string_view, 3> kOnBlockNames{"replace", "end", "retry"};
constexpr std::size_t kMaxNameBytes = 200;

/// The lists of a scope, in the order they are written.
struct ScopeList
{
    std::string_view name;
    std::vector<std::string> Scope::* globs;
};
constexpr std::array<ScopeList, 6> kScopeLists{{{"clients", &Scope::clients},
                                                {"models", &Scope::models},
                                                {"upstreams", &Scope::upstreams},
                                                {"tools", &Scope::tools},
                                                {"sessions", &Scope::sessions},
                                                {"agents", &Scope::agents}}};

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

json::object scopeObject(const Scope& scope)
{
    json::object object;
    for (const ScopeList& list : kScopeLists) {
        if ((scope.*list.globs).empty())
            continue;
        json::array globs;
        for (const std::string& glob : scope.*list.globs)
            globs.push_back(jsonText(glob));
        object[list.name] = std::move(globs);
    }
    return object;
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
    // What is as it was before there was a choice is left out: a definition keeps the version it had then.
    if (definition.onBlock != OnBlock::Replace)
        object["on_block"] = jsonText(onBlockName(definition.onBlock));
    if (definition.scope != Scope())
        object["scope"] = scopeObject(definition.scope);
    return object;
}

Result<Scope> readScope(const json::object& object)
{
    ObjectReader reader(object, "scope");
    Scope scope;
    for (const ScopeList& list : kScopeLists)
        scope.*list.globs = reader.texts(list.name, EmptyTexts::Allowed).value_or(std::vector<std::string>());
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    if (const Result<CallScope> compiled = CallScope::compile(scope); !compiled)
        return compiled.error();
    return scope;
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

std::string_view onBlockName(OnBlock what) noexcept
{
    return kOnBlockNames[static_cast<std::size_t>(what)];
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
    definition.onBlock = static_cast<OnBlock>(reader.choice("on_block", kOnBlockNames).value_or(0));
    if (const json::object* scope = reader.object("scope")) {
        Result<Scope> read = readScope(*scope);
        if (!read)
            return read.error();
        definition.scope = std::move(*read);
    }
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    return definition;
}

} // namespace luthien::policy
