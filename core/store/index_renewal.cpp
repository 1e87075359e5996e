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

struct Rows
{
    const char* table;
    const char* key;
    std::int64_t atOnce;
    const char* condition = "TRUE";
};

/// False = there were none.
Result<bool> removeSome(Database& database, const Rows& rows)
{
    const auto done =
        database.run(QStringLiteral("DELETE FROM %1 WHERE (%2) IN (SELECT %2 FROM %1 WHERE %3 LIMIT %4)")
                         .arg(QLatin1String(rows.table), QLatin1String(rows.key), QLatin1String(rows.condition))
                         .arg(rows.atOnce));
    const auto removed = done ? database.number(QStringLiteral("SELECT changes()")) : done.error();
    return removed ? Result<bool>(removed->value_or(0) > 0) : removed.error();
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
        did = removeSome(m_database, {"mention", "content_id, call_id", kRowsAtOnce});
    if (did && !*did)
        did = removeSome(m_database, {"search_content", "content_id", kRowsAtOnce});
    if (!did || *did)
        return did ? Result<void>() : did.error();
    const auto aside =
        m_database.number(QStringLiteral("SELECT count(*) FROM sqlite_schema WHERE name = 'search_words_old'"));
    if (!aside)
        return aside.error();
    return aside->value_or(0) == 0 ? setWordsAside() : removeOldWords();
}

Result<bool> IndexRenewal::letSomeWait(std::int64_t from)
{
    const auto last =
        m_database.number(QStringLiteral("SELECT max(id) FROM (SELECT id FROM call WHERE id > %1 ORDER BY id LIMIT %2)")
                              .arg(from)
                              .arg(kCallsAtOnce));
    if (!last)
        return last.error();
    const std::int64_t to = last->value_or(0); // 0 also stands for NULL
    if (to == 0)
        return false;
    auto done =
        m_database.run(QStringLiteral("UPDATE call SET unindexed = 3 WHERE id > %1 AND id <= %2").arg(from).arg(to));
    if (done)
        done = m_database.run(QStringLiteral("UPDATE remnant SET id = %1 WHERE kind = %2").arg(to).arg(kRenewal));
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
Result<void> IndexRenewal::removeOldWords()
{
    // The first ten say how the others hang together, without which FTS5 does not even drop the table.
    for (const Rows& rows : {Rows{"search_words_old_data", "id", kWordPagesAtOnce, "id > 10"},
                             Rows{"search_words_old_idx", "segid, term", kRowsAtOnce},
                             Rows{"search_words_old_docsize", "id", kRowsAtOnce}}) {
        if (const auto did = removeSome(m_database, rows); !did || *did)
            return did ? Result<void>() : did.error();
    }
    auto done = m_database.run(QStringLiteral("DROP TABLE search_words_old"));
    return done ? m_database.run(QStringLiteral("DELETE FROM remnant WHERE kind = %1").arg(kRenewal)) : done;
}

} // namespace luthien::store
