// SPDX-License-Identifier: Apache-2.0
#include "filter/moment.h"
#include "filter/quantity.h"
#include "sample_call.h"
#include "support/test_registry.h"

#include <QtTest>

#include <limits>

namespace luthien::filter {

class TestQuantity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAndWritesWithoutLoss_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("unit");
        QTest::addColumn<qlonglong>("number"); ///< -1 = it is none
        QTest::addColumn<QByteArray>("written");
        const auto row = [](const char* text, Unit unit, qlonglong number, const char* written) {
            QTest::newRow(*text == '\0' ? "nothing" : text)
                << QByteArray(text) << static_cast<int>(unit) << number << QByteArray(written);
        };
        row("10k", Unit::Count, 10'000, "10k");
        row("1.5M", Unit::Count, 1'500'000, "1500k");
        row("0", Unit::Count, 0, "0");
        row("9223372036854775807", Unit::Count, std::numeric_limits<qlonglong>::max(), "9223372036854775807");
        row("9223372036854775808", Unit::Count, -1, "");
        row("9223372036854775807k", Unit::Count, -1, "");
        row("1.0005k", Unit::Count, -1, "");
        row("-1", Unit::Count, -1, "");
        row("", Unit::Count, -1, "");
        row("1.", Unit::Count, -1, "");
        row("1x", Unit::Count, -1, "");
        row("1.5m", Unit::Duration, 90'000'000, "90s");
        row("0.25us", Unit::Duration, -1, "");
        row("90", Unit::Duration, -1, "");
        row("14d", Unit::Duration, 1'209'600'000'000, "2w");
        row("1.5KiB", Unit::Bytes, 1536, "1536");
        row("0.1KiB", Unit::Bytes, -1, "");
        row("64kB", Unit::Bytes, 64'000, "64kB");
        row("2MiB", Unit::Bytes, 2'097'152, "2MiB");
        row("$0.50", Unit::Money, 500'000'000, "$0.5");
        row(".000000001", Unit::Money, 1, "$0.000000001");
        row("0.0000000001", Unit::Money, -1, "");
    }
    void readsAndWritesWithoutLoss()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, unit);
        QFETCH(qlonglong, number);
        QFETCH(QByteArray, written);
        const auto read = quantityFrom(text.toStdString(), static_cast<Unit>(unit));
        QCOMPARE(static_cast<qlonglong>(read.value_or(-1)), number);
        if (read) {
            QCOMPARE(QByteArray::fromStdString(quantityText(*read, static_cast<Unit>(unit))), written);
            QVERIFY(quantityFrom(written.toStdString(), static_cast<Unit>(unit)) == read);
        }
    }

    void aMomentIsAsLongAsItIsExact()
    {
        using namespace std::chrono;
        const TimePoint now = test::kSampleNow; // 2026-11-22T12:00:00
        const auto span = [now](const char* text) { return Moment::parse(text)->at(now); };
        QVERIFY((span("2h") == TimeSpan{now - hours(2), now - hours(2) + microseconds(1)}));
        QVERIFY((span("today") == TimeSpan{now - hours(12), now + hours(12)}));
        QVERIFY((span("yesterday") == TimeSpan{now - hours(36), now - hours(12)}));
        QVERIFY((span("2026-11-22") == span("today")));
        QVERIFY((span("2026-11-22T12:00") == TimeSpan{now, now + minutes(1)}));
        QVERIFY((span("2026-11-22T12:00:00Z") == TimeSpan{now, now + seconds(1)}));
        for (const char* const text :
             {"", "tomorrow", "2026-13-01", "2026-11-22T", "2026-11-22T12", "9999999w", "12:00"})
            QVERIFY2(!Moment::parse(text), text);
    }
};

} // namespace luthien::filter

using luthien::filter::TestQuantity;
LUTHIEN_TEST(tst_quantity, TestQuantity)
#include "tst_quantity.moc"
