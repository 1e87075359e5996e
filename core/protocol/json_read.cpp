// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_read.h"

#include <cmath>

namespace luthien::protocol {

namespace ondemand = simdjson::ondemand;

namespace {
/// How much simdjson reserves for nesting, 9 bytes a level. Reading forwards never uses it: it bounds nothing.
constexpr std::size_t kParserDepth = 64;

std::string_view trimmed(std::string_view text)
{
    const std::size_t end = text.find_last_not_of(" \t\r\n");
    return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

template <typename Container>
std::string_view rawOf(simdjson::simdjson_result<Container> container)
{
    Container inner;
    std::string_view raw;
    if (std::move(container).get(inner) || inner.raw_json().get(raw))
        return {};
    return trimmed(raw);
}
} // namespace

bool JsonReader::open(std::string_view json)
{
    if (m_parser.capacity() < json.size() && m_parser.allocate(json.size(), kParserDepth) != simdjson::SUCCESS)
        return false;
    if (m_buffer.size() < json.size() + simdjson::SIMDJSON_PADDING)
        m_buffer.resize(json.size() + simdjson::SIMDJSON_PADDING);
    json.copy(m_buffer.data(), json.size());
    const simdjson::padded_string_view padded(m_buffer.data(), json.size(), m_buffer.size());
    return !m_parser.iterate(padded).get(m_document);
}

std::optional<ondemand::object> JsonReader::object(std::string_view json)
{
    ondemand::object object;
    if (!open(json) || m_document.get_object().get(object))
        return std::nullopt;
    return object;
}

std::optional<std::string_view> JsonReader::string(std::string_view json)
{
    std::string_view text;
    if (!open(json) || m_document.get_string().get(text))
        return std::nullopt;
    return text;
}

std::string_view textOf(ondemand::value& value)
{
    std::string_view text;
    const simdjson::error_code error = value.get_string().get(text);
    if (error == simdjson::SUCCESS)
        return text;
    if (error != simdjson::STRING_ERROR)
        return {};
    const std::string_view raw = trimmed(value.raw_json_token());
    return raw.size() < 2 ? std::string_view() : raw.substr(1, raw.size() - 2);
}

std::string_view rawJsonOf(ondemand::value& value)
{
    ondemand::json_type type{};
    if (value.type().get(type))
        return {};
    switch (type) {
    case ondemand::json_type::object:
        return rawOf<ondemand::object>(value.get_object());
    case ondemand::json_type::array:
        return rawOf<ondemand::array>(value.get_array());
    default:
        return trimmed(value.raw_json_token());
    }
}

std::string_view textOrJsonOf(ondemand::value& value)
{
    ondemand::json_type type{};
    if (value.type().get(type) || type == ondemand::json_type::null)
        return {};
    return type == ondemand::json_type::string ? textOf(value) : rawJsonOf(value);
}

std::optional<std::int64_t> integerOf(ondemand::value& value)
{
    ondemand::json_type type{};
    if (value.type().get(type) || type != ondemand::json_type::number)
        return std::nullopt;
    std::int64_t integer = 0;
    if (!value.get_int64().get(integer))
        return integer;
    double real = 0;
    constexpr double kLargest = 9e15; // whole numbers are exact below
    if (value.get_double().get(real) || !(std::fabs(real) < kLargest))
        return std::nullopt;
    return static_cast<std::int64_t>(real);
}

std::optional<std::uint32_t> indexOf(ondemand::value& value)
{
    const auto integer = integerOf(value);
    constexpr std::int64_t kLargest = 0x7fffffff;
    if (!integer || *integer < 0 || *integer > kLargest)
        return std::nullopt;
    return static_cast<std::uint32_t>(*integer);
}

bool isTrue(ondemand::value& value)
{
    bool flag = false;
    return !value.get_bool().get(flag) && flag;
}

} // namespace luthien::protocol
