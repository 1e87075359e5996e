// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "guard/program_source.h"
#include "support/test_registry.h"

#include <QtTest>

namespace luthien::guard {

class TestProgramSource : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsStringsThatBeginLikeSql_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* text, const char* expected) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(expected);
        };
        row("db.execute('DROP TABLE t')", "DROP TABLE t");
        row("db.execute(\"\"\"\n  DROP TABLE t\n\"\"\")", "\n  DROP TABLE t\n");
        row("db.query(`DROP TABLE ${t}`)", "DROP TABLE ${t}");
        row("# don't\nx('drop it')", "drop it");
        row("x(f\"DELETE FROM {t}\")", "DELETE FROM {t}");
        row("x('DROP TABLE \\'t\\'')", "DROP TABLE 't'");
        row("x('SELECT 1; DROP TABLE t')", "SELECT 1; DROP TABLE t");
        row("x('DROP TABLE t", "DROP TABLE t");
        row("print('DROP TABLE t')", "");
        row("console.log(\"DROP TABLE t\")", "");
        row("x = 'we drop tables'", "");
        row("drop = 1", "");
        row("'", "");
        row("", "");
    }
    void findsStringsThatBeginLikeSql()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QByteArray found;
        for (const MappedText& literal : sqlLiterals(MappedText::identity(test::view(text))))
            found += test::bytes(literal.text());
        QCOMPARE(found, expected);
    }
};

} // namespace luthien::guard

using TestProgramSource = luthien::guard::TestProgramSource;
LUTHIEN_TEST(tst_program_source, TestProgramSource)
#include "tst_program_source.moc"
