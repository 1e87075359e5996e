// SPDX-License-Identifier: Apache-2.0
#include "store/found_texts.h"

#include "store/content_store.h"
#include "store/database.h"
#include "store/filter_query.h"
#include "store/search_words.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace luthien::store {

namespace {
constexpr std::int64_t kMaxRanked = 1000;
constexpr std::size_t kMaxPageBytes = 16 << 20;
constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();

struct FoundRow
{
    FoundText text;
    std::int64_t content = 0;
};

Result<std::vector<FoundRow>> rowsOf(Statement& list, const TextSearch& search, std::int64_t offset)
{
    std::vector<FoundRow> rows;
    const auto done = list.each([&](const Statement& row) {
        const std::int64_t text = row.number(0);
        FoundRow found;
        found.content = contentOf(text);
        found.text.kind = textKindOf(text);
        found.text.call = row.id(2);
        found.text.session = row.text(3);
        found.text.at = fromMicros(row.number(4));
        found.text.source = contentSourceFrom(row.number(5));
        const bool isRanked = search.order == FoundOrder::BestFirst;
        found.text.cursor = isRanked ? Cursor{0, ++offset} : Cursor{text, row.number(1)};
        rows.push_back(std::move(found));
    });
    return done ? Result<std::vector<FoundRow>>(std::move(rows)) : done.error();
}

Result<Page<FoundText>> pageOf(Database& database, std::vector<FoundRow> rows, std::size_t limit)
{
    Page<FoundText> page;
    Compression compression;
    std::int64_t last = 0; // some that follow each other may be of one content
    std::string content;
    std::size_t bytes = 0;
    for (FoundRow& row : rows) {
        if (page.items.size() == limit || bytes >= kMaxPageBytes) {
            page.next = page.items.back().cursor;
            break;
        }
        if (row.content != last) {
            auto read = readContent(database, compression, row.content);
            if (!read)
                return read.error();
            content = std::move(*read).value_or(std::string()); // deleted meanwhile: says nothing
            last = row.content;
        }
        bytes += content.size();
        row.text.bytes = content;
        page.items.push_back(std::move(row.text));
    }
    return page;
}
} // namespace

Result<Page<FoundText>> findTexts(Database& database, const TextSearch& search, std::optional<Cursor> from,
                                  std::uint32_t limit)
{
    const bool isRanked = search.order == FoundOrder::BestFirst;
    const filter::SqlCondition all{.sql = "TRUE", .bindings = {}};
    // Prepared anew each time: how common the words are decides how PostgreSQL looks for them.
    auto list = filteredList(database, isRanked ? "list_found_ranked" : "list_found_newest",
                             search.where == nullptr ? all : *search.where);
    if (!list)
        return list.error();
    const Cursor start = from.value_or(isRanked ? Cursor{} : Cursor{kEnd, kEnd});
    const std::int64_t offset = std::clamp<std::int64_t>(start.row, 0, kMaxRanked);
    std::int64_t wanted = std::int64_t{limit} + 1;
    if (isRanked) {
        wanted = std::min(wanted, kMaxRanked - offset);
        (*list)->bind(":offset", offset);
    } else {
        (*list)->bind(":text", start.micros).bind(":call", start.row);
    }
    (*list)->bindText(":words", wordsQuery(search.phrases, dialectOf(database))).bind(":limit", wanted);
    auto rows = rowsOf(**list, search, offset);
    return rows ? pageOf(database, *std::move(rows), limit) : rows.error();
}

Result<std::int64_t> countUnindexed(Database& database, std::int64_t limit)
{
    auto count = database.statement("count_unindexed");
    const auto found =
        count ? (*count)->bind(":limit", limit).firstNumber() : Result<std::optional<std::int64_t>>(count.error());
    return found ? Result<std::int64_t>(found->value_or(0)) : found.error();
}

} // namespace luthien::store
