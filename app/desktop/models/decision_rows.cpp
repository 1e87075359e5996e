// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/decision_rows.h"

#include "desktop/models/markdown_cutter.h"
#include "desktop/models/readable_json.h"
#include "desktop/models/text_diff.h"
#include "desktop/models/visible_text.h"

#include <QCoreApplication>

#include <boost/json.hpp>

#include <algorithm>
#include <optional>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using conversation::AnsweredBy;
using conversation::BlockKind;
using conversation::Decision;
using conversation::Match;
using conversation::PolicyMode;
using conversation::Verdict;

namespace {
// Around what was found, in bytes: enough to know the place again.
constexpr std::size_t kContext = 120;
constexpr std::size_t kLongestMatch = 600;
constexpr std::size_t kSummary = 480;
constexpr std::size_t kShownChange = 2000; // shorter ones are compared without being asked

QString tr(const char* text)
{
    return QCoreApplication::translate("Conversation", text);
}

/// The nearest place at or before `at` where a character begins.
std::size_t characterStart(std::string_view text, std::size_t at)
{
    at = std::min(at, text.size());
    while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U)
        --at;
    return at;
}

std::string_view cut(std::string_view text, std::size_t longest)
{
    return text.substr(0, characterStart(text, longest));
}

/// The string a match points into; nothing if the pointer leads nowhere.
std::optional<std::string> textAt(const std::string& original, const std::string& pointer)
{
    if (pointer.empty())
        return original;
    boost::system::error_code failed;
    const boost::json::value whole = boost::json::parse(original, failed);
    if (failed)
        return std::nullopt;
    const boost::json::value* part = whole.find_pointer(pointer, failed);
    if (part == nullptr || !part->is_string())
        return std::nullopt;
    return std::string(part->as_string());
}

/// Fills matched and marks with what the first match points at, and those that follow it closely.
void showMatches(const Decision& decision, ConversationRow& row)
{
    if (decision.matched.empty())
        return;
    std::vector<Match> matches;
    for (const Match& match : decision.matched)
        if (match.pointer == decision.matched.front().pointer)
            matches.push_back(match);
    std::sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) { return a.start < b.start; });
    const auto text = textAt(decision.original, matches.front().pointer);
    if (!text)
        return;
    const std::string_view all = *text;
    const std::size_t first = matches.front().start;
    std::size_t at = characterStart(all, first > kContext ? first - kContext : 0);
    const std::size_t last = characterStart(all, at + kContext + kLongestMatch);
    row.matched = at > 0 ? u"…"_s : QString();
    for (const Match& match : matches) {
        const std::size_t from = characterStart(all, match.start);
        const std::size_t to = std::min(characterStart(all, match.end), last);
        if (from < at || to <= from)
            continue;
        row.matched += visibleText(all.substr(at, from - at));
        const QString found = visibleText(all.substr(from, to - from));
        row.marks << static_cast<int>(row.matched.size()) << static_cast<int>(found.size());
        row.matched += found;
        at = to;
    }
    const std::size_t end = std::min(characterStart(all, at + kContext), std::max(last, at));
    row.matched += visibleText(all.substr(at, end - at));
    if (end < all.size())
        row.matched += u"…"_s;
}

struct Words
{
    row::Tone tone = row::Tone::Plain;
    QString glyph;
    QString word;  ///< for a badge
    QString title; ///< %1 = the policy
};

Words wordsForShadow(const Decision& decision)
{
    const bool isTool = !decision.tool.empty();
    Words words{.tone = row::Tone::Watching, .glyph = u"eye"_s};
    switch (decision.verdict) {
    case Verdict::Block:
        words.word = tr("Would be blocked");
        words.title = isAboutRequest(decision) ? tr("%1 would have blocked this request")
                      : isTool                 ? tr("%1 would have blocked this call")
                                               : tr("%1 would have blocked this");
        break;
    case Verdict::Replace:
        words.word = tr("Would be changed");
        words.title = isAboutRequest(decision) ? tr("%1 would have changed this request")
                      : isTool                 ? tr("%1 would have changed the arguments of this call")
                                               : tr("%1 would have changed this text");
        break;
    case Verdict::Hold:
        words.word = tr("Would be held");
        words.title = tr("%1 would have held this call");
        break;
    case Verdict::Continue:
        words.word = tr("Allowed");
        words.title = tr("%1 would have let this pass");
        break;
    }
    return words;
}

