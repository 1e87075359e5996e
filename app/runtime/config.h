// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "policy/definition.h"
#include "proxy/config.h"
#include "runtime/config_values.h"
#include "runtime/secrets.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace luthien::runtime {

enum class Program : std::uint8_t { Daemon, Desktop };

/// Who decided a value; a later one wins over an earlier one.
enum class ValueOrigin : std::uint8_t { Default, Stored, File, Environment, CommandLine };
[[nodiscard]] std::string_view valueOriginName(ValueOrigin origin) noexcept;

struct ValueSource
{
    ValueOrigin origin = ValueOrigin::Default;
    std::string place; ///< file and line, variable or option; empty for a default
    bool operator==(const ValueSource&) const = default;
};

/// When a value that changes while the program runs counts.
enum class TakesEffect : std::uint8_t {
    AtOnce,
    AfterRestart,
    NotYet, ///< nothing asks for it in this version
};

/// How an upstream is paid: by the client's own key, or by ours.
struct Credential
{
    enum class Source : std::uint8_t { Passthrough, Environment, Secret };
    Source source = Source::Passthrough;
    std::string name; ///< of the variable or the secret

    [[nodiscard]] std::string toString() const;
    bool operator==(const Credential&) const = default;
};

struct UpstreamConfig
{
    std::string name;
    std::string baseUrl;
    proxy::ApiFamily api = proxy::ApiFamily::Other;
    Credential credential;
    bool operator==(const UpstreamConfig&) const = default;
};

struct PolicyConfig
{
    policy::Definition definition;
    std::string place; ///< file and line, for messages
    bool operator==(const PolicyConfig&) const = default;
};

enum class ClientAuth : std::uint8_t { None, Token };

/// Every setting of design.md section 9 with its default. Thread: immutable once loaded.
struct Config
{
    Program program = Program::Daemon;
    Endpoint listen{.host = "127.0.0.1", .port = 4000};
    std::optional<Endpoint> control; ///< absent = off
    std::uint32_t workers = 0;       ///< 0 = one per core
    std::string database = "sqlite";
    SecretPlace secrets = SecretPlace::Keychain;
    ClientAuth auth = ClientAuth::None;
    std::vector<std::string> origins;
    std::vector<std::string> hosts; ///< exact Host values let in beside the loopback names
    std::vector<UpstreamConfig> upstreams;
    std::vector<PolicyConfig> policies;
    /// A fresh data directory gets Policies::firstPolicy() if the file names none: the desktop's default.
    bool offersFirstPolicy = false;

    proxy::Limits limits;
    std::chrono::milliseconds approval{120'000};
    std::string ratePerClient = "off"; ///< or calls per time, e.g. "60/m"

    std::uint32_t retryAttempts = 2;
    std::chrono::milliseconds retryBase{500};
    std::chrono::milliseconds retryCap{8'000};
    std::uint32_t breakerFailures = 5;
    std::chrono::milliseconds breakerOpenFor{10'000};

    std::uint64_t journalQuotaBytes = 4ULL << 30U;
    std::string whenFull = "stop";
    std::chrono::milliseconds retainBodies = std::chrono::days(30);
    std::chrono::milliseconds retainMetadata = std::chrono::days(180);
    std::string otlp = "off";
    std::string logs = "info";

    /// Where each value comes from, by its key ("limits.idle"); what is missing is a default.
    std::map<std::string, ValueSource, std::less<>> valueSources;

    [[nodiscard]] ValueSource sourceOf(std::string_view key) const;
    [[nodiscard]] ValueOrigin originOf(std::string_view key) const { return sourceOf(key).origin; }
};

/// What a program knows before it reads the configuration.
struct ConfigSources
{
    Program program = Program::Daemon;
    std::filesystem::path storedSettings; ///< what was made in the program, see applyStoredSettings(); empty = nothing
    std::filesystem::path file;           ///< empty = none
    bool fileMustExist = false;           ///< the user named it
    std::map<std::string, std::string> environment;
    std::vector<std::pair<std::string, std::string>> commandLine; ///< key and value, e.g. {"listen", "127.0.0.1:0"}
};

[[nodiscard]] Config defaultConfig(Program program);
/// Default, then what was stored, then file, then environment, then command line. Errors: those of asWrongUse(), with
/// file and line.
[[nodiscard]] Result<Config> loadConfig(const ConfigSources& sources);
/// What is wrong with a configuration, told as wrong use: starting again does not help before somebody changed it.
/// Becomes InvalidArgument, which ends the programs with the exit status of wrong use; Io stays.
[[nodiscard]] Error asWrongUse(Error error);

/// What must not be started: anonymous access from outside or to our own keys, a control port others can reach, and
/// everything this version cannot do yet and would have to ignore. Errors: InvalidInput, Unsupported.
[[nodiscard]] Result<void> checkConfig(const Config& config);
/// Settings somebody made that have no effect in this version, one sentence each.
[[nodiscard]] std::vector<std::string> ineffectiveSettings(const Config& config);

/// The variables of this process.
[[nodiscard]] std::map<std::string, std::string> processEnvironment();

} // namespace luthien::runtime
