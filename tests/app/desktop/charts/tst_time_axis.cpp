// SPDX-License-Identifier: Apache-2.0
#include "desktop/charts/time_axis.h"
#include "support/test_registry.h"

#include <QtTest>

#include <random>

using namespace luthien::desktop;

class TestTimeAxis : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void textsTellNeighboursApart_data()
    {
        QTest::addColumn<qint64>("micros");
        QTest::addColumn<qint64>("step");
        QTest::addColumn<QString>("text");
        QTest::newRow("the beginning") << qint64(0) << qint64(1'000'000) << "0:00";
        QTest::newRow("minutes") << qint64(110'000'000) << qint64(55'000'000) << "1:50";
        QTest::newRow("hours") << qint64(3'723'000'000) << qint64(60'000'000) << "1:02:03";
        QTest::newRow("parts of a second") << qint64(1'250'000) << qint64(250'000) << "0:01.250";
    }
    void textsTellNeighboursApart()
    {
        QFETCH(qint64, micros);
        QFETCH(qint64, step);
        QFETCH(QString, text);
        QCOMPARE(elapsedText(micros, step), text);
    }

    void ticksAreRoundInOrderInsideAndDiffer()
    {
        std::mt19937_64 random(1);
        for (int trial = 0; trial < 2000; ++trial) {
            const auto from = static_cast<std::int64_t>(random() % 90'000'000'000);
            const auto to = from + 2'000 + static_cast<std::int64_t>(random() % (1ULL << (12 + random() % 34)));
            const int atMost = 2 + static_cast<int>(random() % 12);
            const auto ticks = timeTicks(from, to, atMost);
            QVERIFY(std::ssize(ticks) <= atMost);
            for (std::size_t i = 0; i < ticks.size(); ++i) {
                QVERIFY(ticks[i].at >= from && ticks[i].at <= to);
                QCOMPARE(ticks[i].at % 1000, 0);
                if (i > 0) {
                    QVERIFY(ticks[i].at > ticks[i - 1].at);
                    QVERIFY2(ticks[i].text != ticks[i - 1].text, qPrintable(ticks[i].text));
                }
            }
        }
    }
};

LUTHIEN_TEST(tst_time_axis, TestTimeAxis)
#include "tst_time_axis.moc"
