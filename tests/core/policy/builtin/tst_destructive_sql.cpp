// SPDX-License-Identifier: Apache-2.0
#include "judged.h"
#include "support/test_registry.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <chrono>
#include <cstdio>
#include <string>

using namespace luthien;
using namespace luthien::policy;
using builtin::test::judge;
using builtin::test::judgeText;
using builtin::test::make;
using builtin::test::view;

namespace {

std::shared_ptr<const Policy> policyOf(std::string_view config = "{}")
{
    return *make("destructive-sql", config);
}

class TestDestructiveSql : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void judgesCallsAsAgentsMakeThem_data()
    {
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<bool>("isFreeText");
        QTest::addColumn<bool>("blocked");
        QFile file(qEnvironmentVariable("LUTHIEN_SOURCE_DIR") + QStringLiteral("/tests/data/guard/tool_calls.jsonl"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        int count = 0;
        for (const QByteArray& line : file.readAll().split('\n')) {
            if (line.isEmpty())
                continue;
            const QJsonObject row = QJsonDocument::fromJson(line).object();
            const QString expect = row[QStringLiteral("expect")].toString();
            const bool isFreeText = row.contains(QStringLiteral("text"));
            // "missed" and "too careful" are the limits that docs/policies.md names: who removes one edits both.
            QTest::newRow(qPrintable(QStringLiteral("%1: line %2").arg(expect).arg(++count)))
                << row[QStringLiteral("tool")].toString().toUtf8()
                << (isFreeText ? row[QStringLiteral("text")].toString().toUtf8()
                               : QJsonDocument(row[QStringLiteral("arguments")].toObject()).toJson())
                << isFreeText << (expect == QStringLiteral("block") || expect == QStringLiteral("too careful"));
        }
        QVERIFY(count > 110);
    }
    void judgesCallsAsAgentsMakeThem()
    {
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, arguments);
        QFETCH(bool, isFreeText);
        QFETCH(bool, blocked);
        const auto policy = policyOf();
        const PolicyVerdict verdict =
            isFreeText ? judgeText(*policy, view(tool), view(arguments)) : judge(*policy, view(tool), view(arguments));
        QVERIFY2(verdict.isBlocked() == blocked, (tool + " " + arguments + " " + verdict.reason.c_str()).constData());
        QCOMPARE(verdict.reason.empty(), !blocked);
        QCOMPARE(verdict.matched.empty(), !blocked);
    }

