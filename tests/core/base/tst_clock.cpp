// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"
#include "support/test_registry.h"

using namespace luthien;

class TestClock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesAndReadsRfc3339_data()
    {
        QTest::addColumn<qint64>("micros");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("the epoch") << qint64(0) << QByteArray("1970-01-01T00:00:00.000000Z");
        QTest::newRow("one microsecond before the epoch") << qint64(-1) << QByteArray("1969-12-31T23:59:59.999999Z");
        QTest::newRow("a leap day") << qint64(1709209805000042) << QByteArray("2024-02-29T12:30:05.000042Z");
    }

    void writesAndReadsRfc3339()
    {
        QFETCH(qint64, micros);
        QFETCH(QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(toRfc3339(fromMicros(micros))), text);
        const auto back = fromRfc3339(text.toStdString());
        QVERIFY(back);
        QCOMPARE(toMicros(*back), micros);
    }

    void refusesOtherForms_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no fraction") << QByteArray("2024-02-29T12:30:05Z");
        QTest::newRow("another zone") << QByteArray("2024-02-29T12:30:05.000042+01:00");
        QTest::newRow("the 30th of February") << QByteArray("2024-02-30T12:30:05.000042Z");
        QTest::newRow("hour 24") << QByteArray("2024-02-29T24:30:05.000042Z");
        QTest::newRow("a sign inside a number") << QByteArray("2024-02-29T12:-1:05.000042Z");
    }

    void refusesOtherForms()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!fromRfc3339(text.toStdString()));
    }

    void theSystemClockRuns()
    {
        const SystemClock clock;
        const auto wall = clock.now();
        const auto steady = clock.steady();
        QVERIFY(toMicros(wall) > 1'700'000'000'000'000);
        QVERIFY(clock.steady() >= steady);
    }
};

LUTHIEN_TEST(tst_clock, TestClock)
#include "tst_clock.moc"
