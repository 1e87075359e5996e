// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "guard/sql_dynamic.h"
#include "support/test_registry.h"

#include <QtTest>

#include <string>

namespace luthien::guard {

namespace {
constexpr auto kPostgres = static_cast<SqlQuirks>(static_cast<SqlQuirks>(SqlQuirk::DollarQuotes) |
                                                  static_cast<SqlQuirks>(SqlQuirk::MetaCommands));

DynamicSql read(std::string_view text)
{
    return dynamicSql(MappedText::identity(text), lexSql(text, kPostgres));
}

QByteArray joined(const std::vector<MappedText>& texts)
{
    QByteArray result;
    for (const MappedText& text : texts)
        result += (result.isEmpty() ? "" : "|") + test::bytes(text.text());
    return result;
}
} // namespace

class TestSqlDynamic : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsTheLiteralsThatRun_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("code");
        const auto row = [](const char* text, const char* code) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(code);
        };
        row("DO $$ a $$", " a ");
        row("DO LANGUAGE plpgsql 'a'", "a");
        row("EXECUTE 'a'", "a");
        row("EXECUTE IMMEDIATE 'a'", "a");
        row("EXEC('a' + 'b')", "a|b|ab");
        row("EXEC sp_executesql N'a'", "a");
        row("PREPARE s FROM 'a'", "a");
        row("PREPARE s FROM \"a\"", "a");
        row("CREATE FUNCTION f() RETURNS int AS $x$ a $x$ LANGUAGE sql", " a ");
        row("CREATE OR REPLACE PROCEDURE f() LANGUAGE sql AS 'a'", "a");
        row("SELECT dblink_exec('c', 'a')", "c|a|ca");
        row("SELECT cron.schedule('n', '* * * * *', 'a')", "n|* * * * *|a|n* * * * *a");
        row("SELECT 'a' || x FROM y \\gexec", "a");
        row("SELECT 'a'", "");
        row("CREATE TABLE t AS SELECT 'a'", "");
        row("CREATE VIEW v AS SELECT 'a'", "");
        row("GRANT EXECUTE ON FUNCTION f TO a", "");
        row("CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION f('a')", "");
        row("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", "");
    }
    void findsTheLiteralsThatRun()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, code);
        QCOMPARE(joined(read(test::view(text)).code), code);
    }

    void saysWhatNobodyCanRead()
    {
        QCOMPARE(read("EXEC(@sql)").unreadable.size(), std::size_t{1});
        QCOMPARE(read("PREPARE s FROM @sql").unreadable.size(), std::size_t{1});
        QCOMPARE(read("EXECUTE IMMEDIATE v").unreadable.size(), std::size_t{1});
        QCOMPARE(read("EXECUTE prepared(1, 2)").unreadable.size(), std::size_t{0});
        QCOMPARE(joined(read("SET @sql = 'a'; PREPARE s FROM @sql").perhaps), QByteArray("a"));
    }

    void saysWhenThereAreTooMany()
    {
        std::string text = "DO LANGUAGE x ";
        for (int i = 0; i < 300; ++i)
            text += "'a' ";
        QVERIFY(read(text).tooMany);
        QVERIFY(!read("DO 'a'").tooMany);
    }
};

} // namespace luthien::guard

using TestSqlDynamic = luthien::guard::TestSqlDynamic;
LUTHIEN_TEST(tst_sql_dynamic, TestSqlDynamic)
#include "tst_sql_dynamic.moc"
