// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/secrets.h"

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::runtime {

struct Config;

/// The keys of upstreams ("credential: secret:NAME"), kept by the user's keychain or, with secrets: file, each in a
/// file of its own (0600) beside the configuration. Never in the data directory, the database, a log or an export. Each
/// function waits for the keychain in an event loop of its own, for programs that have nothing else to do. Errors of
/// all: NotFound, Unavailable and Timeout of the keychain, InvalidArgument for a name or a text that cannot be one,
/// Unsupported if secrets are off, those of private files.
class UpstreamSecrets
{
public:
    static constexpr std::size_t kMaxBytes = 4096;

    UpstreamSecrets(SecretPlace place, Variables environment, std::chrono::milliseconds wait);

    [[nodiscard]] Result<std::string> read(std::string_view name) const;
    /// Visible ASCII only: it becomes part of a header.
    [[nodiscard]] Result<void> write(std::string_view name, std::string_view text) const;
    [[nodiscard]] Result<void> remove(std::string_view name) const;
    /// Ascending. What another program put into the keychain is not among them.
    [[nodiscard]] Result<std::vector<std::string>> names() const;

private:
    [[nodiscard]] std::filesystem::path fileOf(std::string_view name) const;
    [[nodiscard]] Result<std::string> readFromKeychain(const std::string& entry) const;
    [[nodiscard]] Result<void> writeToKeychain(const std::string& entry, const std::string& text) const;
    [[nodiscard]] Result<void> list(std::string_view name, bool isThere) const;
    [[nodiscard]] Result<std::vector<std::string>> listed() const;

    const SecretPlace m_place;
    const Variables m_environment;
    const std::chrono::milliseconds m_wait;
};

/// What the upstreams of a configuration name, by name. Errors: the first that cannot be had, with what to do.
[[nodiscard]] Result<std::map<std::string, std::string>> secretsOf(const Config& config,
                                                                   const UpstreamSecrets& secrets);

} // namespace luthien::runtime
