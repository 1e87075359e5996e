// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/dialect.h"
#include "protocol/json_read.h"

#include <string_view>
#include <utility>
#include <vector>

namespace luthien::protocol {

/// Text without the sections agents put before what the user typed (<system-reminder>, <environment_context>,
/// AGENTS.md, ...), and without blanks around it. Empty if there was nothing else.
[[nodiscard]] std::string_view withoutInjected(std::string_view text) noexcept;
/// At most maxBytes of UTF-8, cut at a character.
[[nodiscard]] std::string_view boundedText(std::string_view text, std::size_t maxBytes) noexcept;
/// What is said when a body is not one JSON object.
[[nodiscard]] Error notAnObject();

/// Collects a RequestView in one pass over a body, then looks into the first messages. One per request.
class RequestScan
{
public:
    using ParseMessage = conversation::Role (*)(std::string_view json, std::vector<conversation::Block>& blocks);

    /// Reads the members common to all APIs; rest(key, value) gets the others. Of a member given twice the last
    /// counts, as for JSON.parse; but a model given twice, which providers read in different ways, is none. Errors:
    /// InvalidInput.
    template <typename Rest>
    Result<RequestView> read(std::string_view body, ParseMessage parseMessage, Rest&& rest)
    {
        const auto object = m_json.object(body);
        const bool isRead = object && forEachMember(*object, [&](std::string_view key, auto& value) {
                                if (!readCommon(key, value))
                                    rest(key, value);
                            });
        if (!isRead || !m_json.isAtEnd())
            return notAnObject();
        if (m_modelsNamed > 1)
            m_view.model.clear();
        readFirstTexts(parseMessage);
        return std::move(m_view);
    }

    /// Takes the messages: a list, or one text.
    void takeMessages(simdjson::ondemand::value& value);
    void addSystem(std::string_view text);
    [[nodiscard]] RequestView& view() noexcept { return m_view; }

private:
    bool readCommon(std::string_view key, simdjson::ondemand::value& value);
    void readMetadata(simdjson::ondemand::value& value);
    bool readHint(std::string_view key, simdjson::ondemand::value& value);
    void readFirstTexts(ParseMessage parseMessage);
    void takeMessage(simdjson::ondemand::value& value);

    JsonReader m_json;
    RequestView m_view;
    int m_modelsNamed = 0;                    ///< in any spelling
    std::vector<std::string_view> m_messages; ///< JSON of each
};

} // namespace luthien::protocol
