// SPDX-License-Identifier: Apache-2.0
#include "protocol/http_message.h"

#include "protocol/field_list.h"

#include <algorithm>
#include <array>

namespace luthien::protocol {

namespace {
constexpr std::size_t kUsualFieldCount = 16;

constexpr char toLower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool isConnectionField(std::string_view name) noexcept
{
    static constexpr std::array<std::string_view, 7> kNames = {
        "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "content-length"};
    return std::ranges::any_of(kNames, [&](std::string_view known) { return equalsIgnoringCase(name, known); }) ||
           equalsIgnoringCase(name.substr(0, 6), "proxy-");
}
} // namespace

bool equalsIgnoringCase(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return toLower(x) == toLower(y); });
}

void Fields::add(std::string_view name, std::string_view value)
{
    if (m_fields.capacity() == 0)
        m_fields.reserve(kUsualFieldCount);
    m_fields.push_back({std::string(name), std::string(value)});
}

void Fields::set(std::string_view name, std::string_view value)
{
    const auto named = [&](const Field& field) { return equalsIgnoringCase(field.name, name); };
    const auto first = std::ranges::find_if(m_fields, named);
    if (first == m_fields.end())
        return add(name, value);
    first->value = value;
    m_fields.erase(std::remove_if(first + 1, m_fields.end(), named), m_fields.end());
}

void Fields::remove(std::string_view name)
{
    std::erase_if(m_fields, [&](const Field& field) { return equalsIgnoringCase(field.name, name); });
}

std::string_view Fields::value(std::string_view name) const noexcept
{
    const auto found =
        std::ranges::find_if(m_fields, [&](const Field& field) { return equalsIgnoringCase(field.name, name); });
    return found == m_fields.end() ? std::string_view() : std::string_view(found->value);
}

bool Fields::has(std::string_view name) const noexcept
{
    return std::ranges::any_of(m_fields, [&](const Field& field) { return equalsIgnoringCase(field.name, name); });
}

std::size_t Fields::count(std::string_view name) const noexcept
{
    return static_cast<std::size_t>(
        std::ranges::count_if(m_fields, [&](const Field& field) { return equalsIgnoringCase(field.name, name); }));
}

void removeHopByHop(Fields& fields)
{
    std::string listed; // copies: the fields that hold the list are removed with the rest
    for (const Field& field : fields.all())
        if (equalsIgnoringCase(field.name, "connection"))
            listed.append(listed.empty() ? "" : ",").append(field.value);
    fields.removeIf([&](const Field& field) { return isConnectionField(field.name) || listHas(listed, field.name); });
}

} // namespace luthien::protocol
