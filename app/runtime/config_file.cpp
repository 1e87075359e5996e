// SPDX-License-Identifier: Apache-2.0
#include "runtime/config_file.h"

#include "runtime/config_keys.h"
#include "runtime/policy_yaml.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

namespace luthien::runtime {

namespace {
constexpr std::uintmax_t kMaxFileBytes = 1024 * 1024;

/// Takes one YAML document apart.
class YamlConfig
{
public:
    YamlConfig(Config& config, const std::string& name, ValueOrigin origin)
        : m_config(config)
        , m_name(name)
        , m_origin(origin)
    {
    }

    Result<void> apply(const YAML::Node& root)
    {
        if (!root.IsMap())
            return root.IsNull() ? Result<void>() : fail(root, "the file must be a list of settings, 'name: value'");
        return applySection(root, "");
    }

private:
    Result<void> applySection(const YAML::Node& section, const std::string& prefix)
    {
        if (auto unique = checkKeysUnique(section); !unique)
            return unique;
        for (const auto& entry : section) {
            if (auto applied = applyEntry(entry.first, entry.second, prefix); !applied)
                return applied;
        }
        return {};
    }

    Result<void> applyEntry(const YAML::Node& key, const YAML::Node& value, const std::string& prefix)
    {
        const std::string path = prefix + key.Scalar();
        if (const ConfigKey* scalar = findConfigKey(path))
            return applyScalar(*scalar, value);
        if (m_origin == ValueOrigin::Stored)
            return fail(key, "'" + path + "' is no setting that the program keeps");
        if (path == "upstreams")
            return applyList(path, value, &YamlConfig::applyUpstream);
        if (path == "policies")
            return applyList(path, value, &YamlConfig::applyPolicy);
        if (path == "clients.origins" || path == "clients.hosts")
            return applyTexts(path, value);
        if (!isSection(path))
            return fail(key, "unknown setting '" + path + "'" + suggestion(path));
        if (!value.IsMap())
            return fail(value.IsDefined() && !value.IsNull() ? value : key, "'" + path + "' holds settings of its own");
        return applySection(value, path + '.');
    }

    Result<void> applyScalar(const ConfigKey& key, const YAML::Node& value)
    {
        if (!value.IsScalar())
            return fail(value, "'" + key.path + "' takes one value");
        if (auto set = key.set(m_config, value.Scalar()); !set)
            return fail(value, "'" + key.path + "': " + set.error().message);
        m_config.valueSources[key.path] = {m_origin, place(value)};
        return {};
    }

    Result<void> applyTexts(const std::string& path, const YAML::Node& list)
    {
        if (!list.IsSequence())
            return fail(list, "'" + path + "' is a list");
        auto& target = path == "clients.origins" ? m_config.origins : m_config.hosts;
        target.clear();
        for (const auto& item : list) {
            if (!item.IsScalar() || item.Scalar().empty() || item.Scalar() == "*")
                return fail(item, "'" + path + "' lists exact values; there are no wildcards");
            target.push_back(item.Scalar());
        }
        m_config.valueSources[path] = {m_origin, place(list)};
        return {};
    }

    using ApplyItem = Result<void> (YamlConfig::*)(const YAML::Node&);
    Result<void> applyList(const std::string& path, const YAML::Node& list, ApplyItem applyItem)
    {
        if (!list.IsSequence())
            return fail(list, "'" + path + "' is a list");
        if (path == "upstreams")
            m_config.upstreams.clear();
        for (const auto& item : list) {
            if (!item.IsMap())
                return fail(item, "each of '" + path + "' is a set of 'name: value'");
            if (auto unique = checkKeysUnique(item); !unique)
                return unique;
            if (auto applied = (this->*applyItem)(item); !applied)
                return applied;
        }
        m_config.valueSources[path] = {m_origin, place(list)};
        return {};
    }

    Result<void> applyUpstream(const YAML::Node& item)
    {
        UpstreamConfig upstream;
        bool hasApi = false;
        for (const auto& entry : item) {
            const std::string& key = entry.first.Scalar();
            if (!entry.second.IsScalar())
                return fail(entry.first, "'" + key + "' takes one value");
            if (auto set = setUpstreamField(upstream, key, entry.second.Scalar()); !set)
                return fail(entry.first, set.error().message);
            hasApi = hasApi || key == "api";
        }
        if (upstream.name.empty() || upstream.baseUrl.empty() || !hasApi)
            return fail(item, "an upstream needs name, base_url and api");
        if (std::ranges::find(m_config.upstreams, upstream.name, &UpstreamConfig::name) != m_config.upstreams.end())
            return fail(item, "there are two upstreams called '" + upstream.name + "'");
        m_config.upstreams.push_back(std::move(upstream));
        return {};
    }

    static Result<void> setUpstreamField(UpstreamConfig& upstream, const std::string& key, const std::string& text)
    {
        const auto invalid = [](std::string message) {
            return Error{.code = ErrorCode::InvalidInput, .message = std::move(message)};
        };
        if (key == "name") {
            if (!isUpstreamName(text))
                return invalid("'" + text + "' cannot name an upstream: use lower-case letters, digits and '-', " +
                               "begin with a letter, and not v1, v1beta or api");
            upstream.name = text;
        } else if (key == "base_url") {
            if (const auto url = proxy::parseBaseUrl(text); !url)
                return url.error();
            upstream.baseUrl = text;
        } else if (key == "api") {
            const auto family = proxy::apiFamilyFromName(text);
            if (!family)
                return invalid("'" + text + "' is no api; write anthropic-messages, openai, gemini, ollama or other");
            upstream.api = *family;
        } else if (key == "credential") {
            const auto credential = parseCredential(text);
            if (!credential)
                return credential.error();
            upstream.credential = *credential;
        } else {
            return invalid("unknown setting '" + key + "' of an upstream; there are name, base_url, api, credential");
        }
        return {};
    }

