// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace luthien::filter {

/// What a number counts, and so which units it is written in.
enum class Unit : std::uint8_t {
    Count,    ///< "250", "10k", "1.5M"
    Duration, ///< microseconds: "250us", "10ms", "1.5s", "5m", "2h", "1d", "1w"; a unit must be there
    Bytes,    ///< "512", "64kB", "4KiB", "1.5MiB"
    Money,    ///< 1e-9 USD: "$0.50", "0.5"
};

/// Nullopt = it is no such number, it is negative, has digits below the smallest unit, or is too large.
[[nodiscard]] std::optional<std::int64_t> quantityFrom(std::string_view text, Unit unit);
/// In the largest unit that needs no fraction; quantityFrom reads it as the same number.
[[nodiscard]] std::string quantityText(std::int64_t number, Unit unit);
/// How such numbers are written, for a message: "a number, such as 250 or 10k".
[[nodiscard]] std::string_view quantityHint(Unit unit) noexcept;

} // namespace luthien::filter