QString blockTitle(const Decision& decision)
{
    switch (decision.answeredBy) {
    case AnsweredBy::Person:
        return tr("A person denied this, asked by %1");
    case AnsweredBy::Timeout:
        return tr("Nobody answered %1 in time, so this was blocked");
    case AnsweredBy::Error:
        return tr("%1 could not judge this, so it was blocked");
    case AnsweredBy::Policy:
        break;
    }
    if (isAboutRequest(decision))
        return tr("%1 blocked this request: nothing was sent to the provider");
    return decision.tool.empty() ? tr("%1 blocked this") : tr("%1 blocked this call");
}

QString changeTitle(const Decision& decision)
{
    if (isAboutRequest(decision))
        return tr("%1 changed this request");
    if (decision.tool.empty())
        return tr("%1 changed this text");
    return decision.answeredBy == AnsweredBy::Person ? tr("A person changed the arguments of this call, asked by %1")
                                                     : tr("%1 changed the arguments of this call");
}

Words wordsForEnforced(const Decision& decision)
{
    switch (decision.verdict) {
    case Verdict::Block:
        return {row::Tone::Blocked, u"barred"_s, tr("Blocked"), blockTitle(decision)};
    case Verdict::Replace:
        return {row::Tone::Changed, u"pen"_s, tr("Changed"), changeTitle(decision)};
    case Verdict::Hold:
        return {row::Tone::Changed, u"pause"_s, tr("Held"), tr("%1 held this call")};
    case Verdict::Continue:
        break;
    }
    if (decision.answeredBy == AnsweredBy::Error)
        return {row::Tone::Warning, u"triangle"_s, tr("Not judged"), tr("%1 could not judge this and let it pass")};
    return {row::Tone::Allowed, u"check"_s, tr("Allowed"),
            decision.answeredBy == AnsweredBy::Person ? tr("A person allowed this, asked by %1")
                                                      : tr("%1 let this pass")};
}

std::string readableIfJson(const std::string& text)
{
    return looksLikeJson(text) ? indentJson(text) : text;
}

/// One row for a line that stands on one side only or is the same; side by side also one for a changed line.
void addDiffRows(std::vector<ConversationRow>& rows, const DiffLine& line, row::Comparison comparison)
{
    ConversationRow row{.kind = row::Kind::DiffLine, .comparison = comparison, .first = rows.empty(), .last = false};
    const bool isBeside = comparison == row::Comparison::Beside;
    if (line.kind == DiffLine::Kind::Skipped) {
        row.title = line.count == 1 ? tr("1 more line") : tr("%1 more lines").arg(line.count);
        rows.push_back(std::move(row));
        return;
    }
    if (line.kind == DiffLine::Kind::Same) {
        row.text = line.before;
        row.other = isBeside ? line.after : QString();
        rows.push_back(std::move(row));
        return;
    }
    const bool hasBefore = line.kind != DiffLine::Kind::Added;
    const bool hasAfter = line.kind != DiffLine::Kind::Removed;
    ConversationRow added = row;
    row.tone = hasBefore && hasAfter && isBeside ? row::Tone::Changed : row::Tone::Removed;
    row.marker = u"−"_s;
    row.text = line.before;
    row.marks = line.beforeMarks;
    ConversationRow& right = isBeside ? row : added;
    (isBeside ? right.other : right.text) = line.after;
    (isBeside ? right.otherMarks : right.marks) = line.afterMarks;
    added.tone = row::Tone::Added;
    added.marker = u"+"_s;
    if (isBeside && !hasBefore)
        row.tone = row::Tone::Added;
    if (hasBefore || isBeside)
        rows.push_back(std::move(row));
    if (hasAfter && !isBeside) {
        added.first = rows.empty();
        rows.push_back(std::move(added));
    }
}

