// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/reply_editor.h"
#include "protocol/sse_parser.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace luthien::test {

/// A review that blocks what it is told to, and remembers what it was asked.
class ScriptedReview : public conversation::ReplyReview
{
public:
    struct Asked
    {
        std::uint32_t choice = 0;
        std::uint32_t block = 0;
        conversation::Executor executor = conversation::Executor::Client;
        bool isFreeText = false;
        std::string id;
        std::string name;
        std::string arguments;
    };

    bool guards = true;
    bool edits = false;
    bool isPending = false;                          ///< no answer is known yet
    std::function<bool(std::size_t)> blocks;         ///< by the order of the client's calls; none = pass all
    std::function<std::string(std::string)> rewrite; ///< of a whole block, which stays back until its end
    std::vector<Asked> clientCalls;
    std::vector<Asked> otherCalls;

    bool guardsTools() const override { return guards; }
    bool editsText() const override { return edits; }
    std::optional<conversation::ToolAnswer> tool(const conversation::ToolCall& call) override
    {
        Asked asked{call.choice,
                    call.block,
                    call.executor,
                    call.isFreeText,
                    std::string(call.id),
                    std::string(call.name),
                    std::string(call.arguments)};
        if (call.executor != conversation::Executor::Client) {
            otherCalls.push_back(std::move(asked));
            return conversation::ToolAnswer{true, "ignored"};
        }
        const auto [place, isNew] = m_places.try_emplace({call.choice, call.block}, clientCalls.size());
        if (isNew)
            clientCalls.push_back(std::move(asked));
        if (isPending)
            return std::nullopt;
        const bool isBlocked = blocks && blocks(place->second);
        return conversation::ToolAnswer{isBlocked, isBlocked ? "Blocked \"" + std::string(call.name) + "\"." : ""};
    }
    void text(std::uint32_t choice, std::uint32_t block, std::string_view part, std::string& out) override
    {
        if (rewrite)
            m_texts[{choice, block}] += part;
        else
            out += part;
    }
    bool textEnd(std::uint32_t choice, std::uint32_t block, std::string& out) override
    {
        if (rewrite)
            out += rewrite(std::exchange(m_texts[{choice, block}], {}));
        return true;
    }

private:
    using Key = std::pair<std::uint32_t, std::uint32_t>;
    std::map<Key, std::size_t> m_places;
    std::map<Key, std::string> m_texts;
};

/// What a client got.
class Collected final : public protocol::EditedReply
{
public:
    std::string bytes;
    std::size_t kept = 0;
    std::size_t lost = 0;
    std::size_t puts = 0;

    void keep(const protocol::ReplyEvent& event) override
    {
        bytes += event.bytes;
        kept += event.bytes.size();
    }
    void put(std::string_view, std::string_view, std::string_view wire) override
    {
        bytes += wire;
        ++puts;
    }
    void lose(std::size_t count) override { lost += count; }
};

/// Sends a stream through an editor, event by event. Errors: the editor's.
inline Result<void> feed(protocol::ReplyEditor& editor, std::string_view stream, Collected& out)
{
    protocol::SseParser parser;
    std::string bytes;
    while (!stream.empty()) {
        const auto step = parser.parse(stream);
        bytes += stream.substr(0, step.consumed);
        stream.remove_prefix(step.consumed);
        if (step.state != protocol::SseParser::State::Event)
            continue;
        const auto result = editor.event(
            {.type = step.event.type, .data = step.event.data, .bytes = bytes, .hasData = step.event.hasData}, out);
        if (!result)
            return result;
        bytes.clear();
    }
    return {};
}

/// The whole stream, to its end.
inline Result<void> edit(conversation::Api api, ScriptedReview& review, std::string_view stream, Collected& out)
{
    const auto editor = protocol::makeStreamEditor(api, review);
    const auto result = feed(*editor, stream, out);
    return result ? editor->end(out) : result;
}

} // namespace luthien::test
