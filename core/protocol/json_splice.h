// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/json_tree.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Changing values of a JSON text so that every other byte stays.
namespace luthien::protocol {

/// JSON to be put in place of some bytes of a text.
struct JsonSplice
{
    std::size_t at = 0;
    std::size_t size = 0;
    std::string json;
};

/// The text with all of them carried out; none overlaps another.
[[nodiscard]] std::string spliced(std::string_view text, const std::vector<JsonSplice>& splices);

[[nodiscard]] JsonSplice inPlaceOf(JsonNode value, std::string json);
/// elements: JSON, with commas between; must not be empty.
[[nodiscard]] JsonSplice inFrontOf(JsonNode list, std::string_view elements);
[[nodiscard]] JsonSplice atEndOf(JsonNode list, std::string_view elements);
/// The member's value, or the member itself if the object has none of that name. An object without members can get one
/// only.
[[nodiscard]] JsonSplice memberOf(JsonNode object, std::string_view name, std::string json);

/// JSON values with commas between.
[[nodiscard]] std::string joinedJson(std::span<const std::string> values);
/// Members of an object that is being written; values are JSON.
[[nodiscard]] std::string jsonObject(std::span<const std::pair<std::string_view, std::string>> members);

} // namespace luthien::protocol
