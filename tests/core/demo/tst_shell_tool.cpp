// SPDX-License-Identifier: Apache-2.0
#include "demo/shell_tool.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

using namespace luthien;
using namespace luthien::demo;

class TestShellTool : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void takesQuotesAway_data();
    void takesQuotesAway();
    void refuses_data();
    void refuses();
    void runsSqlAndSaysWhatFailed();
};

void TestShellTool::takesQuotesAway_data()
{
    QTest::addColumn<std::string>("command");
    QTest::addColumn<std::string>("sql");
    const auto row = [](const char* name, const char* command, const char* sql) {
        QTest::newRow(name) << std::string(command) << std::string(sql);
    };
    row("double quotes", R"(sqlite3 shop.db "SELECT 1;")", "SELECT 1;");
    row("single quotes keep everything", R"(sqlite3 shop.db 'SELECT "$a`"')", R"(SELECT "$a`")");
    row("an escaped quote", R"(sqlite3 shop.db "SELECT \"a\" \n")", R"(SELECT "a" \n)");
    row("words that touch", R"(sqlite3   shop.db "SEL"'ECT 1' )", "SELECT 1");
    row("no quotes", "sqlite3 shop.db .tables", ".tables");
}

void TestShellTool::takesQuotesAway()
{
    QFETCH(std::string, command);
    QFETCH(std::string, sql);
    QCOMPARE(sqlOfCommand(command).value(), sql);
}

void TestShellTool::refuses_data()
{
    QTest::addColumn<std::string>("command");
    for (const char* command :
         {"", "rm -rf /", "sqlite3", "sqlite3 shop.db", "sqlite3 other.db 'SELECT 1'", "sqlite3 ../shop.db 'SELECT 1'",
          "sqlite3 -cmd '.shell ls' shop.db 'SELECT 1'", "sqlite3 shop.db 'SELECT 1'; ls", "sqlite3 shop.db 'a' | sh",
          "sqlite3 shop.db \"$(ls)\"", "sqlite3 shop.db \"`ls`\"", "sqlite3 shop.db 'open", "sqlite3 shop.db \"open",
          "sqlite3 shop.db 'a' > file", "sqlite3 shop.db 'a'\nls", "a=1 sqlite3 shop.db 'a'"})
        QTest::newRow(*command == '\0' ? "nothing" : command) << std::string(command);
}

void TestShellTool::refuses()
{
    QFETCH(std::string, command);
    QCOMPARE(sqlOfCommand(command).error().code, ErrorCode::Unsupported);
}

void TestShellTool::runsSqlAndSaysWhatFailed()
{
    QTemporaryDir directory;
    auto shop = Shop::make(directory.path().toStdString());
    QVERIFY(shop);
    QCOMPARE(runCommand(*shop, "sqlite3 shop.db .tables").text, std::string("customers\ninventory\norders\n"));
    QCOMPARE(runCommand(*shop, "sqlite3 shop.db 'SELECT count(*) FROM orders'").text, std::string("600\n"));
    const ToolOutput missing = runCommand(*shop, "sqlite3 shop.db 'SELECT 1 FROM suppliers'");
    QVERIFY(missing.isError);
    QCOMPARE(missing.text, std::string("Error: no such table: suppliers"));
    QVERIFY(runCommand(*shop, "cat /etc/passwd").isError);
    QVERIFY2(runCommand(*shop, "sqlite3 shop.db '.shell ls'").isError, "commands of the sqlite3 shell are no SQL");
}

LUTHIEN_TEST(tst_shell_tool, TestShellTool)
#include "tst_shell_tool.moc"
