// SPDX-License-Identifier: Apache-2.0
#include "store/search_index.h"

#include "base/logging.h"
#include "store/database.h"
#include "store/filter_query.h"
#include "store/remnants.h"
#include "store/search_words.h"

#include <algorithm>
#include <utility>

namespace luthien::store {

namespace {
constexpr std::int64_t kCallsPerTurn = 100;
constexpr std::int64_t kMergedPages = 300;   // some 10 ms
constexpr std::int64_t kRenewedAtOnce = 200; // calls; some 10 ms
constexpr auto kRenewal = static_cast<std::int64_t>(RemnantKind::Renewal);

// Of the column call.unindexed.
constexpr std::int64_t kRequestWaits = 1;
constexpr std::int64_t kReplyWaits = 2;
constexpr std::int64_t kIsCut = 4;

using Part = ContentSource::Part;

/// What search_content says of a content.
struct IndexedContent
{
    std::int64_t source = 0;
    std::int64_t kinds = 0;
    bool isCut = false;
    std::int64_t hash = 0;
};

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
        auto done = (*statement)->bind(":text", textNumber(content, kind)).bindText(":words", value).run();
        if (!done)
            return done;
    }
    return {};
}

Result<void> runWith(Database& database, const char* query, const char* name, std::int64_t number)
{
    auto statement = database.statement(query);
    return statement ? (*statement)->bind(name, number).run() : Result<void>(statement.error());
}
} // namespace

SearchIndex::SearchIndex(Database& database, ReadTexts read)
    : m_database(database)
    , m_read(std::move(read))
{
}

Result<bool> SearchIndex::advance(std::chrono::milliseconds budget)
{
    if (auto renewed = renew(); !renewed || *renewed)
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
    if (auto done = (*list)->bind(":limit", limit).exec(); !done)
        return done.error();
    std::vector<Waiting> calls;
    auto row = (*list)->next();
    for (; row && *row; row = (*list)->next()) {
        const auto reply = (*list)->isNull(4) ? std::nullopt : std::optional((*list)->number(4));
        calls.push_back({(*list)->number(0), (*list)->number(1), static_cast<conversation::Api>((*list)->number(2)),
                         (*list)->number(3), reply});
    }
    (*list)->finish();
    return row ? Result<std::vector<Waiting>>(std::move(calls)) : row.error();
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
    if ((call.unindexed & kRequestWaits) != 0) {
        const auto whole = takeRequest(call, until);
        if (!whole || !*whole)
            return whole;
    }
    if ((call.unindexed & kReplyWaits) != 0 && call.reply) {
        if (auto done = takeContent(call, *call.reply, Part::Reply); !done)
            return done.error();
    }
    const auto done = setUnindexed(call, m_isCut ? kIsCut : 0);
    return done ? Result<bool>(true) : done.error();
}

Result<bool> SearchIndex::takeRequest(const Waiting& call, SteadyPoint until)
{
    const auto contents = freshContents(call);
    if (!contents)
        return contents.error();
    for (const auto& [content, part] : *contents) {
        if (m_hasAdded && std::chrono::steady_clock::now() >= until)
            return false;
        if (auto done = takeContent(call, content, part); !done)
            return done.error();
    }
    return true;
}

Result<SearchIndex::Contents> SearchIndex::freshContents(const Waiting& call)
{
    auto get = m_database.statement("get_first_request");
    if (!get)
        return get.error();
    if (auto done = (*get)->bind(":call", call.row).exec(); !done)
        return done.error();
    const auto row = (*get)->next();
    Contents contents;
    if (!row || !*row)
        return row ? Result<Contents>(std::move(contents)) : row.error(); // none came
    if (call.freshFrom == 0) {                                            // the conversation begins
        contents.emplace_back((*get)->number(3), Part::Opening);
        if (!(*get)->isNull(5))
            contents.emplace_back((*get)->number(5), Part::Closing);
    }
    const std::int64_t head = (*get)->isNull(4) ? 0 : (*get)->number(4);
    (*get)->finish();
    auto list = m_database.statement("list_fresh_contents");
    if (!list)
        return list.error();
    if (auto done = (*list)->bind(":head", head).bind(":from", call.freshFrom).exec(); !done)
        return done.error();
    auto more = (*list)->next();
    for (; more && *more; more = (*list)->next())
        contents.emplace_back((*list)->number(0), call.freshFrom == 0 ? Part::History : Part::Message);
    (*list)->finish();
    return more ? Result<Contents>(std::move(contents)) : more.error();
}

Result<void> SearchIndex::takeContent(const Waiting& call, std::int64_t content, ContentSource::Part part)
{
    const auto hasTexts = add(content, {call.api, part});
    if (!hasTexts || !*hasTexts)
        return hasTexts ? Result<void>() : hasTexts.error();
    auto insert = m_database.statement("insert_mention");
    if (!insert)
        return insert.error();
    return (*insert)->bind(":content", content).bind(":call", call.row).run();
}

