// SPDX-License-Identifier: Apache-2.0
#include "archive/html_export.h"

#include "archive/html_blocks.h"
#include "archive/html_style.h"
#include "archive/html_text.h"
#include "archive/wording.h"
#include "conversation/response.h"
#include "protocol/dialect.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace luthien::archive {

using namespace conversation;

namespace {
constexpr std::uint32_t kCallsPerPage = 100;
constexpr std::uint32_t kDecisionsPerPage = 100;
constexpr std::string_view kOpening = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"/>
<meta name="referrer" content="no-referrer"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
)";

/// "1234567" -> "1,234,567".
std::string grouped(std::int64_t number)
{
    std::string text = std::to_string(number);
    const std::size_t first = text.starts_with('-') ? 1 : 0;
    for (std::size_t at = text.size(); at > first + 3;)
        text.insert(at -= 3, 1, ',');
    return text;
}

std::string durationText(std::chrono::microseconds duration)
{
    const auto millis = duration.count() / 1000;
    if (millis < 1000)
        return std::to_string(millis) + " ms";
    return std::to_string(millis / 1000) + '.' + std::to_string(millis % 1000 / 100) + " s";
}

void appendRow(std::string& out, std::string_view label, std::string_view text)
{
    if (text.empty())
        return;
    out += "<dt>";
    appendHtml(out, label);
    out += "</dt><dd><bdi>";
    appendHtml(out, text);
    out += "</bdi></dd>\n";
}

std::string decisionsText(const store::DecisionCounts& counts)
{
    std::vector<std::string> parts;
    for (const auto& [count, what] : {std::pair(counts.block, " blocked"), std::pair(counts.replace, " replaced"),
                                      std::pair(counts.hold, " held"), std::pair(counts.shadow, " in shadow")}) {
        if (count != 0)
            parts.push_back(grouped(count) + what);
    }
    return joined(parts);
}

std::string sessionHead(const store::SessionRow& session)
{
    std::string out(kOpening);
    out += "<title>Session ";
    appendHtml(out, session.id); // a label of letters, digits and . _ : -
    out += "</title>\n<style>";
    out += kHtmlStyle;
    out += "</style>\n</head>\n<body>\n<main>\n<h1 dir=\"auto\">";
    appendHtml(out, session.preview.empty() ? "Session" : session.preview);
    out += "</h1>\n<dl class=\"head\">\n";
    appendRow(out, "Session", session.id);
    appendRow(out, "Client", session.client);
    appendRow(out, session.agents.size() == 1 ? "Agent" : "Agents", joined(session.agents));
    appendRow(out, session.models.size() == 1 ? "Model" : "Models", joined(session.models));
    appendRow(out, "Status", callStatusName(session.status));
    appendRow(out, "From", timeText(session.firstAt));
    appendRow(out, "To", timeText(session.lastAt));
    appendRow(out, "Calls", grouped(session.calls));
    appendRow(out, "Tokens", grouped(session.inputTokens) + " in, " + grouped(session.outputTokens) + " out");
    appendRow(out, "Decisions", decisionsText(session.decisions));
    return out + "</dl>\n";
}

std::string callMeta(const store::CallRow& call)
{
    std::vector<std::string> parts{timeText(call.startedAt)};
    if (call.endedAt)
        parts.push_back(durationText(*call.endedAt - call.startedAt));
    if (call.usage.input)
        parts.push_back(grouped(*call.usage.input) + " tokens in");
    if (call.usage.cacheRead.value_or(0) != 0)
        parts.push_back(grouped(*call.usage.cacheRead) + " from cache");
    if (call.usage.output)
        parts.push_back(grouped(*call.usage.output) + " out");
    if (call.stopReason != StopReason::None)
        parts.push_back("stop: " + std::string(stopReasonName(call.stopReason)));
    if (call.response.changedBytes != 0)
        parts.push_back(grouped(static_cast<std::int64_t>(call.response.changedBytes)) + " bytes changed");
    parts.push_back(call.method + ' ' + call.path + " at " + call.upstream);
    if (!call.identity.agent.empty())
        parts.push_back("agent " + call.identity.agent);
    parts.push_back("call " + call.id.toString());
    return joined(parts);
}

