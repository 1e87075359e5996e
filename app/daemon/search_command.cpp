// SPDX-License-Identifier: Apache-2.0
#include "archive/json_shapes.h"
#include "daemon/commands.h"
#include "daemon/filter_option.h"
#include "daemon/terminal_text.h"
#include "runtime/recorded_data.h"

#include <QDeadlineTimer>
#include <QThread>

#include <algorithm>
#include <cstdio>

namespace luthien::daemon {

namespace {
constexpr std::uint32_t kPage = 100;
constexpr int kSnippetWidth = 160;
constexpr std::int64_t kCounted = 10'000;
constexpr int kIndexWaitMilliseconds = 2000;
constexpr int kIndexPollMilliseconds = 20;

std::string line(const archive::TextHit& hit)
{
    return padded(toRfc3339(hit.at).substr(0, 19), 19) + padded(terminalText(hit.session, 64), 44) +
           padded(std::string(textKindName(hit.kind)), 14) + terminalText(hit.snippet.text, kSnippetWidth) + '\n';
}

std::string head()
{
    return padded("CALL BEGAN (UTC)", 19) + padded("SESSION", 44) + padded("WHO", 14) + "TEXT\n";
}

/// What was just recorded may still be on its way into the index; of more than that a note tells.
Result<void> awaitIndex(store::Reader& reader)
{
    const QDeadlineTimer deadline(kIndexWaitMilliseconds);
    auto waiting = reader.countUnindexed(kCounted);
    while (waiting && *waiting > 0 && !deadline.hasExpired()) {
        QThread::msleep(kIndexPollMilliseconds);
        waiting = reader.countUnindexed(kCounted);
    }
    if (!waiting)
        return waiting.error();
    if (*waiting > 0)
        std::fprintf(stderr, "luthiend: %s%lld calls are not in the search index yet; search again later\n",
                     *waiting == kCounted ? "at least " : "", static_cast<long long>(*waiting));
    return {};
}

Result<archive::TextHitQuery> queryFrom(const CommandLine& line)
{
    std::string text;
    for (const std::string& word : line.words)
        text += (text.empty() ? "" : " ") + word;
    auto words = filter::parseWordQuery(text);
    if (!words)
        return Error{ErrorCode::InvalidArgument, words.error().message, words.error().context};
    auto filter = filterOption(line);
    if (!filter)
        return filter.error();
    return archive::TextHitQuery{.words = *std::move(words),
                                 .order =
                                     line.has("ranked") ? store::FoundOrder::BestFirst : store::FoundOrder::NewestFirst,
                                 .filter = *std::move(filter),
                                 .now = SystemClock().now()};
}
} // namespace

CommandResult searchTexts(const CommandContext& context)
{
    const auto query = queryFrom(context.line);
    const auto limit = limitOption(context.line);
    if (!query || !limit)
        return query ? limit.error() : query.error();
    auto data = openRecorded(context);
    if (!data)
        return data.error();
    if (auto awaited = awaitIndex(data->reader()); !awaited)
        return awaited.error();
    const bool asJson = context.line.has("json");
    if (!asJson) {
        if (auto printed = printOut(head()); !printed)
            return printed.error();
    }
    std::uint64_t left = *limit;
    std::optional<store::Cursor> from;
    do {
        const auto page = archive::findHits(data->reader(), *query, from,
                                            static_cast<std::uint32_t>(std::min<std::uint64_t>(left, kPage)));
        if (!page)
            return page.error();
        std::string text;
        for (const archive::TextHit& hit : page->items)
            text += asJson ? archive::hitJson(hit) + '\n' : line(hit);
        if (auto printed = printOut(text); !printed)
            return printed.error();
        left -= page->items.size();
        from = page->next;
    } while (from && left > 0);
    return Done;
}

} // namespace luthien::daemon
