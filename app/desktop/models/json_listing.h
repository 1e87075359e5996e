// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/json_text.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

namespace luthien::desktop {

/// A value with the name it has in its object. Offsets into the text; an end is the place behind.
struct JsonItem
{
    std::optional<std::string_view> name; ///< as written, without its quotes; none in a list
    std::size_t begin = 0;
    std::size_t end = 0;
    JsonKind kind = JsonKind::Null;
    std::uint64_t members = 0; ///< of an object or a list

    [[nodiscard]] bool isContainer() const noexcept { return kind == JsonKind::Object || kind == JsonKind::Array; }
    [[nodiscard]] std::size_t size() const noexcept { return end - begin; }
};

/// What one value opens to: its members, or the lines of a long string. It remembers a place every few KiB, so any row
/// is found by reading no more than that; it holds about 1/100 of the text it lists, however many rows that has.
/// The text outlives it. Thread: any once made.
class JsonListing
{
public:
    /// A line longer than this is cut, unless told otherwise.
    static constexpr std::size_t kLineBytes = 160;

    /// The members of the object or list that begins there.
    [[nodiscard]] static JsonListing ofMembers(std::string_view text, std::size_t begin,
                                               const std::stop_token& stop = {});
    /// That value alone.
    [[nodiscard]] static JsonListing ofValue(std::string_view text, std::size_t begin);
    /// The lines from begin to end: of the inside of a string, or of any text. Long ones are cut into several.
    enum class Escapes : std::uint8_t { Read, None };
    [[nodiscard]] static JsonListing ofLines(std::string_view text, std::size_t begin, std::size_t end, Escapes escapes,
                                             const std::stop_token& stop = {}, std::size_t lineBytes = kLineBytes);

    [[nodiscard]] std::uint64_t count() const noexcept { return m_count; }
    [[nodiscard]] bool hasLines() const noexcept { return m_hasLines; }
    /// It is one value alone.
    [[nodiscard]] bool isWhole() const noexcept { return m_isWhole; }
    [[nodiscard]] JsonItem item(std::uint64_t index) const;
    /// Without its line break, as it is written.
    [[nodiscard]] std::string_view line(std::uint64_t index) const;
    /// The last row that begins at or before that place of the text.
    [[nodiscard]] std::uint64_t indexAt(std::size_t offset) const;

private:
    /// A row, and where it begins.
    struct Place
    {
        std::uint64_t index = 0;
        std::size_t offset = 0;
    };
    /// A member too long to be read again each time.
    struct Large
    {
        std::uint64_t index = 0;
        std::size_t end = 0;
        std::uint64_t members = 0;
    };
    [[nodiscard]] JsonItem read(Place place) const;
    [[nodiscard]] std::size_t lineEnd(std::size_t at) const;
    [[nodiscard]] std::size_t afterLine(std::size_t end) const;
    void note(std::uint64_t index, std::size_t offset);
    /// The place of a row, from the last one remembered before it.
    [[nodiscard]] Place find(std::uint64_t index) const;

    std::string_view m_text; ///< up to the end of what is listed
    bool m_isObject = false;
    bool m_hasLines = false;
    bool m_hasEscapes = false;
    bool m_isWhole = false;
    std::size_t m_lineBytes = kLineBytes;
    std::uint64_t m_count = 0;
    std::vector<Place> m_places;
    std::vector<Large> m_large;
};

} // namespace luthien::desktop
