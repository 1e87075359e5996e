// SPDX-License-Identifier: Apache-2.0
#include "archive/filtered_lists.h"
#include "archive/json_shapes.h"
#include "daemon/commands.h"
#include "daemon/filter_option.h"
#include "runtime/recorded_data.h"

#include <QList>
#include <QString>

#include <algorithm>

namespace luthien::daemon {

namespace {
constexpr std::uint32_t kPage = 200;
constexpr int kPreviewWidth = 60;

/// Text from outside on a terminal: no control codes, nothing that reorders or hides, one line, bounded.
std::string plain(const std::string& text, int width)
{
    QString shown;
    for (const char32_t letter : QString::fromStdString(text).toUcs4()) {
        if (shown.size() >= width)
            return shown.toStdString() + "…";
        const auto category = QChar::category(letter);
        const bool isHidden = category == QChar::Other_Control || category == QChar::Other_Format ||
                              category == QChar::Other_Surrogate || category == QChar::Separator_Line ||
                              category == QChar::Separator_Paragraph || category == QChar::Other_PrivateUse;
        shown += isHidden ? QStringLiteral(" ") : QString::fromUcs4(&letter, 1);
    }
    return shown.toStdString();
}

std::string padded(std::string text, std::size_t width)
{
    text.resize(std::max(text.size(), width), ' ');
    return text + "  ";
}

/// What policies did: "1 blocked, 2 changed"; a shadow's only if nothing was done in earnest.
std::string decisionsText(const store::DecisionCounts& counts)
{
    std::string text;
    if (counts.block > 0)
        text = std::to_string(counts.block) + " blocked";
    if (counts.replace > 0)
        text += (text.empty() ? "" : ", ") + std::to_string(counts.replace) + " changed";
    if (text.empty() && counts.shadow > 0)
        text = std::to_string(counts.shadow) + " in shadow";
    return text.empty() ? "-" : text;
}

std::string tableLine(const store::SessionRow& session)
{
    const std::string tokens = std::to_string(session.inputTokens) + '/' + std::to_string(session.outputTokens);
    return padded(toRfc3339(session.lastAt).substr(0, 19), 19) + padded(plain(session.id, 64), 44) +
           padded(plain(session.client, 16), 14) + padded(std::to_string(session.calls), 5) + padded(tokens, 14) +
           padded(std::string(callStatusName(session.status)), 9) + padded(decisionsText(session.decisions), 22) +
           plain(session.preview, kPreviewWidth) + '\n';
}

std::string tableHead()
{
    return padded("LAST (UTC)", 19) + padded("SESSION", 44) + padded("CLIENT", 14) + padded("CALLS", 5) +
           padded("TOKENS IN/OUT", 14) + padded("STATUS", 9) + padded("DECISIONS", 22) + "BEGINS WITH\n";
}

Result<std::uint64_t> limitOf(const CommandLine& line)
{
    const auto text = line.value("limit");
    if (!text)
        return std::uint64_t{20};
    auto limit = runtime::parseCount(*text);
    if (!limit || *limit == 0)
        return Error{
            .code = ErrorCode::InvalidArgument, .message = "takes a whole number from 1", .context = "--limit"};
    return limit;
}

Result<void> printRows(const std::vector<store::SessionRow>& rows, bool asJson)
{
    std::string text;
    for (const store::SessionRow& row : rows)
        text += asJson ? archive::sessionJson(row) + '\n' : tableLine(row);
    return printOut(text);
}
} // namespace

CommandResult listSessions(const CommandContext& context)
{
    const auto limit = limitOf(context.line);
    const auto filter = filterOption(context.line);
    if (!limit || !filter)
        return limit ? filter.error() : limit.error();
    auto data = runtime::RecordedData::open(context.paths);
    if (!data)
        return data.error();
    const bool asJson = context.line.has("json");
    if (!asJson) {
        if (auto printed = printOut(tableHead()); !printed)
            return printed.error();
    }
    archive::FilteredLists lists(data->reader(), *filter, SystemClock().now());
    std::uint64_t left = *limit;
    std::optional<store::Cursor> from;
    do {
        const auto page = lists.sessions(from, static_cast<std::uint32_t>(std::min<std::uint64_t>(left, kPage)));
        if (!page)
            return page.error();
        if (auto printed = printRows(page->items, asJson); !printed)
            return printed.error();
        left -= page->items.size();
        from = page->next;
    } while (from && left > 0);
    return Done;
}

} // namespace luthien::daemon
