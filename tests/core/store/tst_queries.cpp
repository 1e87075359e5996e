// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"
#include "store/migrator.h"
#include "support/test_registry.h"

#include <QDir>
#include <QRegularExpression>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QtTest>

using namespace luthien::store;

/// Every query in resources/sql finds its rows by an index.
class TestQueries : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void usesAnIndex_data();
    void usesAnIndex();
    void aScanIsNoticed();

private:
    [[nodiscard]] static QStringList planOf(const QString& sql);
};

namespace {
/// A scan of these is of a few rows: a recursive result, a sorted subquery, one row for each worker, one for each step,
/// or an index that holds nothing else.
const QStringList kSmall = {QStringLiteral("approval_rule"),    QStringLiteral("chain"),
                            QStringLiteral("(subquery-1)"),     QStringLiteral("CONSTANT ROW"),
                            QStringLiteral("journal_position"), QStringLiteral("policy"),
                            QStringLiteral("policy_mode"),      QStringLiteral("rejected_call"),
                            QStringLiteral("schema_migration"), QStringLiteral("call USING INDEX call_open")};

QStringList scansIn(const QStringList& plan)
{
    QStringList scans;
    for (const QString& step : plan) {
        if (step.startsWith(QLatin1String("SCAN ")) && !kSmall.contains(step.mid(5)))
            scans.append(step);
    }
    return scans;
}
} // namespace

QStringList TestQueries::planOf(const QString& sql)
{
    static const QTemporaryDir directory;
    static const QSqlDatabase database = [] {
        const auto made = Database::open(directory.path().toStdString(), Database::Access::ReadWrite);
        auto connection = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("plans"));
        connection.setDatabaseName(directory.filePath(QStringLiteral("luthien.db")));
        return made && migrate(**made, builtInMigrations()) && connection.open() ? connection : QSqlDatabase();
    }();
    // Values do not matter for the plan; names must not stay, they would have to be bound.
    static const QRegularExpression name(QStringLiteral(":[a-z_0-9]+"));
    QString withValues = sql;
    withValues.remove(QRegularExpression(QStringLiteral("--[^\n]*\n"))).replace(name, QStringLiteral("1"));
    QSqlQuery query(database);
    QStringList plan;
    if (!query.exec(QStringLiteral("EXPLAIN QUERY PLAN ") + withValues))
        plan.append(QStringLiteral("SCAN failed: ") + query.lastError().text());
    while (query.next())
        plan.append(query.value(3).toString());
    return plan;
}

void TestQueries::usesAnIndex_data()
{
    QTest::addColumn<QString>("file");
    const QDir folder(QStringLiteral(":/store/resources/sql/sqlite"));
    const auto files = folder.entryInfoList(QDir::Files);
    QVERIFY(files.size() > 30);
    for (const QFileInfo& file : files)
        QTest::newRow(qPrintable(file.baseName())) << file.filePath();
}

void TestQueries::usesAnIndex()
{
    QFETCH(QString, file);
    QFile sql(file);
    QVERIFY(sql.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(sql.readAll());
    QVERIFY(!text.contains(QLatin1String("SELECT *")));
    QCOMPARE(scansIn(planOf(text)), QStringList());
}

void TestQueries::aScanIsNoticed()
{
    QCOMPARE(scansIn(planOf(QStringLiteral("SELECT id FROM call WHERE model = :model"))).size(), 1);
    QCOMPARE(scansIn(planOf(QStringLiteral("SELECT nonsense FROM call"))).size(), 1);
}

LUTHIEN_TEST(tst_queries, TestQueries)
#include "tst_queries.moc"
