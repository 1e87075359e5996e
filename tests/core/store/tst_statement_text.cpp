// SPDX-License-Identifier: Apache-2.0
#include "store/statement_text.h"
#include "support/postgres_server.h"
#include "support/test_registry.h"

#include <QSqlDatabase>
#include <QSqlDriver>
#include <QtTest>
#include <QVariant>

#include <limits>

using luthien::store::StatementText;
using luthien::test::PostgresServer;

class TestStatementText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void eachNameIsAPlace();
    void valuesAreWrittenAsSql_data();
    void valuesAreWrittenAsSql();
    void whatIsNotBoundIsNull();

private:
    [[nodiscard]] const QSqlDriver& driver() const { return *QSqlDatabase::database(m_name, false).driver(); }

    const QString m_name = QStringLiteral("statement text");
};

void TestStatementText::initTestCase()
{
    auto connection = QSqlDatabase::addDatabase(QStringLiteral("QPSQL"), m_name);
    connection.setUserName(QStringLiteral("luthien"));
    connection.setDatabaseName(QStringLiteral("postgres"));
    connection.setHostName(PostgresServer::shared()->directory());
    QVERIFY(connection.open());
}

void TestStatementText::cleanupTestCase()
{
    QSqlDatabase::removeDatabase(m_name);
}

void TestStatementText::eachNameIsAPlace()
{
    StatementText text(driver(), 7,
                       QStringLiteral("SELECT :a, x::text, :b_2 FROM t WHERE y = :a AND z > CAST(:b AS BIGINT)"));
    QCOMPARE(text.prepare(), QStringLiteral("PREPARE luthien_7 AS SELECT $1, x::text, $2 FROM t WHERE y = $3 AND z > "
                                            "CAST($4 AS BIGINT)"));
    text.bind(QStringLiteral(":a"), 1);
    text.bind(QStringLiteral(":b"), 2);
    text.bind(QStringLiteral(":b_2"), 3);
    text.bind(QStringLiteral(":text"), 4); // none of its names
    QCOMPARE(text.execute(), QStringLiteral("EXECUTE luthien_7(1,3,1,2)"));
    QCOMPARE(StatementText(driver(), 0, QStringLiteral("SELECT 1")).execute(), QStringLiteral("EXECUTE luthien_0"));
}

void TestStatementText::valuesAreWrittenAsSql_data()
{
    QTest::addColumn<QVariant>("value");
    QTest::addColumn<QString>("sql");
    QTest::newRow("a number") << QVariant(std::numeric_limits<qlonglong>::min()) << "-9223372036854775808";
    QTest::newRow("a real number") << QVariant(0.25) << "0.25";
    QTest::newRow("a text") << QVariant(QStringLiteral("plain")) << "'plain'";
    QTest::newRow("a text that ends the value")
        << QVariant(QStringLiteral("'); DROP TABLE call; --")) << "'''); DROP TABLE call; --'";
    QTest::newRow("a backslash and a quote") << QVariant(QStringLiteral("\\'")) << "'\\'''";
    QTest::newRow("what looks like a name") << QVariant(QStringLiteral(":a $1")) << "':a $1'";
    QTest::newRow("an empty text") << QVariant(QLatin1String("")) << "''";
    QTest::newRow("bytes") << QVariant(QByteArray("\x00'\xff", 3)) << "'\\x0027ff'";
    QTest::newRow("nothing") << QVariant() << "NULL";
}

void TestStatementText::valuesAreWrittenAsSql()
{
    QFETCH(QVariant, value);
    QFETCH(QString, sql);
    StatementText text(driver(), 1, QStringLiteral("SELECT :a"));
    text.bind(QStringLiteral(":a"), value);
    QCOMPARE(text.execute(), QStringLiteral("EXECUTE luthien_1(%1)").arg(sql));
}

void TestStatementText::whatIsNotBoundIsNull()
{
    StatementText text(driver(), 1, QStringLiteral("SELECT :a, :b"));
    text.bind(QStringLiteral(":a"), 1);
    QCOMPARE(text.execute(), QStringLiteral("EXECUTE luthien_1(1,NULL)"));
    text.bind(QStringLiteral(":a"), QVariant());
    QCOMPARE(text.execute(), QStringLiteral("EXECUTE luthien_1(NULL,NULL)"));
}

LUTHIEN_TEST(tst_statement_text, TestStatementText)
#include "tst_statement_text.moc"
