// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/request_review.h"
#include "protocol/json_tree.h"

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

// What the readers of the APIs' requests share.
namespace luthien::protocol {

/// A part, and the JSON string its text stands in.
struct PlacedPart
{
    conversation::RequestPart part;
    JsonNode place;
};

/// The call a tool result answers.
struct AnsweredCall
{
    std::string_view id;
    std::string_view name;
};

/// Collects a request's texts in the order in which they are shown to it. Empty texts are left out: there is nothing to
/// judge in them. What is no string, where one should be, the provider refuses; it is no text to us.
class RequestParts
{
public:
    /// A new message begins: what is added from now on belongs to it.
    void setMessage(std::uint32_t number) noexcept { m_message = number; }

    void add(conversation::PartKind kind, JsonNode text, AnsweredCall call = {});
    /// A content: one text, or a list of parts with a "text" (or a "refusal") each, whatever their type.
    void addContent(conversation::PartKind kind, JsonNode content, AnsweredCall call = {});
    /// Every string in there, at any depth, of what a model reads: not its types, ids, and what is encrypted or
    /// encoded.
    void addReadTexts(conversation::PartKind kind, JsonNode value, AnsweredCall call = {});
    /// Every string of what is not known here, at any depth: nobody can tell which of them a model reads. Left out are
    /// only types, by which a provider tells what it knows, and data in base64.
    void addUnknownTexts(conversation::PartKind kind, JsonNode value, AnsweredCall call = {});
    /// Every string in there, at any depth.
    void addAllTexts(conversation::PartKind kind, JsonNode value, AnsweredCall call);

    void nameCall(std::string_view id, std::string_view name) { m_names[id] = name; }
    /// The tool of an earlier call; empty = there is none of that id.
    [[nodiscard]] std::string_view nameOfCall(std::string_view id) const;

    /// A member that has two names, both of which the provider understands.
    [[nodiscard]] JsonNode either(JsonNode object, std::string_view name, std::string_view otherName);
    /// The request can be read in two ways. First reason counts.
    void setAmbiguous(std::string_view name);
    [[nodiscard]] std::string_view ambiguousName() const noexcept { return m_ambiguousName; }

    [[nodiscard]] std::vector<PlacedPart> take();

private:
    std::vector<PlacedPart> m_parts;
    std::map<std::string_view, std::string_view> m_names;
    std::string_view m_ambiguousName;
    std::uint32_t m_message = 0;
};

// One for each API. root: the request's outer object.
void collectAnthropic(JsonNode root, RequestParts& parts);
void collectOpenAiChat(JsonNode root, RequestParts& parts);
void collectOpenAiResponses(JsonNode root, RequestParts& parts);
void collectGemini(JsonNode root, RequestParts& parts);
void collectOllama(JsonNode root, RequestParts& parts);

} // namespace luthien::protocol
