// SPDX-License-Identifier: Apache-2.0
#include "archive/markdown_export.h"

#include "archive/markdown_text.h"
#include "archive/wording.h"
#include "base/strict_json.h"
#include "conversation/response.h"
#include "protocol/dialect.h"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace luthien::archive {

using namespace conversation;

namespace {
constexpr std::uint32_t kCallsPerPage = 100;
constexpr std::uint32_t kDecisionsPerPage = 100;

std::string plain(std::string_view text)
{
    std::string out;
    appendPlainMarkdown(out, text);
    return out;
}

void appendFact(std::string& out, std::string_view label, std::string_view text)
{
    if (!text.empty())
        out.append("- ").append(label).append(": ").append(plain(text)).append("\n");
}

std::string sessionHead(const store::SessionRow& session)
{
    std::string out = "# " + plain(session.preview.empty() ? session.id : session.preview) + "\n\n";
    appendFact(out, "Session", session.id);
    appendFact(out, "Client", session.client);
    appendFact(out, session.agents.size() == 1 ? "Agent" : "Agents", joined(session.agents));
    appendFact(out, session.models.size() == 1 ? "Model" : "Models", joined(session.models));
    appendFact(out, "Status", callStatusName(session.status));
    appendFact(out, "From", timeText(session.firstAt));
    appendFact(out, "To", timeText(session.lastAt));
    appendFact(out, "Calls", std::to_string(session.calls));
    appendFact(out, "Tokens",
               std::to_string(session.inputTokens) + " in, " + std::to_string(session.outputTokens) + " out");
    return out + '\n';
}

std::string callHead(const store::CallRow& call)
{
    std::string out = "## Call at " + timeText(call.startedAt) + "\n\n";
    appendFact(out, "Call", call.id.toString());
    appendFact(out, "Request", call.method + ' ' + call.path + " at " + call.upstream);
    appendFact(out, "Agent", call.identity.agent);
    appendFact(out, "Model", call.model);
    appendFact(out, "Status",
               std::string(callStatusName(call.status)) +
                   (call.httpStatus != 0 ? ", HTTP " + std::to_string(call.httpStatus) : ""));
    if (call.endedAt)
        appendFact(out, "Took",
                   std::to_string((*call.endedAt - call.startedAt) / std::chrono::milliseconds(1)) + " ms");
    if (call.usage.input || call.usage.output)
        appendFact(out, "Tokens",
                   std::to_string(call.usage.input.value_or(0)) + " in, " +
                       std::to_string(call.usage.output.value_or(0)) + " out");
    appendFact(out, "Error", call.error);
    return out + '\n';
}

void appendBlock(std::string& out, const Block& block)
{
    switch (block.kind) {
    case BlockKind::Text:
        appendMarkdown(out, block.text);
        break;
    case BlockKind::Thinking:
        out += block.text.empty() ? "*Thinking, not shown by the provider.*\n" : "*Thinking:*\n";
        if (!block.text.empty())
            appendFence(out, block.text);
        break;
    case BlockKind::ToolUse:
        out += "**Tool call:** " + plain(block.name) + '\n';
        appendFence(out, block.text, parseStrictJson(block.text) ? "json" : "");
        break;
    case BlockKind::ToolResult:
        out += block.isError ? "**Result, an error:**\n" : "**Result:**\n";
        appendFence(out, block.text);
        break;
    case BlockKind::Image:
    case BlockKind::Document:
    case BlockKind::Opaque:
        out += "*" + std::string(blockKindName(block.kind)) + " " + plain(block.name) + ", " +
               std::to_string(block.text.size()) + " bytes*\n";
        break;
    }
    if (!out.ends_with("\n\n"))
        out += '\n';
}

std::string_view answererText(AnsweredBy who)
{
    switch (who) {
    case AnsweredBy::Policy:
        return {};
    case AnsweredBy::Person:
        return ", answered by a person";
    case AnsweredBy::Timeout:
        return ", nobody answered in time";
    case AnsweredBy::Error:
        return ", the policy could not say";
    }
    return {};
}

void appendDecision(std::string& out, const Decision& decision)
{
    out.append("> **").append(verdictWord(decision)).append("** by ").append(plain(decision.policyId));
    out.append(answererText(decision.answeredBy)).append("\n");
    if (!decision.reason.empty())
        out += ">\n> " + plain(decision.reason) + '\n';
    const std::string& seen = decision.verdict == Verdict::Replace ? decision.final : decision.agentText;
    if (!seen.empty())
        out += ">\n> The agent " + std::string(decision.mode == PolicyMode::Enforce ? "saw" : "would have seen") +
               ": " + plain(seen) + '\n';
    out += '\n';
}

/// One call as Markdown.
class CallText
{
public:
    CallText(store::Reader& reader, const store::CallRow& call)
        : m_reader(reader)
        , m_call(call)
    {
    }

