// SPDX-License-Identifier: Apache-2.0
#include "policy/definition_diff.h"

#include "base/strict_json.h"

#include <boost/json.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace luthien::policy {

namespace {
namespace json = boost::json;

/// Every value that holds no others, with its place.
using Leaves = std::vector<std::pair<std::string, std::string>>;

std::string escaped(std::string_view key)
{
    std::string text;
    for (const char c : key)
        text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return text;
}

void collect(const json::value& value, const std::string& pointer, Leaves& leaves)
{
    const json::object* const object = value.if_object();
    const json::array* const array = value.if_array();
    if (object != nullptr && !object->empty()) {
        for (const auto& member : *object)
            collect(member.value(), pointer + '/' + escaped(member.key()), leaves);
    } else if (array != nullptr && !array->empty()) {
        for (std::size_t i = 0; i < array->size(); ++i)
            collect((*array)[i], pointer + '/' + std::to_string(i), leaves);
    } else {
        leaves.emplace_back(pointer, json::serialize(value));
    }
}

Leaves leavesOf(std::string_view text)
{
    Leaves leaves;
    if (const auto value = parseStrictJson(text))
        collect(*value, {}, leaves);
    return leaves;
}

std::string valueAt(const Leaves& leaves, const std::string& pointer)
{
    const auto found = std::ranges::find(leaves, pointer, &Leaves::value_type::first);
    return found == leaves.end() ? std::string() : found->second;
}
} // namespace

std::vector<DefinitionDifference> differences(std::string_view before, std::string_view after)
{
    const Leaves old = leavesOf(before);
    const Leaves fresh = leavesOf(after);
    std::vector<DefinitionDifference> found;
    for (const auto& [pointer, value] : old) {
        if (std::string now = valueAt(fresh, pointer); now != value)
            found.push_back({pointer, value, std::move(now)});
    }
    for (const auto& [pointer, value] : fresh) {
        if (valueAt(old, pointer).empty())
            found.push_back({pointer, {}, value});
    }
    return found;
}

} // namespace luthien::policy
