// SPDX-License-Identifier: Apache-2.0
#include "store/search_index.h"

#include "base/logging.h"
#include "store/content_store.h"
#include "store/database.h"
#include "store/filter_query.h"
#include "store/search_words.h"

#include <algorithm>
#include <set>
#include <utility>

namespace luthien::store {

namespace {
constexpr std::int64_t kCallsPerTurn = 100;
constexpr std::int64_t kMergedPages = 300; // some 10 ms

// Of the column call.unindexed.
constexpr std::int64_t kRequestWaits = 1;
constexpr std::int64_t kReplyWaits = 2;
constexpr std::int64_t kIsCut = 4;

using Part = ContentSource::Part;

Result<std::optional<IndexedContent>> find(Database& database, std::int64_t content)
{
    auto get = database.statement("get_search_content");
    if (!get)
        return get.error();
    if (auto done = (*get)->bind(":content", content).exec(); !done)
        return done.error();
    const auto row = (*get)->next();
    if (!row)
        return row.error();
    const auto found = *row ? std::optional(IndexedContent{(*get)->number(0), (*get)->number(1), (*get)->number(2) != 0,
                                                           (*get)->number(3)})
                            : std::nullopt;
    (*get)->finish();
    return found;
}

/// A content's texts, as they stand in the tables.
struct ContentWords
{
    IndexedContent summary;
    std::vector<std::pair<TextKind, std::string>> values;
};

std::int64_t chained(std::int64_t before, std::int64_t hash)
{
    constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(before) * kOdd + static_cast<std::uint64_t>(hash));
}

ContentWords wordsOf(const ReadTexts& read, const ContentSource& source, std::string_view bytes,
                     filter::SqlDialect dialect)
{
    ContentWords words;
    words.summary.source = numberOf(source);
    for (const SearchText& text : read(source, bytes)) {
        IndexedWords indexed = indexedWords(text.text, dialect);
        if (indexed.value.empty())
            continue;
        words.summary.kinds |= std::int64_t{1} << static_cast<int>(text.kind);
        words.summary.isCut = words.summary.isCut || indexed.isCut;
        words.summary.hash = chained(words.summary.hash, indexed.hash);
        words.values.emplace_back(text.kind, std::move(indexed.value));
    }
    return words;
}

/// Of an index whose rows go by their number, whatever they say.
ContentWords rowsOf(const IndexedContent& known)
{
    constexpr int kKinds = 8;
    ContentWords words{.summary = known, .values = {}};
    for (int kind = 0; kind < kKinds; ++kind) {
        if ((known.kinds >> kind & 1) != 0)
            words.values.emplace_back(static_cast<TextKind>(kind), "~");
    }
    return words;
}

Result<void> change(Database& database, const char* query, std::int64_t content, const ContentWords& words)
{
    for (const auto& [kind, value] : words.values) {
        auto statement = database.statement(query);
        if (!statement)
            return statement.error();
        auto done = (*statement)->bind(":text", textNumber(content, kind)).bindText(":words", value).post();
        if (!done)
            return done;
    }
    return {};
}

Result<void> insert(Database& database, std::int64_t content, const ContentWords& words)
{
    auto insert = database.statement("insert_search_content");
    if (!insert)
        return insert.error();
    auto done = (*insert)
                    ->bind(":content", content)
                    .bind(":source", words.summary.source)
                    .bind(":kinds", words.summary.kinds)
                    .bind(":is_cut", std::int64_t{words.summary.isCut})
                    .bind(":words_hash", words.summary.hash)
                    .post();
    return done ? change(database, "insert_search_words", content, words) : done;
}

Result<void> runWith(Database& database, const char* query, const char* name, std::int64_t number)
{
    auto statement = database.statement(query);
    return statement ? (*statement)->bind(name, number).post() : Result<void>(statement.error());
}
} // namespace

SearchIndex::SearchIndex(Database& database, ReadTexts read)
    : m_database(database)
    , m_read(std::move(read))
    , m_renewal(database)
{
}

