// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "guard/sql_grammar.h"
#include "guard/sql_phrases.h"
#include "support/test_registry.h"

#include <QDir>
#include <QFile>
#include <QMap>
#include <QtTest>

#include <chrono>
#include <cstdio>
#include <functional>
#include <set>
#include <string>

namespace luthien::guard {

namespace {

using Kind = SqlToken::Kind;

QByteArray load(const QString& name)
{
    QFile file(qEnvironmentVariable("LUTHIEN_SOURCE_DIR") + QStringLiteral("/tests/data/guard/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

struct Score
{
    int truePositives = 0;
    int falsePositives = 0;
    int falseNegatives = 0;

    [[nodiscard]] double precision() const { return ratio(truePositives, truePositives + falsePositives); }
    [[nodiscard]] double recall() const { return ratio(truePositives, truePositives + falseNegatives); }
    static double ratio(int part, int whole) { return whole == 0 ? 1.0 : double(part) / whole; }

    void print(const char* corpus) const
    {
        std::printf("{\"corpus\":\"%s\",\"tp\":%d,\"fp\":%d,\"fn\":%d,\"precision\":%.4f,\"recall\":%.4f}\n", corpus,
                    truePositives, falsePositives, falseNegatives, precision(), recall());
    }
};

/// Calls use(statement) for every statement of a psql script.
void eachStatement(std::string_view script, const std::function<void(std::string_view)>& use)
{
    constexpr auto kPsql = static_cast<SqlQuirks>(
        static_cast<SqlQuirks>(SqlQuirk::NestedComments) | static_cast<SqlQuirks>(SqlQuirk::EscapeStrings) |
        static_cast<SqlQuirks>(SqlQuirk::DollarQuotes) | static_cast<SqlQuirks>(SqlQuirk::MetaCommands));
    const auto tokens = lexSql(script, kPsql);
    std::size_t first = 0;
    for (std::size_t i = 0; i <= tokens.size(); ++i) {
        const bool ends =
            i == tokens.size() || tokens[i].is(Kind::Meta) || (tokens[i].is(Kind::Semicolon) && tokens[i].depth == 0);
        if (ends && i > first && i - first <= 1000) // what the grammar's C code can hold on its stack
            use(script.substr(tokens[first].begin, tokens[i - 1].end - tokens[first].begin));
        first = ends ? i + 1 : first;
    }
}

} // namespace

class TestDestructiveSql : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// PostgreSQL's grammar is the oracle; the words alone, which stand for every other dialect, must miss nothing.
    void wordsMissNothingThatPostgresSees()
    {
        Score score;
        const QString folder = QStringLiteral("sql/postgres_regress/");
        const QDir directory(qEnvironmentVariable("LUTHIEN_SOURCE_DIR") + QStringLiteral("/tests/data/guard/") +
                             folder);
        for (const QString& name : directory.entryList(QDir::Files)) {
            const QByteArray script = load(folder + name);
            eachStatement(test::view(script), [&](std::string_view statement) {
                if (const auto view = viewByGrammar(statement))
                    compare(statement, *view, score);
            });
        }
        score.print("postgres_regress, words alone against the grammar");
        QVERIFY(score.truePositives > 150);
        QCOMPARE(score.falseNegatives, 0);
        QVERIFY(score.precision() >= 0.95);
    }

    /// Why the grammar is not asked about a statement that begins with its verb: it could only agree.
    void whatBeginsWithADestructiveVerbIsNothingElse()
    {
        int read = 0;
        const QString folder = QStringLiteral("sql/postgres_regress/");
        const QDir directory(qEnvironmentVariable("LUTHIEN_SOURCE_DIR") + QStringLiteral("/tests/data/guard/") +
                             folder);
        for (const QString& name : directory.entryList(QDir::Files)) {
            const QByteArray script = load(folder + name);
            eachStatement(test::view(script), [&](std::string_view statement) {
                const SqlKeyword verb = sqlKeyword(statement.substr(0, statement.find_first_of(" \t\n")));
                const auto view = viewByGrammar(statement);
                if (!view)
                    return;
                if (verb == SqlKeyword::Drop)
                    QVERIFY2(view->classes.contains(SqlClass::Drop), std::string(statement).c_str());
                else if (verb == SqlKeyword::Truncate)
                    QVERIFY2(view->classes.contains(SqlClass::Truncate), std::string(statement).c_str());
                else if (verb == SqlKeyword::Delete)
                    QVERIFY2(view->hasDelete, std::string(statement).c_str());
                else if (verb == SqlKeyword::Update)
                    QVERIFY2(view->hasUpdate, std::string(statement).c_str());
                else
                    return;
                ++read;
            });
        }
        QVERIFY(read > 150);
    }

    void agreesWithTheLabelsOfManyDialects()
    {
        QMap<int, QByteArray> labels;
        for (const QByteArray& line : load(QStringLiteral("sql/sqlglot_identity.labels.tsv")).split('\n')) {
            if (!line.isEmpty() && !line.startsWith('#'))
                labels.insert(line.split('\t')[0].toInt(), line.split('\t')[1]);
        }
        Score score;
        const QList<QByteArray> lines = load(QStringLiteral("sql/sqlglot_identity.sql")).split('\n');
        for (int i = 0; i < lines.size(); ++i) {
            const QByteArray found = test::names(findDestructiveSql(test::view(lines[i]), Source::Sql));
            const QByteArray expected = labels.value(i + 1);
            score.truePositives += !expected.isEmpty() && found == expected;
            score.falseNegatives += !expected.isEmpty() && found != expected;
            score.falsePositives += expected.isEmpty() && !found.isEmpty();
        }
        score.print("sqlglot_identity");
        QCOMPARE(labels.size(), 43);
        QVERIFY(score.precision() >= 0.99);
        QVERIFY(score.recall() >= 0.99);
    }

    void leavesHarmlessLinesAlone_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("source");
        QTest::addColumn<int>("lines");
        QTest::newRow("SELECTs as SQL") << "sql/spider_select_half.txt" << int(Source::Sql) << 282;
        QTest::newRow("SELECTs as anything") << "sql/spider_select_half.txt" << int(Source::Unknown) << 282;
        QTest::newRow("commands") << "shell/nl2bash_benign_odd_lines.txt" << int(Source::Shell) << 6000;
        QTest::newRow("commands as anything") << "shell/nl2bash_benign_odd_lines.txt" << int(Source::Unknown) << 6000;
        QTest::newRow("commands that destroy, but no database")
            << "shell/destructive_commands.yaml" << int(Source::Shell) << 200;
        QTest::newRow("safe commands") << "shell/safe_commands.yaml" << int(Source::Shell) << 200;
        QTest::newRow("commands that only look so") << "shell/edge_cases.yaml" << int(Source::Shell) << 20;
    }
    void leavesHarmlessLinesAlone()
    {
        QFETCH(QString, file);
        QFETCH(int, source);
        QFETCH(int, lines);
        int read = 0;
        Score score;
        for (QByteArray line : load(file).split('\n')) {
            const auto command = line.indexOf("command: ");
            if (file.endsWith(QStringLiteral(".yaml")) && command < 0)
                continue;
            if (command >= 0 && file.endsWith(QStringLiteral(".yaml")))
                line = unquoted(line.mid(command + 9));
            const auto found = findDestructiveSql(test::view(line), static_cast<Source>(source));
            if (!found.empty())
                qInfo() << "found in" << line << test::names(found);
            score.falsePositives += found.empty() ? 0 : 1;
            read += line.isEmpty() ? 0 : 1;
        }
        std::printf("{\"corpus\":\"%s\",\"lines\":%d,\"fp\":%d}\n", QTest::currentDataTag(), read,
                    score.falsePositives);
        QVERIFY2(read >= lines - 20, "the file was not read");
        QCOMPARE(score.falsePositives, 0);
    }

    void findsSqlInCommands()
    {
        Score score;
        for (const QByteArray& line : load(QStringLiteral("shell/sql_commands.tsv")).split('\n')) {
            if (line.isEmpty() || line.startsWith('#'))
                continue;
            const QByteArray expected = line.left(line.indexOf('\t'));
            QByteArray command = line.mid(line.indexOf('\t') + 1);
            if (command.contains("<<"))
                command.replace("\\n", "\n").replace("\\t", "\t");
            const QByteArray found = test::names(findDestructiveSql(test::view(command), Source::Shell));
            const bool right = expected == "none" ? found.isEmpty() : found.split(',').contains(expected);
            score.truePositives += expected != "none" && right;
            score.falseNegatives += expected != "none" && !right;
            score.falsePositives += expected == "none" && !right;
            if (!right)
                std::printf("{\"missed\":\"%s\",\"found\":\"%s\"}\n", expected.constData(), found.constData());
        }
        score.print("sql_commands");
        // Not found, on purpose: text that is decoded (base64), fetched (curl) or read from a file nobody wrote here,
        // text that a Python program puts together, and commands behind an alias or a function's parameter.
        QCOMPARE(score.falseNegatives, 6);
        QCOMPARE(score.falsePositives, 0);
        QVERIFY(score.recall() >= 0.90);
    }

    void looksAtUnknownTextWithCare_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* text, const char* expected) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(expected);
        };
        row("DROP TABLE t", "drop");
        row("-- migration 3\nBEGIN;\nDROP TABLE t;\nCOMMIT;\n", "drop");
        row("DELETE FROM `orders`;", "delete_without_where");
        row("psql -c 'DROP TABLE t'", "drop");
        row("cd /srv && sqlite3 a.db 'DELETE FROM t'", "delete_without_where");
        row("DO $$ BEGIN DROP TABLE t; END $$", "drop");
        row("Please drop table reservations for Friday", "");
        row("Drop user sessions when they end", "");
        row("We should not run DROP TABLE t.", "");
        row("def drop(table):\n    delete = 1\n    return \"update x set\"\n", "");
        row("Update the readme and set the version", "");
        row("it's \"fine", "");
        row("{\"a\":[1,2,3],\"b\":\"drop\"}", "");
    }
    void looksAtUnknownTextWithCare()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QCOMPARE(test::names(findDestructiveSql(test::view(text), Source::Unknown)), expected);
    }

    void doesNotReadWhatIsTooLarge()
    {
        SqlOptions options;
        options.maxBytes = 100;
        const std::string text = "DROP TABLE t" + std::string(100, ' ');
        QCOMPARE(test::names(findDestructiveSql(text, Source::Sql, options)), QByteArray("too_large"));
        options.maxBytes = 1000;
        QCOMPARE(test::names(findDestructiveSql(text, Source::Sql, options)), QByteArray("drop"));
    }

    void staysBoundedOnAnything_data()
    {
        QTest::addColumn<QByteArray>("piece");
        for (const char* piece : {"DROP TABLE t ",
                                  "(DELETE FROM t ",
                                  "UPDATE t ",
                                  "EXECUTE 'DO ''x''' ",
                                  "EXECUTE (",
                                  "DO $a$ $a$",
                                  "1+",
                                  "SELECT (",
                                  "((((",
                                  "WHERE (1=1) OR ",
                                  "GRANT x;",
                                  "CREATE FUNCTION f() AS 'x' ",
                                  "EXPLAIN DELETE FROM t ",
                                  "COPY ",
                                  "dblink('",
                                  "'",
                                  "/*!",
                                  "a=a AND ",
                                  "\\gexec 'x' ",
                                  "VACUUM (TRUNCATE); "})
            QTest::newRow(piece) << QByteArray(piece);
    }
    void staysBoundedOnAnything()
    {
        QFETCH(QByteArray, piece);
        std::string text = "DELETE FROM t WHERE ";
        while (text.size() < 300'000)
            text += test::view(piece);
        for (const Source source : {Source::Sql, Source::Unknown}) {
            const auto start = std::chrono::steady_clock::now();
            (void)findDestructiveSql(text, source, test::everything());
            QVERIFY2(std::chrono::steady_clock::now() - start < std::chrono::seconds(5), "not linear");
        }
    }

    void decoysDoNotHideAStatement()
    {
        std::string text;
        for (int i = 0; i < 1000; ++i)
            text += "GRANT SELECT ON t TO bob; VACUUM (TRUNCATE false) t; SELECT 'DROP TABLE t';\n";
        const auto found = findDestructiveSql(text + "DROP TABLE t", Source::Sql);
        QVERIFY(
            std::any_of(found.begin(), found.end(), [](const Finding& f) { return f.what != SqlClass::Privileges; }));
    }

private:
    static QByteArray unquoted(QByteArray text)
    {
        text = text.trimmed();
        if (text.startsWith('"'))
            return text.mid(1, text.size() - 2).replace("\\\"", "\"");
        return text.startsWith('\'') ? text.mid(1, text.size() - 2) : text;
    }

    static void compare(std::string_view statement, const GrammarView& view, Score& score)
    {
        constexpr auto kStrings = static_cast<SqlQuirks>(static_cast<SqlQuirks>(SqlQuirk::DollarQuotes) |
                                                         static_cast<SqlQuirks>(SqlQuirk::EscapeStrings));
        SqlClasses words;
        for (const SqlPhrase& phrase : destructivePhrases(statement, lexSql(statement, kStrings), kStrings)) {
            if (!phrase.hasCondition) // DELETE ... WHERE true: the grammar only sees that there is a WHERE
                words.insert(phrase.what);
        }
        for (const SqlClass what :
             {SqlClass::Drop, SqlClass::Truncate, SqlClass::DeleteWithoutWhere, SqlClass::UpdateWithoutWhere,
              SqlClass::AlterDrop, SqlClass::Privileges, SqlClass::RunProgram}) {
            const bool unknowable = what == SqlClass::AlterDrop && view.hasOtherAlter;
            score.truePositives += words.contains(what) && view.classes.contains(what);
            score.falsePositives += words.contains(what) && !view.classes.contains(what) && !unknowable;
            score.falseNegatives += !words.contains(what) && view.classes.contains(what);
        }
    }
};

} // namespace luthien::guard

using TestDestructiveSql = luthien::guard::TestDestructiveSql;
LUTHIEN_TEST(tst_destructive_sql, TestDestructiveSql)
#include "tst_destructive_sql.moc"
