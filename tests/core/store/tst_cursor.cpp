// SPDX-License-Identifier: Apache-2.0
#include "store/cursor.h"
#include "support/test_registry.h"

#include <QtTest>

#include <limits>

using namespace luthien;
using namespace luthien::store;

class TestCursor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void textLeadsBackToThePlace_data();
    void textLeadsBackToThePlace();
    void foreignTextIsRefused_data();
    void foreignTextIsRefused();
};

void TestCursor::textLeadsBackToThePlace_data()
{
    using Limits = std::numeric_limits<std::int64_t>;
    QTest::addColumn<qint64>("micros");
    QTest::addColumn<qint64>("row");
    QTest::addColumn<QString>("text");
    QTest::newRow("a usual place") << qint64{1'700'000'000'000'000} << qint64{42}
                                   << QStringLiteral("00060a24181e4000000000000000002a");
    QTest::newRow("before 1970") << qint64{-1} << qint64{0} << QStringLiteral("ffffffffffffffff0000000000000000");
    QTest::newRow("the ends of the range")
        << qint64{Limits::min()} << qint64{Limits::max()} << QStringLiteral("80000000000000007fffffffffffffff");
}

void TestCursor::textLeadsBackToThePlace()
{
    QFETCH(qint64, micros);
    QFETCH(qint64, row);
    QFETCH(QString, text);
    const Cursor cursor{micros, row};
    QCOMPARE(toText(cursor), text.toStdString());
    QVERIFY(cursorFromText(text.toStdString()).value() == cursor);
}

void TestCursor::foreignTextIsRefused_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("a digit short") << QString(31, QLatin1Char('0'));
    QTest::newRow("a digit long") << QString(33, QLatin1Char('0'));
    QTest::newRow("a letter that is no digit") << QString(31, QLatin1Char('0')) + QLatin1Char('g');
    QTest::newRow("a sign") << QLatin1Char('-') + QString(31, QLatin1Char('1'));
    QTest::newRow("spaces") << QString(32, QLatin1Char(' '));
    QTest::newRow("a prefix") << QStringLiteral("0x") + QString(30, QLatin1Char('1'));
}

void TestCursor::foreignTextIsRefused()
{
    QFETCH(QString, text);
    const auto cursor = cursorFromText(text.toStdString());
    QVERIFY(!cursor);
    QCOMPARE(cursor.error().code, ErrorCode::InvalidInput);
}

LUTHIEN_TEST(tst_cursor, TestCursor)
#include "tst_cursor.moc"
