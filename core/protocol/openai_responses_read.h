// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/usage.h"
#include "protocol/json_stream_decoder.h"

#include <optional>
#include <string_view>
#include <vector>

// The JSON objects of the Responses API as values; used by its decoder and its request reader.
namespace luthien::protocol::openai_responses {

/// One content or summary part of an item.
struct Part
{
    std::string_view type; ///< "output_text", "refusal", "reasoning_text", "summary_text", "input_text", ...
    std::string_view text;
    std::string_view json;
};

/// An output or input item. What it calls its arguments depends on its type; they are all in arguments.
struct Item
{
    std::string_view type;
    std::string_view id;
    std::string_view callId;
    std::string_view name;
    std::string_view role;
    std::string_view status;
    std::string_view arguments;
    bool argumentsAreText = false; ///< grows by deltas, so what a started item holds is a beginning
    std::string_view output;       ///< of calls that carry their result, and of *_output items: text, or JSON
    std::vector<Part> content;
    std::vector<Part> summary;
    std::string_view json;
};

/// A response object, or the error body that came instead of one.
struct ResponseObject
{
    std::string_view id;
    std::string_view model;
    std::string_view status;
    std::string_view incompleteReason;
    std::string_view code;
    WireError error;
    conversation::Usage usage;
    std::vector<Item> output;
};

[[nodiscard]] Part readPart(simdjson::ondemand::object object);
[[nodiscard]] Item readItem(simdjson::ondemand::object object);
/// False if the JSON broke on the way.
[[nodiscard]] bool readResponse(simdjson::ondemand::object object, ResponseObject& response);

/// Who carries an item out; nothing for items that are no calls.
[[nodiscard]] std::optional<conversation::Executor> executorOf(std::string_view itemType) noexcept;
/// The tool's name: what the item says, or its type without "_call".
[[nodiscard]] std::string_view toolNameOf(const Item& item) noexcept;

} // namespace luthien::protocol::openai_responses
