// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

/// The scalar forms of the configuration: sizes, durations, addresses.
namespace luthien::runtime {

/// Where to listen. IPv6 literals are kept without brackets.
struct Endpoint
{
    std::string host;
    std::uint16_t port = 0;

    /// "host:port", IPv6 in brackets.
    [[nodiscard]] std::string toString() const;
    bool operator==(const Endpoint&) const = default;
};

/// "512B", "32KiB", "8MiB", "4GiB". Errors: InvalidArgument.
[[nodiscard]] Result<std::uint64_t> parseSize(std::string_view text);
[[nodiscard]] std::string formatSize(std::uint64_t bytes);

/// "500ms", "10s", "5m", "12h", "30d". Errors: InvalidArgument.
[[nodiscard]] Result<std::chrono::milliseconds> parseDuration(std::string_view text);
[[nodiscard]] std::string formatDuration(std::chrono::milliseconds duration);

/// "127.0.0.1:4000", "[::1]:0", "localhost:4000". Errors: InvalidArgument.
[[nodiscard]] Result<Endpoint> parseEndpoint(std::string_view text);

/// A whole decimal number. Errors: InvalidArgument.
[[nodiscard]] Result<std::uint64_t> parseCount(std::string_view text);

/// True for 127.0.0.0/8, ::1 and localhost: hosts nobody else can reach.
[[nodiscard]] bool isLoopbackHost(std::string_view host) noexcept;

} // namespace luthien::runtime
