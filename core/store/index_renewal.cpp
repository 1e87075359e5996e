// SPDX-License-Identifier: Apache-2.0
#include "store/index_renewal.h"

#include "base/logging.h"
#include "store/database.h"
#include "store/remnants.h"

#include <utility>

namespace luthien::store {

namespace {
// Of one step; some 10 ms each.
constexpr std::int64_t kCallsAtOnce = 200;
constexpr std::int64_t kRowsAtOnce = 2'000;
constexpr std::int64_t kWordPagesAtOnce = 200; // of 4 KB
constexpr auto kRenewal = static_cast<std::int64_t>(RemnantKind::Renewal);

/// Of a table that FTS5 keeps for the words that were set aside.
struct OldRows
{
    const char* table;
    const char* key;
    std::int64_t atOnce;
    const char* condition = "TRUE";
};

/// False = there were none. Not out of resources/sql: a query there must prepare, and there is no such table before.
Result<bool> removeSome(Database& database, const OldRows& rows)
{
    const auto done =
        database.run(QStringLiteral("DELETE FROM %1 WHERE (%2) IN (SELECT %2 FROM %1 WHERE %3 LIMIT %4)")
                         .arg(QLatin1String(rows.table), QLatin1String(rows.key), QLatin1String(rows.condition))
                         .arg(rows.atOnce));
    const auto removed = done ? database.number(QStringLiteral("SELECT changes()")) : done.error();
    return removed ? Result<bool>(removed->value_or(0) > 0) : removed.error();
}

/// The same by a query that gives what it removes.
Result<bool> removeSome(Database& database, const char* query)
{
    auto remove = database.statement(query);
    if (!remove)
        return remove.error();
    bool hasRemoved = false;
    const auto done = (*remove)->bind(":limit", kRowsAtOnce).each([&](const Statement&) { hasRemoved = true; });
    return done ? Result<bool>(hasRemoved) : done.error();
}
} // namespace

Result<void> IndexRenewal::start()
{
    const auto begun = renewedUpTo();
    if (!begun || *begun)
        return begun ? Result<void>() : begun.error();
    qCWarning(lcStore, "nobody can say any more what words a text had in the search index; it is made anew");
    auto insert = m_database.statement("insert_remnant");
    return insert ? (*insert)->bind(":kind", kRenewal).bind(":id", std::int64_t{0}).run() : insert.error();
}

Result<std::optional<std::int64_t>> IndexRenewal::renewedUpTo()
{
    auto get = m_database.statement("get_remnant");
    return get ? (*get)->bind(":kind", kRenewal).firstNumber() : get.error();
}

Result<bool> IndexRenewal::advance()
{
    const auto from = renewedUpTo();
    if (!from || !*from)
        return from ? Result<bool>(false) : from.error();
    auto done = m_database.begin();
    if (done)
        done = step(**from);
    if (done)
        done = m_database.commit();
    if (done)
        return true;
    m_database.rollback();
    return done.error();
}

Result<void> IndexRenewal::step(std::int64_t from)
{
    // What the index says goes when all calls wait, and so are looked through: nothing is missed in between.
    auto did = letSomeWait(from);
    if (did && !*did)
        did = removeSome(m_database, "delete_some_mentions");
    if (did && !*did)
        did = removeSome(m_database, "delete_some_search_contents");
    if (!did || *did)
        return did ? Result<void>() : did.error();
    auto find = m_database.statement("find_table");
    const auto aside = find ? (*find)->bindText(":name", "search_words_old").firstNumber() : find.error();
    if (!aside)
        return aside.error();
    return *aside ? removeOldWords(from) : setWordsAside();
}

Result<bool> IndexRenewal::letSomeWait(std::int64_t from)
{
    auto get = m_database.statement("get_last_of_next_calls");
    auto wait = m_database.statement("update_calls_unindexed");
    auto note = m_database.statement("update_remnant");
    if (!get || !wait || !note)
        return !get ? get.error() : wait ? note.error() : wait.error();
    const auto last = (*get)->bind(":after", from).bind(":limit", kCallsAtOnce).firstNumber();
    if (!last)
        return last.error();
    const std::int64_t to = last->value_or(0); // 0 also stands for NULL
    if (to == 0)
        return false;
    auto done = (*wait)->bind(":after", from).bind(":last", to).run();
    if (done)
        done = (*note)->bind(":kind", kRenewal).bind(":id", to).run();
    return done ? Result<bool>(true) : done.error();
}

/// FTS5 forgets all its words in one statement only, which takes seconds where there are many.
Result<void> IndexRenewal::setWordsAside()
{
    auto done = m_database.run(QStringLiteral("ALTER TABLE search_words RENAME TO search_words_old"));
    // As the migration has it.
    return done ? m_database.run(QStringLiteral(
                      "CREATE VIRTUAL TABLE search_words USING fts5 (words, content = '', tokenize = 'ascii')"))
                : done;
}

/// Nobody asks the old table anything any more: that its parts go one after the other does no harm.
Result<void> IndexRenewal::removeOldWords(std::int64_t from)
{
    // The first ten say how the others hang together, without which FTS5 does not even drop the table.
    for (const OldRows& rows : {OldRows{"search_words_old_data", "id", kWordPagesAtOnce, "id > 10"},
                                OldRows{"search_words_old_idx", "segid, term", kRowsAtOnce},
                                OldRows{"search_words_old_docsize", "id", kRowsAtOnce}}) {
        if (const auto did = removeSome(m_database, rows); !did || *did)
            return did ? Result<void>() : did.error();
    }
    if (auto done = m_database.run(QStringLiteral("DROP TABLE search_words_old")); !done)
        return done;
    auto end = m_database.statement("delete_remnant");
    return end ? (*end)->bind(":kind", kRenewal).bind(":id", from).run() : end.error();
}

} // namespace luthien::store
