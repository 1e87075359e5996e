// SPDX-License-Identifier: Apache-2.0
#include "archive/filtered_lists.h"
#include "archive/json_shapes.h"
#include "daemon/commands.h"
#include "daemon/filter_option.h"
#include "daemon/terminal_text.h"
#include "runtime/recorded_data.h"

#include <algorithm>

namespace luthien::daemon {

namespace {
constexpr std::uint32_t kPage = 200;
constexpr int kPreviewWidth = 60;

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
    return padded(toRfc3339(session.lastAt).substr(0, 19), 19) + padded(terminalText(session.id, 64), 44) +
           padded(terminalText(session.client, 16), 14) + padded(std::to_string(session.calls), 5) +
           padded(tokens, 14) + padded(std::string(callStatusName(session.status)), 9) +
           padded(decisionsText(session.decisions), 22) + terminalText(session.preview, kPreviewWidth) + '\n';
}

std::string tableHead()
{
    return padded("LAST (UTC)", 19) + padded("SESSION", 44) + padded("CLIENT", 14) + padded("CALLS", 5) +
           padded("TOKENS IN/OUT", 14) + padded("STATUS", 9) + padded("DECISIONS", 22) + "BEGINS WITH\n";
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
    const auto limit = limitOption(context.line);
    const auto filter = filterOption(context.line);
    if (!limit || !filter)
        return limit ? filter.error() : limit.error();
    auto data = openRecorded(context);
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
