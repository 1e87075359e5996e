// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/argument_reading.h"
#include "support/test_registry.h"

using namespace luthien::policy::builtin;

namespace {

/// "shell sql": what a tool's name says.
QByteArray natureOf(std::string_view tool)
{
    const ToolNature nature = toolNature(tool);
    QByteArrayList words;
    if (nature.runsShell)
        words += "shell";
    if (nature.runsSql)
        words += "sql";
    if (nature.runsProgram)
        words += "program";
    if (nature.searches)
        words += "search";
    if (nature.writesFiles)
        words += "files";
    return words.join(' ');
}

class TestArgumentReading : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void toolsAreKnownByTheirNames_data()
    {
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("nature");
        const auto row = [](const char* tool, const char* nature) {
            QTest::newRow(tool) << QByteArray(tool) << QByteArray(nature);
        };
        row("Bash", "shell");
        row("exec_command", "shell");
        row("run_terminal_cmd", "shell");
        row("execute_sql", "sql");
        row("mysql_exec", "sql");
        row("mcp__postgres__query", "sql");
        row("mcp__supabase__search_docs", "search");
        row("WebSearch", "search");
        row("python", "program");
        row("Write", "files");
        row("str_replace_based_edit_tool", "files");
        row("mcp__sqlite__write_query", "sql");
        row("get_weather", "");
    }
    void toolsAreKnownByTheirNames()
    {
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, nature);
        QCOMPARE(natureOf(tool.toStdString()), nature);
    }

    void aStringIsReadInEveryWayItCouldBeMeant_data()
    {
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("member");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("reading"); // SQL: no, perhaps, yes; then what else
        const auto row = [](const char* tool, const char* member, const char* text, const char* reading) {
            QTest::newRow(
                qPrintable(QStringLiteral("%1 of %2: %3")
                               .arg(QString::fromUtf8(member), QString::fromUtf8(tool), QString::fromUtf8(text))))
                << QByteArray(tool) << QByteArray(member) << QByteArray(text) << QByteArray(reading);
        };
        row("Bash", "command", "x", "no unreadable");
        row("Bash", "description", "x", "perhaps");
        row("Bash", "sql_command", "x", "yes unreadable");
        row("exec", "stdin", "x", "perhaps");
        row("anything", "command", "x", "perhaps");
        row("anything", "value", "x", "perhaps");
        row("anything", "sql", "x", "yes");
        row("anything", "rawSql", "x", "yes");
        row("anything", "query", "select 1", "yes");
        row("anything", "query", " ( WITH x", "yes");
        row("anything", "query", "-- x", "yes");
        row("anything", "query", "how to drop a table", "perhaps");
        row("web_search", "query", "drop table syntax", "perhaps");
        row("execute_sql", "input", "x", "yes");
        row("execute_sql", "title", "x", "perhaps");
        row("anything", "code", "x", "perhaps program");
        row("python", "value", "x", "perhaps program");
    }
    void aStringIsReadInEveryWayItCouldBeMeant()
    {
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, member);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, reading);
        const ArgumentReading read =
            argumentReading(toolNature(tool.toStdString()), memberNature(member.toStdString()), text.toStdString());
        QByteArray found = read.sql == Likelihood::Yes ? "yes" : read.sql == Likelihood::Perhaps ? "perhaps" : "no";
        found += read.reportsUnreadableShell ? " unreadable" : "";
        found += read.isProgram ? " program" : "";
        QCOMPARE(found, reading);
    }

    void someFilesAreRunAsTheyAre()
    {
        for (const char* path : {"a.sql", "/srv/A.SQL", "x.tar.sh", "b.ddl"})
            QVERIFY2(isRunnableFile(path), path);
        for (const char* path : {"a.md", "sql", "a.sql.txt", "", "a."})
            QVERIFY2(!isRunnableFile(path), path);
    }
};

} // namespace

LUTHIEN_TEST(tst_argument_reading, TestArgumentReading)
#include "tst_argument_reading.moc"
