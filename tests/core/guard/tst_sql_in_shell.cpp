// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "guard/sql_in_shell.h"
#include "support/test_registry.h"

#include <QtTest>

#include <string>

namespace luthien::guard {

class TestSqlInShell : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// Breadth is measured in tst_destructive_sql with data/guard/shell; here stand the places that are hard to point
    /// at.
    void pointsIntoTheCommand_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("at");
        const auto row = [](const char* text, const char* at) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(at);
        };
        row("psql -c 'DROP TABLE t'", "DROP TABLE t");
        row("psql --command='DROP TABLE t'", "DROP TABLE t");
        row("psql -c \"DR\"\"OP TABLE t\"", "DR\"\"OP TABLE t");
        row("bash -c \"psql -c 'DROP TABLE t'\"", "DROP TABLE t");
        row("bash -c 'psql -c \"DROP TABLE \\\"t\\\"\"'", "DROP TABLE \\\"t\\\"");
        row("ssh h \"psql -c 'DROP TABLE t'\"", "DROP TABLE t");
        row("Q='DROP TABLE t'; psql -c \"$Q\"", "DROP TABLE t");
        row("psql <<E\nDROP TABLE t;\nE\n", "DROP TABLE t");
        row("psql <<E\n-- $(date)\nDROP TABLE t;\nE\n", "DROP TABLE t");
        row("echo 'DROP TABLE t' | psql", "DROP TABLE t");
        row("psql -c $'DR\\x4fP TABLE t'", "DR\\x4fP TABLE t");
        row("sudo dropdb shop", "dropdb shop");
        row("python3 -c \"c.execute('DROP TABLE t')\"", "DROP TABLE t");
    }
    void pointsIntoTheCommand()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, at);
        const auto found = findDestructiveSql(test::view(text), Source::Shell);
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(text.mid(static_cast<qsizetype>(found[0].span.begin),
                          static_cast<qsizetype>(found[0].span.end - found[0].span.begin)),
                 at);
    }

    void reportsWhatItCanNotReadOnlyIfADatabaseIsInvolved()
    {
        QCOMPARE(test::names(findDestructiveSql("psql -c \"SELECT 1", Source::Shell)), QByteArray("unparsed"));
        QVERIFY(findDestructiveSql("echo \"it", Source::Shell).empty());
        std::string nested = "psql -c x";
        for (int i = 0; i < 20; ++i)
            nested = "$(" + nested + ")";
        QCOMPARE(test::names(findDestructiveSql(nested, Source::Shell)), QByteArray("unparsed"));
    }

    /// What is beyond a bound is not known to be harmless.
    void followsAPipelineOrSaysThatItDoesNot_data()
    {
        QTest::addColumn<QByteArray>("begin");
        QTest::addColumn<QByteArray>("stage");
        QTest::addColumn<int>("stages");
        QTest::addColumn<QByteArray>("end");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const char* begin, const char* stage, int stages, const char* end,
                            const char* expected) {
            QTest::addRow("%s, %d", name, stages)
                << QByteArray(begin) << QByteArray(stage) << stages << QByteArray(end) << QByteArray(expected);
        };
        for (const int stages : {15, 16, 17, 100}) {
            row("echo through cat", "echo 'DROP TABLE users'", " | cat", stages, " | psql",
                stages < 16 ? "drop" : "unparsed");
            row("here-document through cat", "cat <<E", " | cat", stages, " | psql\nDROP TABLE users;\nE\n",
                stages < 16 ? "drop" : "unparsed");
        }
        for (const int groups : {10, 11, 12})
            row("here-document in groups", "", "( ", groups, "psql <<E\nDROP TABLE users;\nE\n",
                groups < 11 ? "drop" : "unparsed");
    }
    void followsAPipelineOrSaysThatItDoesNot()
    {
        QFETCH(QByteArray, begin);
        QFETCH(QByteArray, stage);
        QFETCH(int, stages);
        QFETCH(QByteArray, end);
        QFETCH(QByteArray, expected);
        const QByteArray text =
            begin + stage.repeated(stages) + end + (stage == "( " ? QByteArray(stages, ')') : QByteArray());
        QCOMPARE(test::names(findDestructiveSql(test::view(text), Source::Shell)), expected);
        QVERIFY(!findDestructiveSql(test::view(text), Source::Unknown).empty());
    }

    void isNotLedAstrayByTextThatMultiplies()
    {
        std::string stages = "echo 'DROP TABLE t'"; // each doubles and more
        for (int i = 0; i < 15; ++i)
            stages += " | { cat; cat; cat; cat; }";
        QVERIFY(test::names(findDestructiveSql(stages + " | psql", Source::Shell)).contains("unparsed"));
        std::string files = "cat > x <<E\n" + std::string(20'000, '-') + "\nE\npsql";
        for (int i = 0; i < 10'000; ++i)
            files += " x";
        QVERIFY(test::names(findDestructiveSql(files, Source::Shell)).contains("unparsed"));
    }
};

} // namespace luthien::guard

using TestSqlInShell = luthien::guard::TestSqlInShell;
LUTHIEN_TEST(tst_sql_in_shell, TestSqlInShell)
#include "tst_sql_in_shell.moc"