    Result<std::string> write()
    {
        if (auto read = readDecisions(); !read)
            return read.error();
        m_out = callHead(m_call);
        if (m_call.areTextsRemoved)
            m_out += "*What was asked and answered here is past the time for which it is kept.*\n\n";
        auto done = m_call.areTextsRemoved ? Result<void>() : appendRequest();
        if (done && !m_call.areTextsRemoved)
            done = appendReply();
        if (!done)
            return done.error();
        for (const Decision& decision : m_decisions)
            appendDecision(m_out, decision);
        return std::move(m_out);
    }

    [[nodiscard]] std::uint64_t decisionCount() const noexcept { return m_decisionCount; }

private:
    Result<void> readDecisions();
    Result<void> appendRequest();
    Result<void> appendReply();
    void appendTurn(std::string_view speaker, const std::vector<Block>& blocks);

    store::Reader& m_reader;
    const store::CallRow& m_call;
    std::vector<Decision> m_decisions; ///< those that are not in the text yet
    std::uint64_t m_decisionCount = 0;
    std::string m_out;
};

Result<void> CallText::readDecisions()
{
    std::optional<store::Cursor> from;
    do {
        auto page = m_reader.decisionsOfCall(m_call.id, from, kDecisionsPerPage);
        if (!page)
            return page.error();
        for (store::DecisionRow& row : page->items)
            m_decisions.push_back(std::move(row.decision));
        from = page->next;
    } while (from);
    m_decisionCount = m_decisions.size();
    return {};
}

void CallText::appendTurn(std::string_view speaker, const std::vector<Block>& blocks)
{
    if (blocks.empty())
        return;
    m_out.append("### ").append(speaker).append("\n\n");
    for (const Block& block : blocks) {
        appendBlock(m_out, block);
        if (block.kind != BlockKind::ToolUse)
            continue;
        const auto isAbout = [&block](const Decision& decision) {
            return !decision.tool.empty() && decision.toolId == block.id;
        };
        for (const Decision& decision : m_decisions)
            if (isAbout(decision))
                appendDecision(m_out, decision);
        std::erase_if(m_decisions, isAbout);
    }
}

Result<void> CallText::appendRequest()
{
    const protocol::Dialect& dialect = protocol::dialectFor(m_call.api);
    for (std::uint32_t from = m_call.freshFrom;; from += store::Reader::kMaxPage) {
        const auto messages = m_reader.messages(m_call.id, from, store::Reader::kMaxPage);
        if (!messages)
            return messages.error().code == ErrorCode::NotFound ? Result<void>() : messages.error();
        for (const store::MessageRow& message : *messages) {
            std::vector<Block> blocks;
            const Role role = dialect.parseMessage(message.json, blocks);
            // What the model said in between stands there as the reply of an earlier call.
            if (role != Role::Assistant || m_call.freshFrom == 0)
                appendTurn(speakerTitle(role, blocks), blocks);
        }
        if (messages->size() < store::Reader::kMaxPage)
            break;
    }
    // An API whose messages we cannot tell apart still says what was asked.
    if (m_call.messageCount == 0 && !m_call.preview.empty())
        appendTurn("User", {Block{.text = m_call.preview}});
    return {};
}

Result<void> CallText::appendReply()
{
    for (const bool isSent : {false, true}) {
        const auto json = isSent ? m_reader.sentReply(m_call.id) : m_reader.reply(m_call.id);
        if (!json)
            return json.error();
        if (json->empty())
            continue;
        // A reply that cannot be read says nothing, here as everywhere it is shown.
        const auto reply = responseFromJson(*json);
        if (reply)
            appendTurn(isSent ? "Assistant, as the agent received it" : "Assistant", reply->blocks);
        if (reply && !reply->error.empty())
            m_out += "*Error: " + plain(reply->error) + "*\n\n";
    }
    return {};
}
} // namespace

Result<std::string> callMarkdown(store::Reader& reader, const store::CallRow& call)
{
    return CallText(reader, call).write();
}

Result<ExportCounts> exportMarkdown(store::Reader& reader, std::string_view session, const Write& write)
{
    const auto row = reader.session(session);
    if (!row)
        return row.error();
    if (auto written = write(sessionHead(*row)); !written)
        return written.error();
    ExportCounts counts;
    std::optional<store::Cursor> from;
    do {
        const auto page = reader.callsOfSession(session, store::Order::Ascending, from, kCallsPerPage);
        if (!page)
            return page.error();
        for (const store::CallRow& call : page->items) {
            CallText text(reader, call);
            const auto markdown = text.write();
            if (!markdown)
                return markdown.error();
            if (auto written = write(*markdown); !written)
                return written.error();
            ++counts.calls;
            counts.decisions += text.decisionCount();
        }
        from = page->next;
    } while (from);
    return counts;
}

} // namespace luthien::archive
