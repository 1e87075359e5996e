// SPDX-License-Identifier: Apache-2.0
#include "daemon/agents.h"

#include <boost/json.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace luthien::daemon {

namespace {
namespace json = boost::json;

constexpr const char* kTokenField = "x-luthien-token";
constexpr const char* kTokenVariable = "LUTHIEN_CLIENT_TOKEN";

std::string valueOf(const runtime::Variables& environment, const std::string& name)
{
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
}

void appendTo(runtime::Variables& environment, const std::string& name, const std::string& item, char separator)
{
    std::string& value = environment[name];
    if (!value.empty())
        value += separator;
    value += item;
}

/// What the SDKs of the providers read; enough for any program that is built on one.
void setCommonVariables(AgentLaunch& launch, const ProxyAddress& proxy)
{
    auto& environment = launch.environment;
    environment["ANTHROPIC_BASE_URL"] = proxy.url;
    environment["OPENAI_BASE_URL"] = proxy.url + "/v1";
    environment["OPENAI_API_BASE"] = proxy.url + "/v1";
    environment["GOOGLE_GEMINI_BASE_URL"] = proxy.url;
    for (const char* name : {"NO_PROXY", "no_proxy"})
        appendTo(environment, name, "127.0.0.1,localhost,::1", ',');
    if (!proxy.clientToken.empty())
        environment[kTokenVariable] = proxy.clientToken;
}

Result<void> addClaudeCode(AgentLaunch& launch, const ProxyAddress& proxy)
{
    if (!proxy.clientToken.empty())
        appendTo(launch.environment, "ANTHROPIC_CUSTOM_HEADERS", std::string(kTokenField) + ": " + proxy.clientToken,
                 '\n');
    return {};
}

Result<void> addGeminiCli(AgentLaunch& launch, const ProxyAddress& proxy)
{
    if (!proxy.clientToken.empty())
        appendTo(launch.environment, "GEMINI_CLI_CUSTOM_HEADERS", std::string(kTokenField) + ":" + proxy.clientToken,
                 ',');
    return {};
}

/// True if Codex is logged in with a ChatGPT account, whose calls go to another address than those with an API key.
bool codexUsesChatGpt(const runtime::Variables& environment)
{
    if (!valueOf(environment, "OPENAI_API_KEY").empty())
        return false;
    std::filesystem::path home = valueOf(environment, "CODEX_HOME");
    if (home.empty())
        home = std::filesystem::path(valueOf(environment, "HOME")) / ".codex";
    std::ifstream file(home / "auth.json");
    std::ostringstream text;
    text << file.rdbuf();
    json::error_code failure;
    const json::value parsed = json::parse(text.str(), failure);
    const json::value* tokens = !failure && parsed.is_object() ? parsed.get_object().if_contains("tokens") : nullptr;
    return tokens != nullptr && tokens->is_object();
}

/// Codex reads no base URL from the environment that also turns its WebSocket off: it gets a provider of its own.
Result<void> addCodex(AgentLaunch& launch, const ProxyAddress& proxy)
{
    const bool chatGpt = codexUsesChatGpt(launch.environment);
    const bool hasKey = !valueOf(launch.environment, "OPENAI_API_KEY").empty();
    std::string provider = R"(model_providers.luthien={name="Luthien",wire_api="responses",base_url=")" + proxy.url +
                           (chatGpt ? "/chatgpt/backend-api/codex" : "/v1") + '"' +
                           (hasKey ? R"(,env_key="OPENAI_API_KEY")" : ",requires_openai_auth=true");
    if (!proxy.clientToken.empty())
        provider += std::string(",env_http_headers={\"") + kTokenField + "\"=\"" + kTokenVariable + "\"}";
    provider += '}';
    const std::array<std::string, 4> overrides{"-c", R"(model_provider="luthien")", "-c", provider};
    launch.arguments.insert(launch.arguments.begin(), overrides.begin(), overrides.end());
    return {};
}

json::object& objectIn(json::object& parent, std::string_view name)
{
    json::value& child = parent[json::string_view(name.data(), name.size())];
    if (!child.is_object())
        child = json::object();
    return child.get_object();
}

/// OpenCode takes base URLs from its configuration only; what the user passes in the same variable is kept.
Result<void> addOpenCode(AgentLaunch& launch, const ProxyAddress& proxy)
{
    constexpr const char* kVariable = "OPENCODE_CONFIG_CONTENT";
    json::value config = json::object();
    if (const std::string own = valueOf(launch.environment, kVariable); !own.empty()) {
        json::error_code failure;
        config = json::parse(own, failure);
        if (failure || !config.is_object())
            return Error{.code = ErrorCode::InvalidInput,
                         .message = "is not a JSON object, so that the proxy's address cannot be added to it",
                         .context = kVariable};
    }
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kProviders{
        {{"anthropic", "/v1"}, {"openai", "/v1"}, {"google", "/v1beta"}}};
    json::object& providers = objectIn(config.get_object(), "provider");
    for (const auto& [name, path] : kProviders) {
        json::object& options = objectIn(objectIn(providers, name), "options");
        options["baseURL"] = proxy.url + std::string(path);
        if (!proxy.clientToken.empty())
            objectIn(options, "headers")[kTokenField] = proxy.clientToken;
    }
    launch.environment[kVariable] = json::serialize(config);
    return {};
}

struct AgentRule
{
    std::string_view program;
    Result<void> (*add)(AgentLaunch&, const ProxyAddress&);
};

constexpr std::array kAgents{
    AgentRule{"claude", addClaudeCode},
    AgentRule{"codex", addCodex},
    AgentRule{"gemini", addGeminiCli},
    AgentRule{"opencode", addOpenCode},
};
} // namespace

Result<AgentLaunch> pointedAtProxy(AgentLaunch launch, const ProxyAddress& proxy)
{
    setCommonVariables(launch, proxy);
    const std::string name = std::filesystem::path(launch.program).filename().string();
    for (const AgentRule& agent : kAgents) {
        if (agent.program != name)
            continue;
        if (auto added = agent.add(launch, proxy); !added)
            return added.error();
    }
    return launch;
}

} // namespace luthien::daemon