Result<bool> SearchIndex::advance(std::chrono::milliseconds budget)
{
    if (auto renewed = m_renewal.advance(); !renewed || *renewed)
        return renewed;
    const auto calls = waiting(m_oneByOne ? 1 : kCallsPerTurn);
    if (!calls || calls->empty())
        return calls ? Result<bool>(false) : calls.error();
    const SteadyPoint until = std::chrono::steady_clock::now() + budget;
    auto more = takeSome(*calls, until);
    if (more) {
        m_oneByOne = false;
        return more;
    }
    m_database.rollback();
    if (more.error().code != ErrorCode::InvalidInput)
        return more;
    if (!std::exchange(m_oneByOne, true))
        return true; // the next turn finds out whose it is
    m_oneByOne = false;
    qCWarning(lcStore, "the database takes no words of a call: %s", more.error().toString().c_str());
    auto refused = refuse(calls->front());
    return refused ? Result<bool>(true) : refused.error();
}

Result<std::vector<SearchIndex::Waiting>> SearchIndex::waiting(std::int64_t limit)
{
    auto list = m_database.statement("list_unindexed_calls");
    if (!list)
        return list.error();
    std::vector<Waiting> calls;
    const auto done = (*list)->bind(":limit", limit).each([&](const Statement& row) {
        const auto reply = row.isNull(4) ? std::nullopt : std::optional(row.number(4));
        calls.push_back(
            {row.number(0), row.number(1), static_cast<conversation::Api>(row.number(2)), row.number(3), reply});
    });
    return done ? Result<std::vector<Waiting>>(std::move(calls)) : done.error();
}

Result<bool> SearchIndex::takeSome(const std::vector<Waiting>& calls, SteadyPoint until)
{
    if (auto begun = m_database.begin(); !begun)
        return begun.error();
    m_hasAdded = false;
    bool more = calls.size() == static_cast<std::size_t>(kCallsPerTurn) || m_oneByOne;
    for (const Waiting& call : calls) {
        const auto whole = take(call, until);
        if (!whole)
            return whole;
        if (!*whole || std::chrono::steady_clock::now() >= until) {
            more = true;
            break;
        }
    }
    const auto done = m_database.commit();
    return done ? Result<bool>(more) : done.error();
}

Result<bool> SearchIndex::take(const Waiting& call, SteadyPoint until)
{
    m_isCut = (call.unindexed & kIsCut) != 0;
    // Read once more: which of its messages are new may be known better by now.
    const bool isRead = (call.unindexed & (kRequestWaits | kReplyWaits)) == (kRequestWaits | kReplyWaits);
    if (auto done = isRead ? forget(call.row) : Result<void>(); !done)
        return done.error();
    const auto all = brought(call);
    if (!all)
        return all.error();
    std::set<std::int64_t> taken;
    for (const Brought& one : *all) {
        if (m_hasAdded && std::chrono::steady_clock::now() >= until)
            return false;
        // The same text twice: what was listed does not know of the first one.
        const auto known = taken.insert(one.content).second ? one.known : find(m_database, one.content);
        auto done = known ? takeContent(call, one, *known) : known.error();
        if (!done)
            return done.error();
    }
    const auto done = setUnindexed(call, m_isCut ? kIsCut : 0);
    return done ? Result<bool>(true) : done.error();
}

Result<std::vector<SearchIndex::Brought>> SearchIndex::brought(const Waiting& call)
{
    auto list = m_database.statement("list_brought_contents");
    if (!list)
        return list.error();
    (*list)
        ->bind(":call", (call.unindexed & kRequestWaits) != 0 ? call.row : 0)
        .bind(":from", call.freshFrom)
        .bind(":reply", (call.unindexed & kReplyWaits) != 0 ? call.reply : std::nullopt);
    std::vector<Brought> all;
    const auto done = (*list)->each([&](const Statement& row) {
        Brought one{.content = row.number(0), .part = static_cast<Part>(row.number(1))};
        if (!row.isNull(2))
            one.known = {row.number(2), row.number(3), row.number(4) != 0, row.number(5)};
        if (!row.isNull(6)) {
            auto bytes = m_compression.unpack(static_cast<Codec>(row.number(7)), row.blob(8),
                                              static_cast<std::uint64_t>(row.number(6)));
            one.bytes = bytes ? *std::move(bytes) : std::string(); // as read() has it
        }
        all.push_back(std::move(one));
    });
    return done ? Result<std::vector<Brought>>(std::move(all)) : done.error();
}

