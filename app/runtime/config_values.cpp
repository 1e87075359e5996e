// SPDX-License-Identifier: Apache-2.0
#include "runtime/config_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <span>
#include <utility>

namespace luthien::runtime {

namespace {
struct Unit
{
    std::string_view name;
    std::uint64_t factor;
};

// Largest first, so that formatting finds the shortest form.
constexpr std::array kSizeUnits{Unit{"GiB", 1ULL << 30U}, Unit{"MiB", 1ULL << 20U}, Unit{"KiB", 1ULL << 10U},
                                Unit{"B", 1}};
constexpr std::array kDurationUnits{Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"m", 60'000}, Unit{"s", 1'000},
                                    Unit{"ms", 1}};

std::optional<std::uint64_t> parseWithUnit(std::string_view text, std::span<const Unit> units)
{
    std::uint64_t number = 0;
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc())
        return std::nullopt;
    const std::string_view name = text.substr(static_cast<std::size_t>(rest - text.data()));
    const auto unit = std::ranges::find(units, name, &Unit::name);
    if (unit == units.end() || number > std::numeric_limits<std::int64_t>::max() / unit->factor)
        return std::nullopt;
    return number * unit->factor;
}

std::string formatWithUnit(std::uint64_t value, std::span<const Unit> units)
{
    const auto fits = [value](const Unit& unit) { return value != 0 && value % unit.factor == 0; };
    const auto unit = std::ranges::find_if(units, fits);
    const Unit& chosen = unit == units.end() ? units.back() : *unit;
    return std::to_string(value / chosen.factor) + std::string(chosen.name);
}

Error invalid(std::string message)
{
    return {.code = ErrorCode::InvalidArgument, .message = std::move(message)};
}
} // namespace

std::string Endpoint::toString() const
{
    const bool isIpv6 = host.find(':') != std::string::npos;
    return (isIpv6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

Result<std::uint64_t> parseSize(std::string_view text)
{
    if (const auto bytes = parseWithUnit(text, kSizeUnits))
        return *bytes;
    return invalid('\'' + std::string(text) + "' is not a size; write a whole number with its unit, such as 32MiB");
}

std::string formatSize(std::uint64_t bytes)
{
    return formatWithUnit(bytes, kSizeUnits);
}

Result<std::chrono::milliseconds> parseDuration(std::string_view text)
{
    if (const auto millis = parseWithUnit(text, kDurationUnits))
        return std::chrono::milliseconds(*millis);
    return invalid('\'' + std::string(text) + "' is not a duration; write a whole number with its unit, such as 10s");
}

std::string formatDuration(std::chrono::milliseconds duration)
{
    return formatWithUnit(static_cast<std::uint64_t>(duration.count()), kDurationUnits);
}

Result<std::uint64_t> parseCount(std::string_view text)
{
    std::uint64_t number = 0;
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || rest != text.data() + text.size())
        return invalid('\'' + std::string(text) + "' is not a whole number");
    return number;
}

Result<Endpoint> parseEndpoint(std::string_view text)
{
    const Error error =
        invalid('\'' + std::string(text) + "' is not an address; write host:port, such as 127.0.0.1:4000");
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0)
        return error;
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    else if (host.find_first_of(":[]") != std::string_view::npos)
        return error; // an IPv6 address without brackets leaves open where the port begins
    const auto port = parseCount(text.substr(colon + 1));
    if (host.empty() || host.find_first_of(" /@%") != std::string_view::npos || !port || *port > 65'535)
        return error;
    return Endpoint{.host = std::string(host), .port = static_cast<std::uint16_t>(*port)};
}

bool isLoopbackHost(std::string_view host) noexcept
{
    if (host == "localhost" || host == "::1")
        return true;
    return host.starts_with("127.") && std::ranges::count(host, '.') == 3 &&
           host.find_first_not_of("0123456789.") == std::string_view::npos;
}

} // namespace luthien::runtime