/// Writes the calls of one session, one after the other.
class CallWriter
{
public:
    CallWriter(store::Reader& reader, const Write& write)
        : m_reader(reader)
        , m_write(write)
    {
    }

    Result<void> add(const store::CallRow& call)
    {
        ++m_counts.calls;
        auto decisions = readDecisions(call.id);
        if (!decisions)
            return decisions.error();
        m_counts.decisions += decisions->size();
        std::string out = callHead(call);
        auto done = appendRequest(out, call);
        if (done)
            done = appendReply(out, call, *decisions);
        if (!done)
            return done;
        if (!call.error.empty()) {
            out += "<p class=\"notice\" dir=\"auto\">";
            appendHtml(out, call.error);
            out += "</p>\n";
        }
        if (call.status == CallStatus::Open)
            out += "<p class=\"meta\">This call was still running.</p>\n";
        return m_write(out + "</section>\n");
    }

    [[nodiscard]] const ExportCounts& counts() const noexcept { return m_counts; }

private:
    Result<std::vector<Decision>> readDecisions(CallId call);
    [[nodiscard]] std::string callHead(const store::CallRow& call) const;
    Result<void> appendRequest(std::string& out, const store::CallRow& call);
    void appendTurn(std::string& out, Role role, const std::vector<Block>& blocks);
    [[nodiscard]] std::string_view toolName(const Block& result) const;
    Result<void> appendReply(std::string& out, const store::CallRow& call, const std::vector<Decision>& decisions);
    void appendJudged(std::string& out, const Response& reply, const std::vector<Decision>& decisions);
    static void appendSent(std::string& out, const Response& sent);

    store::Reader& m_reader;
    const Write& m_write;
    ExportCounts m_counts;
    std::unordered_map<std::string, std::string> m_toolNames; ///< by the id of the tool call
};

Result<std::vector<Decision>> CallWriter::readDecisions(CallId call)
{
    std::vector<Decision> decisions;
    std::optional<store::Cursor> from;
    do {
        auto page = m_reader.decisionsOfCall(call, from, kDecisionsPerPage);
        if (!page)
            return page.error();
        for (store::DecisionRow& row : page->items)
            decisions.push_back(std::move(row.decision));
        from = page->next;
    } while (from);
    return decisions;
}

std::string CallWriter::callHead(const store::CallRow& call) const
{
    const std::string status(callStatusName(call.status));
    std::string out = "<section class=\"call\">\n<header><h2>Call " + std::to_string(m_counts.calls) +
                      "</h2><span class=\"status " + status + "\">" + status;
    if (call.httpStatus != 0)
        out += ", HTTP " + std::to_string(call.httpStatus);
    out += "</span><bdi class=\"meta\">";
    appendHtml(out, call.model);
    out += "</bdi></header>\n<p class=\"meta\">";
    appendHtml(out, callMeta(call));
    return out + "</p>\n";
}

/// Only what no earlier call of the session carried; what the model said in between stands there as its reply.
Result<void> CallWriter::appendRequest(std::string& out, const store::CallRow& call)
{
    if (call.areTextsRemoved) {
        out += "<p class=\"notice\">What was asked and answered here is past the time for which it is kept.</p>\n";
        return {};
    }
    const protocol::Dialect& dialect = protocol::dialectFor(call.api);
    for (std::uint32_t from = call.freshFrom;;) {
        const auto messages = m_reader.messages(call.id, from, store::Reader::kMaxPage);
        if (!messages)
            return messages.error().code == ErrorCode::NotFound ? Result<void>() : messages.error();
        for (const store::MessageRow& message : *messages) {
            std::vector<Block> blocks;
            const Role role = dialect.parseMessage(message.json, blocks);
            if (role != Role::Assistant || call.freshFrom == 0)
                appendTurn(out, role, blocks);
        }
        if (messages->size() < store::Reader::kMaxPage)
            break;
        from += store::Reader::kMaxPage;
    }
    // An API whose messages we cannot tell apart still says what was asked.
    if (call.messageCount == 0 && !call.preview.empty())
        appendTurn(out, Role::User, {Block{.text = call.preview}});
    return {};
}

