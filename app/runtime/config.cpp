// SPDX-License-Identifier: Apache-2.0
#include "runtime/config.h"

#include "runtime/config_file.h"
#include "runtime/config_keys.h"
#include "runtime/stored_settings.h"

#include <algorithm>
#include <unistd.h>

namespace luthien::runtime {

namespace {
/// Variables that begin so and hold "__" name a setting; a misspelt one must not be ignored.
constexpr std::string_view kPrefix = "LUTHIEN_";

Result<void> applyEnvironment(Config& config, const std::map<std::string, std::string>& environment)
{
    std::map<std::string, const ConfigKey*, std::less<>> known;
    for (const ConfigKey& key : configKeys())
        known.emplace(environmentName(key.path), &key);
    for (const auto& [name, value] : environment) {
        if (!name.starts_with(kPrefix))
            continue;
        const auto key = known.find(name);
        if (key == known.end()) {
            if (name.find("__") == std::string::npos)
                continue;
            return Error{.code = ErrorCode::InvalidInput, .message = "no setting has this name", .context = name};
        }
        if (auto set = key->second->set(config, value); !set)
            return Error{.code = ErrorCode::InvalidInput, .message = set.error().message, .context = name};
        config.valueSources[key->second->path] = {ValueOrigin::Environment, name};
    }
    return {};
}

Result<void> applyCommandLine(Config& config, const std::vector<std::pair<std::string, std::string>>& options)
{
    for (const auto& [path, value] : options) {
        const ConfigKey* key = findConfigKey(path);
        if (key == nullptr)
            return Error{.code = ErrorCode::InvalidArgument, .message = "no such setting", .context = "--" + path};
        if (auto set = key->set(config, value); !set)
            return Error{.code = ErrorCode::InvalidArgument, .message = set.error().message, .context = "--" + path};
        config.valueSources[path] = {ValueOrigin::CommandLine, "--" + path};
    }
    return {};
}

/// Keys from the environment are taken now, so that a missing one stops the start and not a call.
Result<void> checkCredentials(const Config& config, const std::map<std::string, std::string>& environment)
{
    for (const UpstreamConfig& upstream : config.upstreams) {
        if (upstream.credential.source != Credential::Source::Environment)
            continue;
        const auto variable = environment.find(upstream.credential.name);
        if (variable == environment.end() || variable->second.empty())
            return Error{.code = ErrorCode::InvalidInput,
                         .message = "upstream '" + upstream.name + "' takes its key from the variable " +
                                    upstream.credential.name + ", which is not set"};
        const bool isPlain = std::ranges::all_of(variable->second, [](char c) { return c > ' ' && c < 0x7f; });
        if (!isPlain) // it becomes part of a header: a line end in it would begin another one
            return Error{.code = ErrorCode::InvalidInput,
                         .message = "the key in the variable " + upstream.credential.name +
                                    " holds a space, a line end or another byte that no key has"};
    }
    return {};
}

Error unsupported(std::string message)
{
    return {.code = ErrorCode::Unsupported, .message = std::move(message)};
}

Result<void> checkAccess(const Config& config)
{
    if (config.control && !isLoopbackHost(config.control->host))
        return Error{.code = ErrorCode::InvalidInput,
                     .message = "control listens on loopback only; use 127.0.0.1 or ::1, not " + config.control->host};
    if (config.auth == ClientAuth::Token)
        return {};
    if (!isLoopbackHost(config.listen.host))
        return Error{.code = ErrorCode::InvalidInput,
                     .message = "clients.auth none is for loopback only, but listen is " + config.listen.toString() +
                                "; set clients.auth to token"};
    for (const UpstreamConfig& upstream : config.upstreams) {
        if (upstream.credential.source != Credential::Source::Passthrough)
            return Error{.code = ErrorCode::InvalidInput,
                         .message = "clients.auth none would let anybody use the key of upstream '" + upstream.name +
                                    "'; set clients.auth to token or its credential to passthrough"};
    }
    return {};
}

Result<void> checkSupported(const Config& config)
{
    for (const UpstreamConfig& upstream : config.upstreams) {
        if (upstream.credential.source == Credential::Source::Secret && config.secrets == SecretPlace::Off)
            return Error{.code = ErrorCode::InvalidInput,
                         .message = "upstream '" + upstream.name + "' names " + upstream.credential.toString() +
                                    ", but secrets are off; set secrets to keychain or file"};
    }
    if (config.ratePerClient != "off")
        return unsupported("limits.rate_per_client is not enforced by this version; set it to off");
    if (config.otlp != "off")
        return unsupported("telemetry.otlp is not sent by this version; set it to off");
    return {};
}
} // namespace

std::string_view valueOriginName(ValueOrigin origin) noexcept
{
    switch (origin) {
    case ValueOrigin::Default:
        return "default";
    case ValueOrigin::Stored:
        return "stored";
    case ValueOrigin::File:
        return "file";
    case ValueOrigin::Environment:
        return "environment";
    case ValueOrigin::CommandLine:
        return "command line";
    }
    return "default";
}

std::string Credential::toString() const
{
    switch (source) {
    case Source::Passthrough:
        return "passthrough";
    case Source::Environment:
        return "env:" + name;
    case Source::Secret:
        return "secret:" + name;
    }
    return "passthrough";
}

ValueSource Config::sourceOf(std::string_view key) const
{
    const auto source = valueSources.find(key);
    return source == valueSources.end() ? ValueSource() : source->second;
}

Config defaultConfig(Program program)
{
    using proxy::ApiFamily;
    Config config;
    config.program = program;
    config.offersFirstPolicy = program == Program::Desktop;
    if (program == Program::Daemon)
        config.control = Endpoint{.host = "127.0.0.1", .port = 4001};
    config.upstreams = {
        {.name = "anthropic", .baseUrl = "https://api.anthropic.com", .api = ApiFamily::Anthropic},
        {.name = "openai", .baseUrl = "https://api.openai.com", .api = ApiFamily::OpenAi},
        {.name = "chatgpt", .baseUrl = "https://chatgpt.com", .api = ApiFamily::OpenAi},
        {.name = "gemini", .baseUrl = "https://generativelanguage.googleapis.com", .api = ApiFamily::Gemini},
        {.name = "ollama", .baseUrl = "http://127.0.0.1:11434", .api = ApiFamily::Ollama},
    };
    return config;
}

namespace {
Result<Config> readConfig(const ConfigSources& sources)
{
    Config config = defaultConfig(sources.program);
    if (!sources.storedSettings.empty()) {
        if (auto applied = applyStoredSettings(config, sources.storedSettings); !applied)
            return applied.error();
    }
    if (!sources.file.empty()) {
        const auto read = applyFile(config, sources.file);
        const bool isMissing = !read && read.error().code == ErrorCode::NotFound;
        if (!read && (!isMissing || sources.fileMustExist))
            return read.error();
    }
    if (auto applied = applyEnvironment(config, sources.environment); !applied)
        return applied.error();
    if (auto applied = applyCommandLine(config, sources.commandLine); !applied)
        return applied.error();
    if (auto checked = checkCredentials(config, sources.environment); !checked)
        return checked.error();
    return config;
}
} // namespace

Error asWrongUse(Error error)
{
    if (error.code != ErrorCode::Io)
        error.code = ErrorCode::InvalidArgument;
    return error;
}

Result<Config> loadConfig(const ConfigSources& sources)
{
    auto config = readConfig(sources);
    return config ? config : asWrongUse(config.error());
}

Result<void> checkConfig(const Config& config)
{
    if (auto access = checkAccess(config); !access)
        return access;
    return checkSupported(config);
}

std::vector<std::string> ineffectiveSettings(const Config& config)
{
    std::vector<std::string> sentences;
    for (const std::string_view section : {"retry.", "breaker."}) {
        const bool isSet = std::ranges::any_of(
            config.valueSources, [section](const auto& entry) { return entry.first.starts_with(section); });
        if (isSet)
            sentences.push_back(std::string(section.substr(0, section.find_last_not_of('.') + 1)) +
                                " is set but has no effect in this version");
    }
    return sentences;
}

std::map<std::string, std::string> processEnvironment()
{
    std::map<std::string, std::string> variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        if (const std::size_t equals = text.find('='); equals != std::string_view::npos)
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

} // namespace luthien::runtime