QString receivedLabel(const Decision& decision)
{
    const bool isWatching = decision.mode == PolicyMode::Shadow;
    if (isAboutRequest(decision) && decision.verdict == Verdict::Replace)
        return isWatching ? tr("The provider would have received") : tr("The provider received");
    return isWatching ? tr("The agent would have received") : tr("The agent received");
}
} // namespace

bool isAboutRequest(const Decision& decision)
{
    // The request is the first event of its call, and nothing of a reply is.
    return decision.seq == 0 && decision.tool.empty();
}

ConversationRow decisionRow(const Decision& decision)
{
    const bool isShadow = decision.mode == PolicyMode::Shadow;
    Words words = isShadow ? wordsForShadow(decision) : wordsForEnforced(decision);
    ConversationRow row{.kind = row::Kind::Decision, .tone = words.tone, .glyph = std::move(words.glyph)};
    row.policy = visibleText(decision.policyId);
    row.policyAt = static_cast<int>(words.title.indexOf(u"%1"_s));
    row.title = words.title.arg(row.policy);
    if (decision.isRepeat)
        row.title += tr(", as when the same was asked before");
    row.detail = std::move(words.word);
    row.text = visibleText(cut(decision.reason, kSummary));
    showMatches(decision, row);
    if (row.matched.isEmpty() && decision.verdict == Verdict::Replace) // what it was before
        row.matched =
            visibleText(cut(decision.original, kSummary)) + (decision.original.size() > kSummary ? u"…"_s : u""_s);
    row.receivedLabel = receivedLabel(decision);
    const std::string& received = decision.verdict == Verdict::Block ? decision.agentText : decision.final;
    row.received = visibleText(cut(received, kSummary));
    if (!received.empty() && received != decision.original) {
        const bool isBrief = decision.original.size() <= kShownChange && received.size() <= kShownChange;
        row.comparison = decision.verdict == Verdict::Replace && !isShadow && isBrief ? row::Comparison::Inline
                                                                                      : row::Comparison::Closed;
    }
    if (received.size() > kSummary)
        row.received += u"…"_s;
    return row;
}

std::vector<ConversationRow> comparisonRows(const Decision& decision, row::Comparison comparison)
{
    std::vector<ConversationRow> rows;
    if (comparison != row::Comparison::Inline && comparison != row::Comparison::Beside)
        return rows;
    const std::string& received = decision.verdict == Verdict::Block ? decision.agentText : decision.final;
    for (const DiffLine& line : diffTexts(readableIfJson(decision.original), readableIfJson(received)))
        addDiffRows(rows, line, comparison);
    if (!rows.empty())
        rows.back().last = true;
    return rows;
}

std::vector<ConversationRow> sentRows(const conversation::Response& sent, bool expanded)
{
    ConversationRow head{.kind = row::Kind::Received, .expandable = true, .expanded = expanded};
    head.title = tr("What the agent received");
    std::vector<ConversationRow> rows;
    for (const conversation::Block& block : sent.blocks) {
        const bool isText = block.kind == BlockKind::Text;
        if (block.kind == BlockKind::Thinking)
            continue;
        MarkdownCutter cutter;
        cutter.append(isText ? block.text : block.name);
        for (TextPiece& piece : cutter.pieces()) {
            ConversationRow row{
                .kind = row::Kind::ThoughtText, .depth = piece.depth, .marker = std::move(piece.marker)};
            row.text = std::move(piece.text);
            row.spans = std::move(piece.spans);
            row.links = std::move(piece.links);
            if (!isText)
                row.text += u"  "_s + visibleText(tellingArgument(block.text)).simplified().left(kSummary);
            rows.push_back(std::move(row));
        }
    }
    head.text = rows.empty() ? tr("nothing") : rows.front().text.simplified().left(240);
    if (!expanded)
        rows.clear();
    rows.insert(rows.begin(), std::move(head));
    return rows;
}

} // namespace luthien::desktop
