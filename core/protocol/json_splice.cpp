// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_splice.h"

#include "protocol/json_write.h"

#include <map>

namespace luthien::protocol {

namespace {
std::size_t lastByteOf(JsonNode container)
{
    return container.offset() + container.json().size() - 1;
}
} // namespace

std::string spliced(std::string_view text, const std::vector<JsonSplice>& splices)
{
    std::multimap<std::size_t, const JsonSplice*> ordered; // those at the same place in the order they were given
    for (const JsonSplice& splice : splices)
        ordered.emplace(splice.at, &splice);
    std::string result;
    result.reserve(text.size());
    std::size_t done = 0;
    for (const auto& [at, splice] : ordered) {
        result.append(text, done, at - done).append(splice->json);
        done = at + splice->size;
    }
    return result.append(text, done);
}

JsonSplice inPlaceOf(JsonNode value, std::string json)
{
    return {value.offset(), value.json().size(), std::move(json)};
}

JsonSplice inFrontOf(JsonNode list, std::string_view elements)
{
    return {list.offset() + 1, 0, std::string(elements) + (list.isEmpty() ? "" : ",")};
}

JsonSplice atEndOf(JsonNode list, std::string_view elements)
{
    return {lastByteOf(list), 0, (list.isEmpty() ? "" : ",") + std::string(elements)};
}

JsonSplice memberOf(JsonNode object, std::string_view name, std::string json)
{
    if (const JsonNode member = object[name])
        return inPlaceOf(member, std::move(json));
    return atEndOf(object, jsonString(name) + ':' + json);
}

std::string joinedJson(std::span<const std::string> values)
{
    std::string joined;
    for (const std::string& value : values)
        joined.append(joined.empty() ? "" : ",").append(value);
    return joined;
}

std::string jsonObject(std::span<const std::pair<std::string_view, std::string>> members)
{
    std::string object;
    for (const auto& [name, json] : members)
        object.append(object.empty() ? "{" : ",").append(jsonString(name)).append(":").append(json);
    return object.empty() ? "{}" : object + "}";
}

} // namespace luthien::protocol
