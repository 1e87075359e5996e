// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// Lenient, forward-only reading of JSON from outside. A member of an unexpected type reads as absent.
namespace luthien::protocol {

/// Reads one JSON text after the other. Views stay valid until the next object(). Thread: one at a time.
class JsonReader
{
public:
    /// The text's outer object, or nothing if the text does not begin as one object.
    [[nodiscard]] std::optional<simdjson::ondemand::object> object(std::string_view json);
    /// The text of a JSON text that is one string.
    [[nodiscard]] std::optional<std::string_view> string(std::string_view json);
    /// After the outer object was read to its end: true if nothing follows it.
    [[nodiscard]] bool isAtEnd() { return m_document.current_location().error() == simdjson::OUT_OF_BOUNDS; }
    /// Where a view that was read raw lies in the text given to object().
    [[nodiscard]] std::size_t offsetOf(std::string_view raw) const
    {
        return static_cast<std::size_t>(raw.data() - m_buffer.data());
    }

private:
    [[nodiscard]] bool open(std::string_view json);

    simdjson::ondemand::parser m_parser;
    simdjson::ondemand::document m_document;
    std::string m_buffer; ///< simdjson reads past the end, so the text is copied into padded room
};

/// The string's text without escapes; its raw text if an escape is broken (a lone surrogate); empty for other types.
[[nodiscard]] std::string_view textOf(simdjson::ondemand::value& value);
/// The text of a string, or the JSON of anything else; empty for null.
[[nodiscard]] std::string_view textOrJsonOf(simdjson::ondemand::value& value);
/// The JSON of any value, without blanks around it. Consumes the value.
[[nodiscard]] std::string_view rawJsonOf(simdjson::ondemand::value& value);
/// Numbers only; a fraction is cut off.
[[nodiscard]] std::optional<std::int64_t> integerOf(simdjson::ondemand::value& value);
/// For indexes: what is no number from 0 to 2^31 reads as absent.
[[nodiscard]] std::optional<std::uint32_t> indexOf(simdjson::ondemand::value& value);
[[nodiscard]] bool isTrue(simdjson::ondemand::value& value);

/// Calls each(key, value) for every member in order. False if the JSON broke on the way.
template <typename Each>
bool forEachMember(simdjson::ondemand::object object, Each&& each)
{
    for (auto member : object) {
        std::string_view key;
        simdjson::ondemand::value value;
        if (member.unescaped_key().get(key) || member.value().get(value))
            return false;
        each(key, value);
    }
    return true;
}

/// The same for a value that may not be an object; then nothing is called.
template <typename Each>
bool forEachMember(simdjson::ondemand::value& value, Each&& each)
{
    simdjson::ondemand::object object;
    return value.get_object().get(object) == simdjson::SUCCESS && forEachMember(object, std::forward<Each>(each));
}

/// Calls each(value) for every element. False if the value is no array or the JSON broke on the way.
template <typename Each>
bool forEachElement(simdjson::ondemand::value& value, Each&& each)
{
    simdjson::ondemand::array array;
    if (value.get_array().get(array))
        return false;
    for (auto element : array) {
        simdjson::ondemand::value item;
        if (element.get(item))
            return false;
        each(item);
    }
    return true;
}

} // namespace luthien::protocol
