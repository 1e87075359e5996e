// SPDX-License-Identifier: Apache-2.0
#include "archive/text_hits.h"

#include "archive/filtered_lists.h"
#include "archive/read_texts.h"

#include <algorithm>
#include <utility>

namespace luthien::archive {

namespace {
constexpr std::size_t kMaxSpans = 20; ///< of one phrase

/// Nullopt = one of the phrases does not stand there.
std::optional<std::vector<filter::TextSpan>> spansOf(std::string_view text, const filter::WordQuery& words)
{
    std::vector<filter::TextSpan> all;
    for (const filter::Phrase& phrase : words.phrases) {
        const auto spans = find(text, phrase, kMaxSpans);
        if (spans.empty())
            return std::nullopt;
        all.insert(all.end(), spans.begin(), spans.end());
    }
    std::ranges::sort(all);
    return all;
}

/// Nullopt = the words do not stand in the text after all.
std::optional<TextHit> hitFrom(store::FoundText& found, const filter::WordQuery& words)
{
    const auto texts = readTexts(found.source, found.bytes);
    const auto text = std::ranges::find(texts, found.kind, &store::SearchText::kind);
    const auto spans = text == texts.end() ? std::nullopt : spansOf(text->text, words);
    if (!spans)
        return std::nullopt;
    TextHit hit{.session = std::move(found.session), .call = found.call, .at = found.at, .kind = found.kind};
    hit.snippet = cutSnippet(text->text, *spans);
    return hit;
}

Result<bool> isIn(store::Reader& reader, FilteredLists& calls, const CallId& id)
{
    const auto call = reader.call(id);
    return call ? calls.matches(*call) : call.error();
}
} // namespace

Result<store::Page<TextHit>> findHits(store::Reader& reader, const TextHitQuery& query,
                                      std::optional<store::Cursor> from, std::uint32_t limit)
{
    const auto end = std::chrono::steady_clock::now() + FilteredLists::kPatience;
    const auto where = reader.condition(query.filter, filter::SqlRows::Calls, query.now);
    const store::TextSearch search{
        .phrases = query.words.phrases, .order = query.order, .where = query.filter.isAll() ? nullptr : &where};
    FilteredLists calls(reader, query.filter, query.now);
    store::Page<TextHit> hits;
    hits.next = from;
    do {
        auto page = reader.findTexts(search, hits.next, limit);
        if (!page)
            return page.error();
        for (store::FoundText& found : page->items) {
            hits.next = found.cursor;
            auto hit = hitFrom(found, query.words);
            const auto matches = hit && !where.isExact ? isIn(reader, calls, hit->call) : Result<bool>(true);
            if (!matches)
                return matches.error();
            if (hit && *matches)
                hits.items.push_back(*std::move(hit));
            const bool isLast = &found == &page->items.back() && !page->next;
            if (!isLast && (hits.items.size() == limit || std::chrono::steady_clock::now() >= end))
                return hits;
        }
        hits.next = page->next;
    } while (hits.next);
    return hits;
}

} // namespace luthien::archive