void CallWriter::appendTurn(std::string& out, Role role, const std::vector<Block>& blocks)
{
    if (blocks.empty())
        return;
    out += "<article class=\"" + std::string(roleName(role)) + "\"><h3>";
    out += speakerTitle(role, blocks);
    out += "</h3>\n";
    for (const Block& block : blocks) {
        if (block.kind == BlockKind::ToolUse)
            m_toolNames[block.id] = block.name;
        if (block.kind == BlockKind::ToolResult)
            appendToolResult(out, block, toolName(block));
        else
            appendBlock(out, block);
    }
    out += "</article>\n";
}

std::string_view CallWriter::toolName(const Block& result) const
{
    const auto known = m_toolNames.find(result.id);
    return result.name.empty() && known != m_toolNames.end() ? known->second : result.name;
}

Result<void> CallWriter::appendReply(std::string& out, const store::CallRow& call,
                                     const std::vector<Decision>& decisions)
{
    const auto json = call.areTextsRemoved ? std::string() : m_reader.reply(call.id);
    const auto sentJson = call.areTextsRemoved ? std::string() : m_reader.sentReply(call.id);
    if (!json || !sentJson)
        return json ? sentJson.error() : json.error();
    const auto reply = json->empty() ? Result<Response>(Response()) : responseFromJson(*json);
    if (!reply)
        out += "<p class=\"notice\">The reply as it was stored cannot be read.</p>\n";
    appendJudged(out, reply ? *reply : Response(), decisions);
    if (sentJson->empty())
        return {};
    if (const auto sent = responseFromJson(*sentJson))
        appendSent(out, *sent);
    else
        out += "<p class=\"notice\">What the client received cannot be read.</p>\n";
    return {};
}

/// The reply as the model gave it, each decision below what it is about, the others at the end.
void CallWriter::appendJudged(std::string& out, const Response& reply, const std::vector<Decision>& decisions)
{
    if (reply.blocks.empty() && reply.error.empty() && decisions.empty())
        return;
    out += "<article class=\"assistant\"><h3>Assistant</h3>\n";
    std::unordered_set<const Decision*> placed;
    for (const Block& block : reply.blocks) {
        DecisionList about;
        for (const Decision& decision : decisions) {
            const bool fits = block.kind == BlockKind::ToolUse && !decision.tool.empty() &&
                              decision.toolId == block.id && placed.insert(&decision).second;
            if (fits)
                about.push_back(&decision);
        }
        if (block.kind == BlockKind::ToolUse)
            m_toolNames[block.id] = block.name;
        appendBlock(out, block, about);
    }
    for (const Decision& decision : decisions) {
        if (!placed.contains(&decision))
            appendDecision(out, decision);
    }
    if (!reply.error.empty()) {
        out += "<p class=\"notice\" dir=\"auto\">";
        appendHtml(out, reply.error);
        out += "</p>\n";
    }
    out += "</article>\n";
}

void CallWriter::appendSent(std::string& out, const Response& sent)
{
    out += "<details class=\"card\"><summary>The whole reply as the client received it</summary><div class=\"body\">\n";
    for (const Block& block : sent.blocks)
        appendBlock(out, block);
    out += "</div></details>\n";
}
} // namespace

Result<ExportCounts> exportHtml(store::Reader& reader, std::string_view session, const Write& write)
{
    const auto row = reader.session(session);
    if (!row)
        return row.error();
    if (auto written = write(sessionHead(*row)); !written)
        return written.error();
    CallWriter calls(reader, write);
    std::optional<store::Cursor> from;
    do {
        const auto page = reader.callsOfSession(session, store::Order::Ascending, from, kCallsPerPage);
        if (!page)
            return page.error();
        for (const store::CallRow& call : page->items) {
            if (auto added = calls.add(call); !added)
                return added.error();
        }
        from = page->next;
    } while (from);
    const auto finished = write("<footer>Exported by Luthien. Times are UTC.</footer>\n</main>\n</body>\n</html>\n");
    return finished ? Result<ExportCounts>(calls.counts()) : finished.error();
}

} // namespace luthien::archive
