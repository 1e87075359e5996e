// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Reading JSON where it stands: of any size, one value at a time, every token kept as it was written. Nothing here
/// allocates in proportion to the text.
namespace luthien::desktop {

enum class JsonKind : std::uint8_t { Object, Array, String, Number, Boolean, Null };

/// Where a text stops being JSON.
struct JsonFault
{
    std::size_t offset = 0;
    std::string what; ///< "a value is missing"
    bool operator==(const JsonFault&) const = default;
};

/// The first place where the text is not one JSON value as RFC 8259 has it; members of the same name are no fault.
/// Nesting has no limit: it costs one bit a level.
[[nodiscard]] std::optional<JsonFault> findJsonFault(std::string_view text);

/// The functions below take a text without fault, and offsets in it.
[[nodiscard]] std::size_t afterBlanks(std::string_view text, std::size_t at) noexcept;
/// at = the opening quote; the place after the closing one.
[[nodiscard]] std::size_t afterString(std::string_view text, std::size_t at) noexcept;
/// at = where a value begins; the place after it. members, if given, counts those of an object or array.
[[nodiscard]] std::size_t afterValue(std::string_view text, std::size_t at, std::uint64_t* members = nullptr) noexcept;
[[nodiscard]] JsonKind kindAt(std::string_view text, std::size_t at) noexcept;

/// What the inside of a string says. Half of a surrogate pair has no character and stays as it is written.
[[nodiscard]] std::string unescaped(std::string_view inside);
/// The length of the escape or character that begins at `at`.
[[nodiscard]] std::size_t unitLength(std::string_view inside, std::size_t at, bool hasEscapes) noexcept;

} // namespace luthien::desktop
