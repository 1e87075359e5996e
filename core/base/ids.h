// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace luthien {

/// Names one call for ever: a UUIDv7, so that ids sort by the time the call began. Source: RFC 9562 section 5.7.
class CallId
{
public:
    /// The nil id; no call has it.
    CallId() = default;
    explicit CallId(std::array<std::uint8_t, 16> bytes)
        : m_bytes(bytes)
    {
    }

    /// A fresh id; within one thread ids of the same millisecond still ascend. Thread: any.
    [[nodiscard]] static CallId make(TimePoint now);
    /// Reads the 36-character lower- or upper-case form; nothing else.
    [[nodiscard]] static std::optional<CallId> parse(std::string_view text);

    [[nodiscard]] std::string toString() const;
    [[nodiscard]] std::span<const std::uint8_t, 16> bytes() const noexcept { return m_bytes; }
    [[nodiscard]] bool isNil() const noexcept { return *this == CallId(); }
    auto operator<=>(const CallId&) const = default;

private:
    std::array<std::uint8_t, 16> m_bytes{};
};

/// True for 1 to 128 bytes of [A-Za-z0-9._:-]: the only labels from outside that we keep as they came.
[[nodiscard]] bool isSafeLabel(std::string_view label) noexcept;

} // namespace luthien

template <>
struct std::hash<luthien::CallId>
{
    std::size_t operator()(const luthien::CallId& id) const noexcept;
};
