// SPDX-License-Identifier: Apache-2.0
#include "runtime/config_keys.h"

#include "store/database_location.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>

namespace luthien::runtime {

namespace {
constexpr std::uint64_t kKiB = 1ULL << 10U;
constexpr std::uint64_t kMiB = 1ULL << 20U;
constexpr std::uint64_t kGiB = 1ULL << 30U;
using std::chrono::milliseconds;
constexpr milliseconds kLeastDuration(1);
constexpr milliseconds kMostDuration = std::chrono::days(3650);

Error outOfRange(std::string_view text, const std::string& least, const std::string& most)
{
    return {.code = ErrorCode::InvalidArgument,
            .message = '\'' + std::string(text) + "' is out of range; " + least + " to " + most + " is possible"};
}

struct SizeRange
{
    std::uint64_t least;
    std::uint64_t most;
};

template <typename Access>
ConfigKey sizeKey(std::string path, Access access, SizeRange range)
{
    return {std::move(path),
            [access, range](Config& config, std::string_view text) -> Result<void> {
                const auto bytes = parseSize(text);
                if (!bytes)
                    return bytes.error();
                if (*bytes < range.least || *bytes > range.most)
                    return outOfRange(text, formatSize(range.least), formatSize(range.most));
                access(config) = *bytes;
                return {};
            },
            [access](const Config& config) { return formatSize(access(config)); }};
}

enum class Off : std::uint8_t { Refused, Allowed };

template <typename Access>
ConfigKey durationKey(std::string path, Access access, Off off = Off::Refused)
{
    return {std::move(path),
            [access, off](Config& config, std::string_view text) -> Result<void> {
                if (off == Off::Allowed && text == "off") {
                    access(config) = milliseconds(0);
                    return {};
                }
                const auto duration = parseDuration(text);
                if (!duration)
                    return duration.error();
                if (*duration < kLeastDuration || *duration > kMostDuration)
                    return outOfRange(text, formatDuration(kLeastDuration), formatDuration(kMostDuration));
                access(config) = *duration;
                return {};
            },
            [access, off](const Config& config) {
                const milliseconds value = access(config);
                return off == Off::Allowed && value.count() == 0 ? std::string("off") : formatDuration(value);
            }};
}

template <typename Access>
ConfigKey countKey(std::string path, Access access, std::uint64_t most)
{
    return {std::move(path),
            [access, most](Config& config, std::string_view text) -> Result<void> {
                const auto count = parseCount(text);
                if (!count)
                    return count.error();
                if (*count < 1 || *count > most)
                    return outOfRange(text, "1", std::to_string(most));
                auto& target = access(config);
                target = static_cast<std::remove_reference_t<decltype(target)>>(*count);
                return {};
            },
            [access](const Config& config) { return std::to_string(access(config)); }};
}

/// A text of which the check says whether it has the right form.
template <typename Access>
ConfigKey textKey(std::string path, Access access, bool (*isValid)(std::string_view), std::string_view form)
{
    return {std::move(path),
            [access, isValid, form](Config& config, std::string_view text) -> Result<void> {
                if (!isValid(text))
                    return Error{.code = ErrorCode::InvalidArgument,
                                 .message =
                                     '\'' + std::string(text) + "' is not possible here; write " + std::string(form)};
                access(config) = text;
                return {};
            },
            [access](const Config& config) { return access(config); }};
}

bool isRate(std::string_view text)
{
    const std::size_t slash = text.find('/');
    if (text == "off" || slash == std::string_view::npos)
        return text == "off";
    const auto count = parseCount(text.substr(0, slash));
    const std::string_view per = text.substr(slash + 1);
    return count && *count > 0 && (per == "s" || per == "m" || per == "h");
}

/// Unlike textKey it never repeats what was written: there may be a password in it.
ConfigKey databaseKey()
{
    return {"database",
            [](Config& config, std::string_view text) -> Result<void> {
                if (auto checked = store::checkDatabaseUrl(text); !checked)
                    return Error{.code = ErrorCode::InvalidArgument, .message = checked.error().message};
                config.database = text;
                return {};
            },
            [](const Config& config) { return config.database; }};
}

bool isOtlp(std::string_view text)
{
    return text == "off" || text.starts_with("http://") || text.starts_with("https://");
}

bool isLogLevel(std::string_view text)
{
    constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warning", "error"};
    return std::ranges::find(kLevels, text) != kLevels.end();
}

ConfigKey listenKey()
{
    return {"listen",
            [](Config& config, std::string_view text) -> Result<void> {
                auto endpoint = parseEndpoint(text);
                if (!endpoint)
                    return endpoint.error();
                config.listen = *std::move(endpoint);
                return {};
            },
            [](const Config& config) { return config.listen.toString(); }};
}

ConfigKey controlKey()
{
    return {"control",
            [](Config& config, std::string_view text) -> Result<void> {
                if (text == "off") {
                    config.control.reset();
                    return {};
                }
                auto endpoint = parseEndpoint(text);
                if (!endpoint)
                    return endpoint.error();
                config.control = *std::move(endpoint);
                return {};
            },
            [](const Config& config) { return config.control ? config.control->toString() : "off"; }};
}

ConfigKey workersKey()
{
    ConfigKey key = countKey("workers", [](auto& config) -> auto& { return config.workers; }, 256);
    return {key.path,
            [set = key.set](Config& config, std::string_view text) -> Result<void> {
                if (text != "auto")
                    return set(config, text);
                config.workers = 0;
                return {};
            },
            [](const Config& config) { return config.workers == 0 ? "auto" : std::to_string(config.workers); }};
}

ConfigKey authKey()
{
    return {"clients.auth",
            [](Config& config, std::string_view text) -> Result<void> {
                if (text != "none" && text != "token")
                    return Error{.code = ErrorCode::InvalidArgument,
                                 .message = '\'' + std::string(text) + "' is not possible here; write none or token"};
                config.auth = text == "none" ? ClientAuth::None : ClientAuth::Token;
                return {};
            },
            [](const Config& config) { return config.auth == ClientAuth::None ? "none" : "token"; }};
}

ConfigKey secretsKey()
{
    return {"secrets",
            [](Config& config, std::string_view text) -> Result<void> {
                for (const SecretPlace place : {SecretPlace::Keychain, SecretPlace::File, SecretPlace::Off}) {
                    if (text != secretPlaceName(place))
                        continue;
                    config.secrets = place;
                    return {};
                }
                return Error{.code = ErrorCode::InvalidArgument,
                             .message =
                                 '\'' + std::string(text) + "' is not possible here; write keychain, file or off"};
            },
            [](const Config& config) { return std::string(secretPlaceName(config.secrets)); }};
}

void addGeneralKeys(std::vector<ConfigKey>& keys)
{
    keys.push_back(listenKey());
    keys.push_back(controlKey());
    keys.push_back(workersKey());
    keys.push_back(databaseKey());
    keys.push_back(secretsKey());
    keys.push_back(authKey());
}

void addLimitKeys(std::vector<ConfigKey>& keys)
{
    keys.push_back(
        sizeKey("limits.header", [](auto& config) -> auto& { return config.limits.headerBytes; }, {kKiB, kMiB}));
    keys.push_back(sizeKey("limits.request_body", [](auto& config) -> auto& { return config.limits.requestBodyBytes; },
                           {kKiB, kGiB}));
    keys.push_back(
        sizeKey("limits.held_call", [](auto& config) -> auto& { return config.limits.heldCallBytes; }, {kKiB, kGiB}));
    keys.push_back(countKey("limits.streams", [](auto& config) -> auto& { return config.limits.streams; }, 1'000'000));
    keys.push_back(durationKey("limits.connect", [](auto& config) -> auto& { return config.limits.connect; }));
    keys.push_back(durationKey("limits.idle", [](auto& config) -> auto& { return config.limits.idle; }));
    keys.push_back(
        durationKey("limits.total", [](auto& config) -> auto& { return config.limits.total; }, Off::Allowed));
    keys.push_back(durationKey("limits.approval", [](auto& config) -> auto& { return config.approval; }));
    keys.push_back(durationKey("limits.heartbeat", [](auto& config) -> auto& { return config.limits.heartbeat; }));
    keys.push_back(textKey(
        "limits.rate_per_client", [](auto& config) -> auto& { return config.ratePerClient; }, isRate,
        "off or calls per second, minute or hour, such as 60/m"));
}

void addUpstreamKeys(std::vector<ConfigKey>& keys)
{
    keys.push_back(countKey("retry.attempts", [](auto& config) -> auto& { return config.retryAttempts; }, 10));
    keys.push_back(durationKey("retry.base", [](auto& config) -> auto& { return config.retryBase; }));
    keys.push_back(durationKey("retry.cap", [](auto& config) -> auto& { return config.retryCap; }));
    keys.push_back(countKey("breaker.failures", [](auto& config) -> auto& { return config.breakerFailures; }, 1000));
    keys.push_back(durationKey("breaker.open_for", [](auto& config) -> auto& { return config.breakerOpenFor; }));
}

void addStoreKeys(std::vector<ConfigKey>& keys)
{
    keys.push_back(sizeKey("store.journal_quota", [](auto& config) -> auto& { return config.journalQuotaBytes; },
                           {64 * kMiB, 1024 * kGiB}));
    keys.push_back(textKey(
        "store.when_full", [](auto& config) -> auto& { return config.whenFull; },
        [](std::string_view text) { return text == "stop"; }, "stop"));
    keys.push_back(
        durationKey("retention.bodies", [](auto& config) -> auto& { return config.retainBodies; }, Off::Allowed));
    keys.push_back(
        durationKey("retention.metadata", [](auto& config) -> auto& { return config.retainMetadata; }, Off::Allowed));
    keys.push_back(textKey(
        "telemetry.otlp", [](auto& config) -> auto& { return config.otlp; }, isOtlp,
        "off or the http(s) address of a collector"));
    keys.push_back(textKey(
        "telemetry.logs", [](auto& config) -> auto& { return config.logs; }, isLogLevel,
        "debug, info, warning or error"));
}
/// What asks for the value each time, and what took it at the start.
TakesEffect effectOf(std::string_view path)
{
    if (path == "limits.approval" || path == "limits.rate_per_client")
        return TakesEffect::AfterRestart;
    if (path.starts_with("retry.") || path.starts_with("breaker."))
        return TakesEffect::NotYet;
    const bool isAtOnce = path.starts_with("limits.") || path.starts_with("retention.") || path == "telemetry.logs";
    return isAtOnce ? TakesEffect::AtOnce : TakesEffect::AfterRestart;
}
} // namespace

std::span<const ConfigKey> configKeys()
{
    static const std::vector<ConfigKey> keys = [] {
        std::vector<ConfigKey> all;
        addGeneralKeys(all);
        addLimitKeys(all);
        addUpstreamKeys(all);
        addStoreKeys(all);
        for (ConfigKey& key : all)
            key.effect = effectOf(key.path);
        return all;
    }();
    return keys;
}

const ConfigKey* findConfigKey(std::string_view path)
{
    const auto keys = configKeys();
    const auto found = std::ranges::find(keys, path, &ConfigKey::path);
    return found == keys.end() ? nullptr : &*found;
}

std::string environmentName(std::string_view path)
{
    std::string name = "LUTHIEN_";
    for (const char letter : path) {
        if (letter == '.')
            name += "__";
        else
            name += static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    }
    return name;
}

Result<Credential> parseCredential(std::string_view text)
{
    if (text == "passthrough")
        return Credential{};
    if (text.starts_with("env:") && text.size() > 4)
        return Credential{.source = Credential::Source::Environment, .name = std::string(text.substr(4))};
    if (text.starts_with("secret:") && text.size() > 7)
        return Credential{.source = Credential::Source::Secret, .name = std::string(text.substr(7))};
    // What was written may be the key itself: it is not repeated.
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "a credential is passthrough, env:VARIABLE or secret:NAME; a key never stands here itself"};
}

} // namespace luthien::runtime
