// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "guard/sql_dynamic.h"
#include "guard/sql_phrases.h"
#include "guard/sql_trigger.h"
#include "support/test_registry.h"

#include <QFile>
#include <QtTest>

#include <array>
#include <random>
#include <string>

namespace luthien::guard {

namespace {

constexpr unsigned kAllQuirks = (1U << 11U) - 1;

std::vector<std::string> linesOf(const QString& name)
{
    QFile file(qEnvironmentVariable("LUTHIEN_SOURCE_DIR") + QStringLiteral("/tests/data/guard/") + name);
    std::vector<std::string> lines;
    if (file.open(QIODevice::ReadOnly)) {
        for (const QByteArray& line : file.readAll().split('\n'))
            lines.emplace_back(test::view(line));
    }
    return lines;
}

/// What dialects disagree about, what runs text, and pieces of words.
constexpr std::array<std::string_view, 47> kPieces{"'",
                                                   "\"",
                                                   "`",
                                                   "\\",
                                                   "$",
                                                   "$$",
                                                   "$a$",
                                                   "/*",
                                                   "*/",
                                                   "/*!1",
                                                   "/*M!",
                                                   "--",
                                                   "-- ",
                                                   "#",
                                                   "\n",
                                                   "\r\n",
                                                   "\t",
                                                   "[",
                                                   "]",
                                                   "E'",
                                                   "U&'",
                                                   "\xC2\xA0",
                                                   "\xE2\x80\x8B",
                                                   "\xEF\xBB\xBF",
                                                   "\xC3\xA9",
                                                   ";",
                                                   "(",
                                                   ")",
                                                   "||",
                                                   "\\g",
                                                   "\\!",
                                                   "\\gexec",
                                                   "\\copy ",
                                                   "do ",
                                                   "Exec ",
                                                   "EXECUTE ",
                                                   "delete from t",
                                                   "DROP TABLE t",
                                                   "update t set a=1",
                                                   "create function f() as 'x'",
                                                   "language ",
                                                   "x",
                                                   "_",
                                                   "7",
                                                   "dR",
                                                   "oP",
                                                   "grant "};

std::string mutated(std::string text, std::mt19937& random)
{
    for (unsigned edits = random() % 4; edits > 0; --edits) {
        const std::size_t at = text.empty() ? 0 : random() % text.size();
        switch (random() % 4) {
        case 0:
            for (char& c : text) {
                if (((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && random() % 2 == 0)
                    c = static_cast<char>(c ^ 0x20);
            }
            break;
        case 1:
            text.erase(at, 1 + random() % 3);
            break;
        default:
            text.insert(at, kPieces[random() % kPieces.size()]);
        }
    }
    return text;
}

/// What the detector sees in the text if it reads it with these quirks.
bool seesAnything(std::string_view text, SqlQuirks quirks)
{
    const std::vector<SqlToken> tokens = lexSql(text, quirks);
    const DynamicSql dynamic = dynamicSql(MappedText::identity(text), tokens);
    return !destructivePhrases(text, tokens, quirks).empty() || !dynamic.code.empty() || !dynamic.perhaps.empty() ||
           !dynamic.unreadable.empty() || dynamic.tooMany;
}

} // namespace

class TestSqlTrigger : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsWhatCanBeLeftUnread_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("expected");
        const auto row = [](const char* text, bool expected) { QTest::newRow(text) << QByteArray(text) << expected; };
        row("", false);
        row("SELECT name FROM students WHERE id = 3", false);
        row("INSERT INTO t VALUES (1, 'a')", false);
        row("for f in *; do echo $f; done", false);
        row("a dropdown of updates", false);
        row("drop", true);
        row("/*!50001DROP TABLE t*/", true);
        row("\xC2\xA0"
            "delete from t",
            true);
        row("SELECT 'drop'", true);
        row("INSERT OVERWRITE TABLE t", true);
        row("do 'x'", true);
        row("DO\n$$x$$", true);
        row("do/**/ LANGUAGE plpgsql 'x'", true);
        row("DO e'x'", true);
        row("do language plpgsql 'x'", true);
        row("SELECT 'x' \\gexec", true);
        row("\\! rm x", true);
    }
    void knowsWhatCanBeLeftUnread()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, expected);
        QCOMPARE(hasSqlTrigger(test::view(text)), expected);
    }

    /// The one promise: without a trigger nothing is seen, however the text is written and whoever reads it.
    void nothingIsSeenWithoutATrigger()
    {
        std::mt19937 random(7);
        int leftUnread = 0;
        int seen = 0;
        for (const char* name : {"sql/sqlglot_identity.sql", "sql/spider_select_half.txt",
                                 "sql/postgres_regress/with.sql", "sql/postgres_regress/plancache.sql",
                                 "shell/sql_commands.tsv", "tool_calls.jsonl", "shell/nl2bash_benign_odd_lines.txt"}) {
            for (const std::string& line : linesOf(QString::fromLatin1(name))) {
                for (int round = 0; round < 4; ++round) {
                    const std::string text = round == 0 ? line : mutated(line, random);
                    const auto quirks = static_cast<SqlQuirks>(random() & kAllQuirks);
                    const bool isSeen = seesAnything(text, quirks) || seesAnything(text, kAllQuirks);
                    const bool isLeft = !hasSqlTrigger(text);
                    QVERIFY2(!(isSeen && isLeft), text.c_str());
                    leftUnread += isLeft ? 1 : 0;
                    seen += isSeen ? 1 : 0;
                }
            }
        }
        std::printf("{\"left_unread\":%d,\"seen\":%d}\n", leftUnread, seen);
        QVERIFY(leftUnread > 10'000 && seen > 2'000);
    }
};

} // namespace luthien::guard

using TestSqlTrigger = luthien::guard::TestSqlTrigger;
LUTHIEN_TEST(tst_sql_trigger, TestSqlTrigger)
#include "tst_sql_trigger.moc"
