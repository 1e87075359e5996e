// SPDX-License-Identifier: Apache-2.0
#include "protocol/request_editor.h"

#include "protocol/json_write.h"
#include "protocol/query.h"
#include "protocol/request_parts.h"

#include <array>
#include <cassert>
#include <utility>

namespace luthien::protocol {

using conversation::Api;
using conversation::PartChange;
using conversation::RequestPart;

namespace {

class SplicingEditor final : public RequestEditor
{
public:
    SplicingEditor(std::string_view body, std::vector<PlacedPart> placed)
        : m_body(body)
    {
        m_parts.reserve(placed.size());
        m_places.reserve(placed.size());
        for (PlacedPart& part : placed) {
            m_parts.push_back(std::move(part.part));
            m_places.push_back({part.place.offset(), part.place.json().size()});
        }
    }

    const std::vector<RequestPart>& parts() const override { return m_parts; }

    std::string with(std::span<const PartChange> changes) const override
    {
        std::string body;
        body.reserve(m_body.size());
        std::size_t done = 0;
        for (const PartChange& change : changes) {
            assert(change.part < m_places.size());
            const Place place = m_places[change.part];
            if (change.text == m_parts[change.part].text)
                continue;
            body.append(m_body, done, place.at - done).append(jsonString(change.text));
            done = place.at + place.size;
        }
        return body.append(m_body, done);
    }

private:
    struct Place
    {
        std::size_t at = 0;
        std::size_t size = 0; ///< with its quotes
    };

    std::string_view m_body;
    std::vector<RequestPart> m_parts;
    std::vector<Place> m_places;
};

/// True if what the provider sends back on this path was written by a model for this request.
bool asksForReply(Api api, std::string_view target)
{
    const std::string path = lookedUpPath(target.substr(0, target.find('?')));
    switch (api) {
    case Api::AnthropicMessages:
        return path.ends_with("/messages");
    case Api::OpenAiChat:
        return path.ends_with("/chat/completions");
    case Api::OpenAiResponses: // a compaction is written by a model too
        return path.ends_with("/responses") || path.ends_with("/responses/compact");
    case Api::Gemini:
        return path.ends_with(":generatecontent") || path.ends_with(":streamgeneratecontent");
    case Api::Ollama:
        return path.ends_with("/api/chat") || path.ends_with("/api/generate");
    case Api::Other:
        break;
    }
    return false;
}

void collect(Api api, JsonNode root, RequestParts& parts)
{
    constexpr std::array kReaders = {&collectAnthropic, &collectOpenAiChat, &collectOpenAiResponses, &collectGemini,
                                     &collectOllama};
    kReaders.at(static_cast<std::size_t>(api))(root, parts);
}

JsonNode named(JsonNode list, std::string_view name)
{
    for (const JsonNode tool : list) {
        if (tool["name"].text() == name)
            return tool;
    }
    return {};
}

/// Of a tool, or of a list of them, as it stands in "tools".
JsonNode schemaIn(Api api, JsonNode declared, std::string_view name)
{
    const bool isMeant = declared["name"].text() == name;
    if (api == Api::AnthropicMessages)
        return isMeant ? declared["input_schema"] : JsonNode();
    if (api == Api::OpenAiResponses) // or a namespace
        return isMeant ? declared["parameters"] : named(declared["tools"], name)["parameters"];
    if (api != Api::Gemini)
        return declared["function"]["name"].text() == name ? declared["function"]["parameters"] : JsonNode();
    for (const std::string_view list : {"functionDeclarations", "function_declarations"}) {
        const JsonNode tool = named(declared[list], name);
        for (const std::string_view schema : {"parametersJsonSchema", "parameters_json_schema", "parameters"}) {
            if (tool[schema])
                return tool[schema];
        }
    }
    return {};
}

} // namespace

Result<std::unique_ptr<RequestEditor>> makeRequestEditor(Api api, std::string_view path, std::string_view body)
{
    if (!asksForReply(api, path))
        return std::unique_ptr<RequestEditor>();
    const auto tree = JsonTree::read(body);
    if (!tree)
        return tree.error();
    const JsonNode root = (*tree)->root();
    if (!root.isObject())
        return Error{ErrorCode::InvalidInput, "The request body is not one JSON object.", {}};
    RequestParts parts;
    collect(api, root, parts);
    if (!parts.ambiguousName().empty())
        return Error{ErrorCode::InvalidInput, "A member of the request can be read in two ways.",
                     std::string(parts.ambiguousName())};
    return std::unique_ptr<RequestEditor>(std::make_unique<SplicingEditor>(body, parts.take()));
}

std::string toolSchema(Api api, std::string_view body, std::string_view tool)
{
    const auto tree = JsonTree::read(body);
    if (!tree)
        return {};
    const JsonNode root = (*tree)->root();
    const JsonNode request = api == Api::Gemini && root["request"] && !root["contents"] ? root["request"] : root;
    for (const JsonNode declared : request["tools"]) {
        if (const JsonNode schema = schemaIn(api, declared, tool))
            return std::string(schema.json());
    }
    // As it was before tools.
    return api == Api::OpenAiChat ? std::string(named(request["functions"], tool)["parameters"].json()) : std::string();
}

} // namespace luthien::protocol
