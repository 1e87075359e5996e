// SPDX-License-Identifier: Apache-2.0
#include "archive/html_blocks.h"

#include "archive/html_text.h"
#include "archive/wording.h"
#include "base/strict_json.h"

#include <boost/json.hpp>

#include <algorithm>

namespace luthien::archive {

using namespace conversation;

namespace {
namespace json = boost::json;

constexpr std::ptrdiff_t kOpenLines = 24; // a longer result is folded away

void appendElement(std::string& out, std::string_view opening, std::string_view text, std::string_view closing)
{
    out += opening;
    appendHtml(out, text);
    out += closing;
}

/// What policies matched at pointer.
std::vector<ByteRange> rangesAt(const DecisionList& decisions, std::string_view pointer)
{
    std::vector<ByteRange> ranges;
    for (const Decision* const decision : decisions) {
        for (const Match& match : decision->matched) {
            if (match.pointer == pointer)
                ranges.emplace_back(match.start, match.end);
        }
    }
    return ranges;
}

/// Source: RFC 6901 section 3.
std::string pointerTo(std::string_view key)
{
    std::string pointer = "/";
    for (const char c : key) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
    return pointer;
}

/// An object's members one below the other, strings as what they say; everything else as it was written.
void appendArguments(std::string& out, const std::string& arguments, const DecisionList& decisions)
{
    // Arguments that two readers could read differently are shown as they are.
    const auto parsed = parseStrictJson(arguments);
    const json::object* const object = parsed ? parsed->if_object() : nullptr;
    if (object == nullptr) {
        out += "<div class=\"body mono\" dir=\"auto\">";
        appendMarkedHtml(out, arguments, rangesAt(decisions, ""));
        out += "</div>";
        return;
    }
    if (object->empty())
        return;
    out += "<dl class=\"body\">";
    for (const auto& [key, value] : *object) {
        appendElement(out, "<dt>", key, "</dt><dd class=\"mono\" dir=\"auto\">");
        if (const json::string* const text = value.if_string())
            appendMarkedHtml(out, *text, rangesAt(decisions, pointerTo(key)));
        else
            appendHtml(out, json::serialize(value));
        out += "</dd>";
    }
    out += "</dl>";
}

void appendToolUse(std::string& out, const Block& block, const DecisionList& decisions)
{
    const bool isBlocked = std::ranges::any_of(decisions, [](const Decision* decision) {
        return decision->mode == PolicyMode::Enforce && decision->verdict == Verdict::Block;
    });
    out += isBlocked ? "<div class=\"card tool blocked\"><div class=\"bar\">"
                     : "<div class=\"card tool\"><div class=\"bar\">";
    appendElement(out, "<bdi class=\"name\">", block.name, "</bdi>");
    if (block.executor != Executor::Client)
        appendElement(out, "<span class=\"tag\">run by the ", executorName(block.executor), "</span>");
    if (isBlocked)
        out += "<span class=\"tag block\">blocked</span>";
    appendElement(out, "<bdi class=\"faint\">", block.id, "</bdi></div>");
    appendArguments(out, block.text, decisions);
    out += "</div>\n";
}

void appendFolded(std::string& out, std::string_view title, std::string_view text, std::string_view bodyClass)
{
    appendElement(out, "<details class=\"card\"><summary>", title, "</summary><div class=\"body ");
    out += bodyClass;
    appendElement(out, "\" dir=\"auto\">", text, "</div></details>\n");
}

std::string_view answererSentence(AnsweredBy who)
{
    switch (who) {
    case AnsweredBy::Policy:
        return {};
    case AnsweredBy::Person:
        return "A person answered.";
    case AnsweredBy::Timeout:
        return "Nobody answered in time.";
    case AnsweredBy::Error:
        return "The policy could not say.";
    }
    return {};
}

void appendQuote(std::string& out, std::string_view label, std::string_view text)
{
    if (text.empty())
        return;
    appendElement(out, "<div class=\"label\">", label, "</div>");
    appendElement(out, "<div class=\"quote\" dir=\"auto\">", text, "</div>");
}
} // namespace

void appendDecision(std::string& out, const Decision& decision)
{
    const bool isDone = decision.mode == PolicyMode::Enforce;
    out += "<aside class=\"decision ";
    out += isDone ? verdictName(decision.verdict) : "shadow";
    appendElement(out, "\"><p><strong>", verdictWord(decision), "</strong> by ");
    appendElement(out, "<bdi>", decision.policyId, "</bdi>");
    if (!isDone)
        out += " <span class=\"tag\">shadow: nothing was changed</span>";
    appendElement(out, " <span class=\"faint\">version ", std::string_view(decision.policyVersion).substr(0, 12), "");
    out += ", " + std::to_string(decision.latency.count()) + " µs</span></p>";
    if (!decision.reason.empty())
        appendElement(out, "<p dir=\"auto\">", decision.reason, "</p>");
    if (const auto sentence = answererSentence(decision.answeredBy); !sentence.empty())
        appendElement(out, "<p>", sentence, "</p>");
    if (decision.verdict == Verdict::Replace) {
        appendQuote(out, "Before", decision.original);
        appendQuote(out, isDone ? "What the agent saw instead" : "What the agent would have seen", decision.final);
    } else {
        appendQuote(out, isDone ? "What the agent saw instead" : "What the agent would have seen", decision.agentText);
    }
    out += "</aside>\n";
}

void appendToolResult(std::string& out, const Block& block, std::string_view toolName)
{
    const auto lines = std::ranges::count(block.text, '\n') + 1;
    out += lines > kOpenLines ? "<details class=\"card result\"><summary class=\"bar\">"
                              : "<details class=\"card result\" open=\"\"><summary class=\"bar\">";
    appendElement(out, "Result <bdi class=\"name\">", toolName, "</bdi>");
    if (block.isError)
        out += "<span class=\"tag block\">error</span>";
    out += "<span class=\"faint\">" + std::to_string(lines) + (lines == 1 ? " line</span>" : " lines</span>");
    appendElement(out, "</summary><div class=\"body mono\" dir=\"auto\">", block.text, "</div></details>\n");
}

void appendBlock(std::string& out, const Block& block, const DecisionList& decisions)
{
    switch (block.kind) {
    case BlockKind::Text:
        out += block.isRefusal ? "<div class=\"text refusal\" dir=\"auto\">" : "<div class=\"text\" dir=\"auto\">";
        appendMarkedHtml(out, block.text, rangesAt(decisions, ""));
        out += "</div>\n";
        break;
    case BlockKind::Thinking:
        appendFolded(out, block.text.empty() ? "Thinking, not shown by the provider" : "Thinking", block.text, "text");
        break;
    case BlockKind::ToolUse:
        appendToolUse(out, block, decisions);
        break;
    case BlockKind::ToolResult:
        appendToolResult(out, block, block.name);
        break;
    case BlockKind::Image:
    case BlockKind::Document:
    case BlockKind::Opaque:
        // Its data is not put in: an image could be anything, and would be loaded.
        appendFolded(out, std::string(blockKindName(block.kind)) + ' ' + block.name,
                     std::string_view(block.text).substr(0, 2000), "mono");
        break;
    }
    for (const Decision* const decision : decisions)
        appendDecision(out, *decision);
}

} // namespace luthien::archive