    void saysWhatAndWhere_data()
    {
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QByteArray>("pointer");
        QTest::addColumn<QByteArray>("matched"); // of the string at pointer
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* name, const char* tool, const char* arguments, const char* pointer,
                            const char* text, const char* matched) {
            QTest::newRow(name) << QByteArray(tool) << QByteArray(arguments) << QByteArray(pointer)
                                << QByteArray(matched) << QByteArray(text);
        };
        row("a statement after another", "q", R"({"sql":"SELECT 1; DROP TABLE t"})", "/sql", "SELECT 1; DROP TABLE t",
            "DROP TABLE t");
        row("escapes count as what they stand for", "q", R"({"sql":"\u00e4\n;DROP TABLE t"})", "/sql",
            "\xc3\xa4\n;DROP TABLE t", "DROP TABLE t");
        row("a name with a slash and a tilde", "q", R"({"a/b~c":{"sql":["DROP TABLE t"]}})", "/a~1b~0c/sql/0",
            "DROP TABLE t", "DROP TABLE t");
        row("a word of a command", "shell", R"({"command":["psql","-c","SELECT 1; DROP TABLE t"]})", "/command/2",
            "SELECT 1; DROP TABLE t", "DROP TABLE t");
        row("a script of a command", "shell", R"({"command":["bash","-lc","psql -c 'DROP TABLE t'"]})", "/command/2",
            "psql -c 'DROP TABLE t'", "DROP TABLE t");
        row("an argument of a program", "run", R"({"command":"psql","args":["-c","DROP TABLE t"]})", "/args/1",
            "DROP TABLE t", "DROP TABLE t");
        row("JSON inside a string is named as a whole", "q", R"({"body":"{\"sql\":\"DROP TABLE t\"}"})", "/body",
            R"({"sql":"DROP TABLE t"})", R"({"sql":"DROP TABLE t"})");
    }
    void saysWhatAndWhere()
    {
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, arguments);
        QFETCH(QByteArray, pointer);
        QFETCH(QByteArray, matched);
        QFETCH(QByteArray, text);
        const PolicyVerdict verdict = judge(*policyOf(), view(tool), view(arguments));
        QVERIFY(verdict.isBlocked());
        const conversation::Match match = verdict.matched.front();
        QCOMPARE(QByteArray::fromStdString(match.pointer), pointer);
        QCOMPARE(text.mid(int(match.start), int(match.end - match.start)), matched);
        QVERIFY2(verdict.reason.find("(drop) in " + match.pointer) != std::string::npos, verdict.reason.c_str());
        QVERIFY2(verdict.reason.find("`: DROP removes the object.") != std::string::npos, verdict.reason.c_str());
    }

    void namesTheFirstAndCountsTheOthers()
    {
        const PolicyVerdict verdict =
            judge(*policyOf(), "q", R"({"sql":"DROP TABLE a; TRUNCATE b","more":["DROP TABLE c"]})");
        QVERIFY(QString::fromStdString(verdict.reason)
                    .startsWith(QStringLiteral("Destructive SQL (drop) in /sql: `DROP TABLE a")));
        QVERIFY(QString::fromStdString(verdict.reason).endsWith(QStringLiteral("And 2 more.")));
        QCOMPARE(verdict.matched.size(), std::size_t(3));
    }

    void followsItsConfig_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<bool>("blocked");
        const auto row = [](const char* name, const char* config, const char* tool, const char* arguments,
                            bool blocked) {
            QTest::newRow(name) << QByteArray(config) << QByteArray(tool) << QByteArray(arguments) << blocked;
        };
        row("a class that is not wanted", R"({"classes":["truncate"]})", "q", R"({"sql":"DROP TABLE t"})", false);
        row("a class that is", R"({"classes":["truncate"]})", "q", R"({"sql":"TRUNCATE t"})", true);
        row("a class that is off unless wanted", "{}", "q", R"({"sql":"GRANT ALL ON t TO u"})", false);
        row("and on if wanted", R"({"classes":["privileges"]})", "q", R"({"sql":"GRANT ALL ON t TO u"})", true);
        row("what cannot be read counts always", R"({"classes":["truncate"]})", "Bash", R"({"command":"psql -c \"x"})",
            true);
        row("code for MySQL", R"({"dialects":["mysql"]})", "q", R"({"sql":"/*! DROP TABLE t */"})", true);
        row("is a comment for PostgreSQL", R"({"dialects":["postgres"]})", "q", R"({"sql":"/*! DROP TABLE t */"})",
            false);
        row("a tool among those judged", R"({"tools":["mcp__*"]})", "mcp__db", R"({"sql":"DROP TABLE t"})", true);
        row("a tool not among them", R"({"tools":["mcp__*"]})", "other", R"({"sql":"DROP TABLE t"})", false);
        row("a tool left out", R"({"except_tools":["o?her"]})", "other", R"({"sql":"DROP TABLE t"})", false);
        row("then the usual ones are not", R"({"except_tools":["o?her"]})", "Grep", R"({"sql":"DROP TABLE t"})", true);
        row("no tool at all", R"({"tools":[]})", "", R"({"sql":"DROP TABLE t"})", false);
    }
    void followsItsConfig()
    {
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, arguments);
        QFETCH(bool, blocked);
        QCOMPARE(judge(*policyOf(view(config)), view(tool), view(arguments)).isBlocked(), blocked);
    }

    void refusesAWrongConfig_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("where");
        QTest::newRow("an unknown class") << QByteArray(R"({"classes":["drop","dorp"]})") << QByteArray("classes[1]");
        QTest::newRow("no class") << QByteArray(R"({"classes":[]})") << QByteArray("classes");
        QTest::newRow("an unknown dialect") << QByteArray(R"({"dialects":["oracle"]})") << QByteArray("dialects[0]");
        QTest::newRow("no dialect") << QByteArray(R"({"dialects":[]})") << QByteArray("dialects");
        QTest::newRow("tools as a text") << QByteArray(R"({"tools":"x"})") << QByteArray("tools");
        QTest::newRow("a number among the tools") << QByteArray(R"({"tools":["x",1]})") << QByteArray("tools[1]");
        QTest::newRow("a misspelt member") << QByteArray(R"({"class":["drop"]})") << QByteArray("class");
    }
    void refusesAWrongConfig()
    {
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, where);
        const auto policy = make("destructive-sql", view(config));
        QVERIFY(!policy);
        QCOMPARE(policy.error().code, ErrorCode::InvalidInput);
        QCOMPARE(QByteArray::fromStdString(policy.error().context), where);
        if (where == "classes[1]")
            QVERIFY2(policy.error().message.find("drop, truncate, delete_without_where, ") != std::string::npos,
                     policy.error().message.c_str());
    }

    void doesNotReadWithoutBound_data()
    {
        QTest::addColumn<QByteArray>("arguments");
        QByteArray many = "{\"a\":[\"x\"";
        for (int i = 0; i < 20'000; ++i)
            many += ",\"x\"";
        QTest::newRow("very many strings") << many + "]}";
        QTest::newRow("very much text") << QByteArray("{\"a\":\"") + QByteArray(1'100'000, 'x') + "\"}";
        QTest::newRow("much text in two strings")
            << QByteArray("{\"a\":\"") + QByteArray(600'000, 'x') + "\",\"b\":\"" + QByteArray(600'000, 'x') + "\"}";
    }
    void doesNotReadWithoutBound()
    {
        QFETCH(QByteArray, arguments);
        const PolicyVerdict verdict = judge(*policyOf(), "custom", view(arguments));
        QVERIFY(verdict.isBlocked());
        QVERIFY2(verdict.reason.find("too_large") != std::string::npos, verdict.reason.c_str());
    }
};

} // namespace

LUTHIEN_TEST(tst_destructive_sql, TestDestructiveSql)
#include "tst_destructive_sql.moc"