    Result<void> applyPolicy(const YAML::Node& item)
    {
        auto definition = definitionFromYaml(item);
        if (!definition) {
            const Error& error = definition.error();
            const YAML::Node id = item["id"];
            const std::string which = id.IsDefined() && id.IsScalar() ? "policy '" + id.Scalar() + "': " : "policy: ";
            return fail(entryOf(item, error.context),
                        which + (error.context.empty() ? "" : error.context + ": ") + error.message);
        }
        const auto hasSameId = [&](const PolicyConfig& other) { return other.definition.id == definition->id; };
        if (std::ranges::any_of(m_config.policies, hasSameId))
            return fail(item, "there are two policies with the id '" + definition->id + "'");
        m_config.policies.push_back({.definition = *std::move(definition), .place = place(item)});
        return {};
    }

    /// The line that an error about "config.rules" is told for, or that of the whole.
    static YAML::Node entryOf(const YAML::Node& item, const std::string& member)
    {
        const std::string name = member.substr(0, member.find_first_of(".["));
        for (const auto& entry : item) {
            if (entry.first.Scalar() == name)
                return entry.first;
        }
        return item;
    }

    static bool isUpstreamName(std::string_view name)
    {
        constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
        constexpr std::string_view kAll = "abcdefghijklmnopqrstuvwxyz0123456789-";
        return !name.empty() && name.size() <= 64 && kLetters.find(name.front()) != std::string_view::npos &&
               name.find_first_not_of(kAll) == std::string_view::npos && name != "v1" && name != "v1beta" &&
               name != "api";
    }

    Result<void> checkKeysUnique(const YAML::Node& section) const
    {
        std::set<std::string> seen;
        for (const auto& entry : section) {
            if (!entry.first.IsScalar())
                return fail(entry.first, "a setting's name is plain text");
            if (!seen.insert(entry.first.Scalar()).second)
                return fail(entry.first, "'" + entry.first.Scalar() + "' is set twice");
        }
        return {};
    }

    static bool isSection(const std::string& path)
    {
        return std::ranges::any_of(configKeys(),
                                   [&](const ConfigKey& key) { return key.path.starts_with(path + '.'); });
    }

    /// The setting of the same last name elsewhere, or nothing.
    static std::string suggestion(const std::string& path)
    {
        const std::string last = path.substr(path.rfind('.') + 1);
        for (const ConfigKey& key : configKeys()) {
            if (key.path.substr(key.path.rfind('.') + 1) == last)
                return "; did you mean '" + key.path + "'?";
        }
        return "; docs/configuration.md lists all of them";
    }

    [[nodiscard]] std::string place(const YAML::Node& node) const
    {
        return m_name + ':' + std::to_string(node.Mark().line + 1);
    }
    [[nodiscard]] Error fail(const YAML::Node& node, std::string message) const
    {
        return {.code = ErrorCode::InvalidInput, .message = std::move(message), .context = place(node)};
    }

    Config& m_config;
    const std::string& m_name;
    const ValueOrigin m_origin; ///< Stored = one value each, no lists
};
} // namespace

namespace {
Result<void> apply(Config& config, std::string_view text, const std::string& name, ValueOrigin origin)
{
    try {
        const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(text));
        if (documents.size() > 1)
            return Error{.code = ErrorCode::InvalidInput, .message = "one document is expected", .context = name};
        return documents.empty() ? Result<void>() : YamlConfig(config, name, origin).apply(documents.front());
    } catch (const YAML::Exception& error) {
        return Error{.code = ErrorCode::InvalidInput,
                     .message = "not valid YAML: " + error.msg,
                     .context = name + ':' + std::to_string(error.mark.line + 1)};
    }
}

} // namespace

Result<void> applyYaml(Config& config, std::string_view text, const std::string& name)
{
    return apply(config, text, name, ValueOrigin::File);
}

Result<void> applyStoredYaml(Config& config, std::string_view text, const std::string& name)
{
    return apply(config, text, name, ValueOrigin::Stored);
}

Result<void> applyFile(Config& config, const std::filesystem::path& file)
{
    std::error_code failure;
    const std::uintmax_t size = std::filesystem::file_size(file, failure);
    if (failure)
        return Error{.code = failure == std::errc::no_such_file_or_directory ? ErrorCode::NotFound : ErrorCode::Io,
                     .message = "cannot read the configuration file: " + failure.message(),
                     .context = file.string()};
    if (size > kMaxFileBytes)
        return Error{.code = ErrorCode::TooLarge, .message = "is larger than 1MiB", .context = file.string()};
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    if (!(text << stream.rdbuf()) && size != 0)
        return Error{.code = ErrorCode::Io, .message = "cannot be read", .context = file.string()};
    return applyYaml(config, text.str(), file.string());
}

} // namespace luthien::runtime
