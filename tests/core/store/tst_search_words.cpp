// SPDX-License-Identifier: Apache-2.0
#include "store/search_words.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien::store;
using luthien::filter::Phrase;
using luthien::filter::phraseFrom;
using luthien::filter::SqlDialect;

namespace {
std::string queryOf(const std::vector<std::string>& texts, SqlDialect dialect)
{
    std::vector<Phrase> phrases;
    for (const std::string& text : texts)
        phrases.push_back(phraseFrom(text));
    return wordsQuery(phrases, dialect);
}
} // namespace

/// How words are written for each database. That they are found is shown by tst_search_index.
class TestSearchWords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void queriesAreMadeOfWordsAlone()
    {
        QCOMPARE(queryOf({"drop table", "a\"b", "migr*"}, SqlDialect::Sqlite),
                 std::string("\"drop table\" AND \"a b\" AND \"migr\" *"));
        QCOMPARE(queryOf({"drop table", "it's*"}, SqlDialect::Postgres),
                 std::string("'drop' <-> 'table' & 'it' <-> 's':* | '~' & 'drop' & 'table' & 'it' & 's':*"));
    }

    void placesAreToldWhileTheyAreTrue()
    {
        QCOMPARE(indexedWords("Drop the table", SqlDialect::Postgres).value, std::string("drop:1 the:2 table:3 "));
        std::string often;
        for (int i = 0; i < 256; ++i)
            often += "the ";
        QCOMPARE(indexedWords(often, SqlDialect::Postgres).value, std::string("~ the"));
        std::string many;
        for (int i = 0; i < 16'384; ++i)
            many += 'w' + std::to_string(i) + ' ';
        QVERIFY(indexedWords(many, SqlDialect::Postgres).value.starts_with("~ w"));
    }

    void longWordsAreCutWhereACharacterBegins()
    {
        const std::string word = std::string(127, 'a') + "öb";
        for (const SqlDialect dialect : {SqlDialect::Sqlite, SqlDialect::Postgres}) {
            QVERIFY(indexedWords(word, dialect).value.starts_with(std::string(127, 'a')));
            QVERIFY(indexedWords(word, dialect).value.find("ö") == std::string::npos);
        }
        // A beginning of so many bytes is the whole of what stands in the index.
        QCOMPARE(queryOf({std::string(200, 'a') + '*'}, SqlDialect::Sqlite), '"' + std::string(128, 'a') + '"');
    }

    void longTextsAreCut()
    {
        const std::string text = "first " + std::string(100, 'x') + ' ';
        std::string book;
        while (book.size() < 1'200'000)
            book += text;
        const auto indexed = indexedWords(book, SqlDialect::Sqlite);
        QVERIFY(indexed.isCut);
        QVERIFY(indexed.value.size() <= 1'000'000);
        QVERIFY(!indexedWords(text, SqlDialect::Sqlite).isCut);
        QVERIFY(indexedWords("-- /", SqlDialect::Sqlite).value.empty());
    }
};

LUTHIEN_TEST(tst_search_words, TestSearchWords)
#include "tst_search_words.moc"
