// SPDX-License-Identifier: Apache-2.0
#include "protocol/request_parts.h"

#include <algorithm>
#include <array>
#include <utility>

namespace luthien::protocol {

using conversation::PartKind;

namespace {

constexpr std::array<std::string_view, 15> kFormalNames = {
    "type",      "id",         "role",     "status",       "signature",     "media_type", "mime_type", "file_type",
    "file_data", "error_code", "page_age", "retrieved_at", "cache_control", "image_url",  "detail"};

bool isFormal(std::string_view name)
{
    return name.ends_with("_id") || name.starts_with("encrypted_") ||
           std::ranges::find(kFormalNames, name) != kFormalNames.end();
}

/// False = it is no data, whatever it is called: words have blanks between them.
bool isBase64(std::string_view text)
{
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=\r\n";
    return text.find_first_not_of(kAlphabet) == std::string_view::npos;
}

} // namespace

void RequestParts::add(PartKind kind, JsonNode text, AnsweredCall call)
{
    if (!text.isString() || text.text().empty())
        return;
    m_parts.push_back({.part = {.kind = kind,
                                .message = m_message,
                                .toolId = std::string(call.id),
                                .toolName = std::string(call.name),
                                .text = std::string(text.text())},
                       .place = text});
}

void RequestParts::addContent(PartKind kind, JsonNode content, AnsweredCall call)
{
    add(kind, content, call);
    if (!content.isArray())
        return;
    for (const JsonNode part : content) {
        add(kind, part, call);
        add(kind, part["text"], call);
        add(kind, part["refusal"], call);
    }
}

void RequestParts::addReadTexts(PartKind kind, JsonNode value, AnsweredCall call)
{
    add(kind, value, call);
    const bool isEncoded = value["type"].text() == "base64";
    for (const JsonNode inner : value) {
        if (!isFormal(inner.key()) && !(isEncoded && inner.key() == "data"))
            addReadTexts(kind, inner, call);
    }
}

void RequestParts::addUnknownTexts(PartKind kind, JsonNode value, AnsweredCall call)
{
    add(kind, value, call);
    const bool isEncoded = value["type"].text() == "base64";
    for (const JsonNode inner : value) {
        const bool isData = isEncoded && inner.key() == "data" && isBase64(inner.text());
        if (!isData && (inner.key() != "type" || !inner.isString()))
            addUnknownTexts(kind, inner, call);
    }
}

void RequestParts::addAllTexts(PartKind kind, JsonNode value, AnsweredCall call)
{
    add(kind, value, call);
    for (const JsonNode inner : value)
        addAllTexts(kind, inner, call);
}

std::string_view RequestParts::nameOfCall(std::string_view id) const
{
    const auto found = m_names.find(id);
    return found == m_names.end() ? std::string_view() : found->second;
}

JsonNode RequestParts::either(JsonNode object, std::string_view name, std::string_view otherName)
{
    const JsonNode one = object[name];
    const JsonNode other = object[otherName];
    if (one && other)
        setAmbiguous(name);
    return one ? one : other;
}

void RequestParts::setAmbiguous(std::string_view name)
{
    if (m_ambiguousName.empty())
        m_ambiguousName = name;
}

std::vector<PlacedPart> RequestParts::take()
{
    // Members stand in any order; parts in that of the text.
    std::ranges::sort(m_parts, {}, [](const PlacedPart& part) { return part.place.offset(); });
    return std::move(m_parts);
}

} // namespace luthien::protocol