Result<bool> SearchIndex::add(std::int64_t content, const ContentSource& source)
{
    const auto known = find(m_database, content);
    if (!known)
        return known.error();
    // Bytes that said nothing to one API may say something to another.
    const bool isNew = !*known || ((*known)->kinds == 0 && contentSourceFrom((*known)->source).api != source.api);
    if (!isNew) {
        m_isCut = m_isCut || (*known)->isCut;
        return (*known)->kinds != 0;
    }
    const auto bytes = read(content);
    auto insert = m_database.statement("insert_search_content");
    if (!bytes || !insert)
        return bytes ? insert.error() : bytes.error();
    const ContentWords words = wordsOf(m_read, source, *bytes, dialectOf(m_database));
    m_isCut = m_isCut || words.summary.isCut;
    m_hasAdded = true;
    if (*known) {
        if (auto done = runWith(m_database, "delete_search_content", ":content", content); !done)
            return done.error();
    }
    const auto row = (*insert)
                         ->bind(":content", content)
                         .bind(":source", words.summary.source)
                         .bind(":kinds", words.summary.kinds)
                         .bind(":is_cut", std::int64_t{words.summary.isCut})
                         .bind(":words_hash", words.summary.hash)
                         .firstNumber();
    if (!row)
        return row.error();
    if (*row) { // else another instance was faster
        if (auto done = change(m_database, "insert_search_words", content, words); !done)
            return done.error();
    }
    return words.summary.kinds != 0;
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
    auto done = isSame ? change(m_database, "delete_search_words", content, words) : startAnew();
    return done ? runWith(m_database, "delete_search_content", ":content", content) : done;
}

Result<void> SearchIndex::forget(std::int64_t call)
{
    return runWith(m_database, "delete_mentions", ":call", call);
}

Result<std::optional<std::int64_t>> SearchIndex::renewedUpTo()
{
    auto get = m_database.statement("get_remnant");
    return get ? (*get)->bind(":kind", kRenewal).firstNumber() : get.error();
}

Result<void> SearchIndex::startAnew()
{
    const auto begun = renewedUpTo();
    if (!begun || *begun)
        return begun ? Result<void>() : begun.error();
    qCWarning(lcStore, "nobody can say any more what words a text had in the search index; it is made anew");
    auto insert = m_database.statement("insert_remnant");
    return insert ? (*insert)->bind(":kind", kRenewal).bind(":id", std::int64_t{0}).run() : insert.error();
}

Result<bool> SearchIndex::renew()
{
    const auto from = renewedUpTo();
    if (!from || !*from)
        return from ? Result<bool>(false) : from.error();
    auto done = m_database.begin();
    if (done)
        done = renewSome(**from);
    if (done)
        done = m_database.commit();
    if (done)
        return true;
    m_database.rollback();
    return done.error();
}

Result<void> SearchIndex::renewSome(std::int64_t from)
{
    const auto last =
        m_database.number(QStringLiteral("SELECT max(id) FROM (SELECT id FROM call WHERE id > %1 ORDER BY id LIMIT %2)")
                              .arg(from)
                              .arg(kRenewedAtOnce));
    if (!last)
        return last.error();
    const std::int64_t to = last->value_or(0);
    // The words go when all calls wait, and so are looked through: nothing is missed in between.
    const QStringList steps =
        to == 0
            ? QStringList({QStringLiteral("INSERT INTO search_words (search_words) VALUES ('delete-all')"),
                           QStringLiteral("DELETE FROM search_content"), QStringLiteral("DELETE FROM mention"),
                           QStringLiteral("DELETE FROM remnant WHERE kind = %1").arg(kRenewal)})
            : QStringList({QStringLiteral("UPDATE call SET unindexed = 3 WHERE id > %1 AND id <= %2").arg(from).arg(to),
                           QStringLiteral("UPDATE remnant SET id = %1 WHERE kind = %2").arg(to).arg(kRenewal)});
    for (const QString& step : steps) {
        if (auto done = m_database.run(step); !done)
            return done;
    }
    return {};
}

Result<bool> SearchIndex::merge()
{
    if (dialectOf(m_database) != filter::SqlDialect::Sqlite)
        return false; // VACUUM takes them away there
    if (auto renewed = renew(); !renewed || *renewed)
        return renewed;
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
    return (*update)->bind(":call", call.row).bind(":unindexed", bits).run();
}

Result<std::string> SearchIndex::read(std::int64_t content)
{
    auto get = m_database.statement("get_content");
    if (!get)
        return get.error();
    if (auto done = (*get)->bind(":id", content).exec(); !done)
        return done.error();
    const auto row = (*get)->next();
    if (!row)
        return row.error();
    // Bytes that are gone or damaged say nothing; whoever reads them will be told.
    auto bytes = *row ? m_compression.unpack(static_cast<Codec>((*get)->number(1)), (*get)->blob(2),
                                             static_cast<std::uint64_t>((*get)->number(0)))
                      : Result<std::string>(std::string());
    (*get)->finish();
    return bytes ? bytes : Result<std::string>(std::string());
}

} // namespace luthien::store
