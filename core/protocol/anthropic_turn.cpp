// SPDX-License-Identifier: Apache-2.0
#include "protocol/anthropic_editing.h"
#include "protocol/json_write.h"
#include "protocol/reply_turn.h"

#include <utility>

namespace luthien::protocol {

namespace {

bool isBlank(std::string_view text)
{
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// A block of the reply: as it began, and what its deltas added.
struct Block
{
    std::string start; ///< JSON
    std::string text;
    std::string thinking;
    std::string compaction;
    std::string signature;
    std::string input;
    std::vector<std::string> citations;
};

/// The block as a whole body would have had it.
Result<std::string> wholeBlock(const Block& block, JsonNode start)
{
    std::vector<JsonSplice> changes;
    const auto grow = [&](std::string_view name, std::string_view added) {
        if (!added.empty())
            changes.push_back(memberOf(start, name, jsonString(std::string(start[name].text()).append(added))));
    };
    grow("text", block.text);
    grow("thinking", block.thinking);
    grow("content", block.compaction);
    if (!block.signature.empty())
        changes.push_back(memberOf(start, "signature", jsonString(block.signature)));
    if (!block.citations.empty())
        changes.push_back(memberOf(start, "citations", '[' + joinedJson(block.citations) + ']'));
    if (!block.input.empty()) {
        Result<std::string> input = argumentsObject(block.input);
        if (!input)
            return input;
        changes.push_back(memberOf(start, "input", std::move(*input)));
    }
    return spliced(block.start, changes);
}

std::string toolResult(std::string_view id, std::string_view text)
{
    return R"({"type":"tool_result","tool_use_id":)" + jsonString(id) + R"(,"content":)" + jsonString(text) +
           R"(,"is_error":true})";
}

class AnthropicTurn final : public JsonTurn
{
protected:
    Result<void> read(JsonNode root) override;
    bool isComplete() const override { return m_isComplete; }
    Result<std::string> write(JsonNode request, std::string_view body, OutputTexts outputs) const override;

private:
    Result<void> readBody(JsonNode message);
    Result<void> readDelta(JsonNode index, JsonNode delta);

    std::vector<Block> m_blocks; ///< by index, which has no gaps
    std::string m_container;     ///< id of the container its code ran in
    bool m_isComplete = false;
};

Result<void> AnthropicTurn::read(JsonNode root)
{
    const std::string_view type = root["type"].text();
    if (type == "message")
        return readBody(root);
    if (type == "content_block_start") {
        if (root["index"].json() != std::to_string(m_blocks.size()) || !root["content_block"].isObject())
            return cannotSayAgain("a block begins out of order");
        m_blocks.push_back({.start = std::string(root["content_block"].json())});
    } else if (type == "content_block_delta") {
        return readDelta(root["index"], root["delta"]);
    } else if (type == "message_start" || type == "message_delta") {
        const JsonNode container = root[type == "message_delta" ? "delta" : "message"]["container"]["id"];
        if (container.isString())
            m_container = container.text();
    } else if (type == "message_stop") {
        m_isComplete = true;
    } else if (type == "error") {
        return cannotSayAgain("it is an error");
    }
    return {};
}

Result<void> AnthropicTurn::readBody(JsonNode message)
{
    if (!message["content"].isArray())
        return cannotSayAgain("it has no content");
    for (const JsonNode block : message["content"])
        m_blocks.push_back({.start = std::string(block.json())});
    m_container = message["container"]["id"].text();
    m_isComplete = true;
    return {};
}

Result<void> AnthropicTurn::readDelta(JsonNode index, JsonNode delta)
{
    // Blocks do not interleave: a delta is always for the last one.
    if (m_blocks.empty() || index.json() != std::to_string(m_blocks.size() - 1))
        return cannotSayAgain("a delta is for another block than the last");
    Block& block = m_blocks.back();
    const std::string_view type = delta["type"].text();
    if (type == "text_delta")
        block.text += delta["text"].text();
    else if (type == "thinking_delta")
        block.thinking += delta["thinking"].text();
    else if (type == "signature_delta")
        block.signature = delta["signature"].text();
    else if (type == "input_json_delta")
        block.input += delta["partial_json"].text();
    else if (type == "citations_delta")
        block.citations.emplace_back(delta["citation"].json());
    else if (type == "compaction_delta")
        block.compaction += delta["content"].text();
    else
        return cannotSayAgain("a delta is of a kind we do not know", type);
    return {};
}

Result<std::string> AnthropicTurn::write(JsonNode request, std::string_view body, OutputTexts outputs) const
{
    std::vector<std::string> said;
    std::vector<std::string> results;
    for (const Block& block : m_blocks) {
        const auto tree = JsonTree::read(block.start);
        if (!tree)
            return tree.error();
        const JsonNode start = (*tree)->root();
        const std::string_view type = start["type"].text();
        // Empty texts are refused in a request, and so is text behind a call.
        if (type == "text" && ((isBlank(start["text"].text()) && isBlank(block.text)) || !results.empty()))
            continue;
        Result<std::string> whole = wholeBlock(block, start);
        if (!whole)
            return whole;
        said.push_back(std::move(*whole));
        if (anthropic::executorOf(type) != conversation::Executor::Client)
            continue;
        const std::string_view id = start["id"].text();
        results.push_back(toolResult(id, outputs.of(id, start["name"].text())));
    }
    if (results.empty())
        return cannotSayAgain("it calls no tool of the client's");
    const std::vector<std::string> turns = {R"({"role":"assistant","content":[)" + joinedJson(said) + "]}",
                                            R"({"role":"user","content":[)" + joinedJson(results) + "]}"};
    if (!request["messages"].isArray())
        return cannotSayAgain("the request has no list of messages");
    std::vector<JsonSplice> splices = {atEndOf(request["messages"], joinedJson(turns))};
    // What its code left behind is in there.
    if (!m_container.empty() && !request["container"])
        splices.push_back(memberOf(request, "container", jsonString(m_container)));
    return spliced(body, splices);
}

} // namespace

std::unique_ptr<ReplyTurn> makeAnthropicTurn()
{
    return std::make_unique<AnthropicTurn>();
}

} // namespace luthien::protocol