Result<void> SearchIndex::takeContent(const Waiting& call, const Brought& one,
                                      const std::optional<IndexedContent>& known)
{
    const ContentSource source{call.api, one.part};
    // Bytes that said nothing to one API may say something to another.
    const bool isNew = !known || (known->kinds == 0 && contentSourceFrom(known->source).api != source.api);
    std::int64_t kinds = known ? known->kinds : 0;
    if (isNew) {
        auto bytes = one.bytes ? Result<std::string>(*one.bytes) : read(one.content);
        if (!bytes)
            return bytes.error();
        const ContentWords words = wordsOf(m_read, source, *bytes, dialectOf(m_database));
        kinds = words.summary.kinds;
        m_isCut = m_isCut || words.summary.isCut;
        m_hasAdded = true;
        auto done = known ? runWith(m_database, "delete_search_content", ":content", one.content) : Result<void>();
        done = done ? insert(m_database, one.content, words) : done;
        if (!done)
            return done;
    } else {
        m_isCut = m_isCut || known->isCut;
    }
    if (kinds == 0)
        return {};
    auto mention = m_database.statement("insert_mention");
    return mention ? (*mention)->bind(":content", one.content).bind(":call", call.row).post() : mention.error();
}

Result<void> SearchIndex::remove(std::int64_t content, std::string_view bytes)
{
    const auto known = find(m_database, content);
    if (!known)
        return known.error();
    if (!*known)
        return {};
    ContentWords words;
    if (dialectOf(m_database) != filter::SqlDialect::Sqlite)
        words = rowsOf(**known);
    else if (m_read)
        words = wordsOf(m_read, contentSourceFrom((*known)->source), bytes, filter::SqlDialect::Sqlite);
    const bool isSame = words.summary.kinds == (*known)->kinds && words.summary.hash == (*known)->hash;
    auto done = isSame ? change(m_database, "delete_search_words", content, words) : m_renewal.start();
    return done ? runWith(m_database, "delete_search_content", ":content", content) : done;
}

Result<void> SearchIndex::forget(std::int64_t call)
{
    return runWith(m_database, "delete_mentions", ":call", call);
}

Result<bool> SearchIndex::merge()
{
    if (dialectOf(m_database) != filter::SqlDialect::Sqlite)
        return false; // VACUUM takes them away there
    if (auto renewed = m_renewal.advance(); !renewed || *renewed)
        return renewed;
    // Not out of resources/sql, where each query is for both databases: only SQLite has such a command.
    const QString changes = QStringLiteral("SELECT total_changes()");
    const QString step = QStringLiteral("INSERT INTO search_words (search_words, rank) VALUES ('merge', %1)");
    const auto before = m_database.number(changes);
    // A negative number begins to merge everything, others go on.
    const auto done = m_database.run(step.arg(std::exchange(m_isMerging, true) ? kMergedPages : -kMergedPages));
    const auto after = m_database.number(changes);
    if (!before || !done || !after)
        return !before ? before.error() : !done ? done.error() : after.error();
    // Source: SQLite's documentation of FTS5, "The 'merge' command".
    m_isMerging = after->value_or(0) - before->value_or(0) >= 2;
    return m_isMerging;
}

Result<void> SearchIndex::refuse(const Waiting& call)
{
    auto done = m_database.begin();
    if (done)
        done = setUnindexed(call, kIsCut);
    if (done)
        done = m_database.commit();
    if (!done)
        m_database.rollback();
    return done;
}

Result<void> SearchIndex::setUnindexed(const Waiting& call, std::int64_t bits)
{
    auto update = m_database.statement("update_call_indexed");
    if (!update)
        return update.error();
    return (*update)->bind(":call", call.row).bind(":unindexed", bits).post();
}

Result<std::string> SearchIndex::read(std::int64_t content)
{
    auto bytes = readContent(m_database, m_compression, content);
    if (bytes)
        return std::move(*bytes).value_or(std::string());
    // Bytes that are gone or damaged say nothing; whoever reads them will be told.
    return bytes.error().code == ErrorCode::InvalidInput ? Result<std::string>(std::string()) : bytes.error();
}

} // namespace luthien::store
