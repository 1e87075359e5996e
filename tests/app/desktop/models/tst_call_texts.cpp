// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/call_texts.h"
#include "support/test_registry.h"

#include <QDateTime>

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace luthien::desktop;
using conversation::CallStatus;
using conversation::StopReason;

class TestCallTexts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void durationsAreShort_data()
    {
        QTest::addColumn<qint64>("micros");
        QTest::addColumn<QString>("text");
        QTest::newRow("less than a millisecond") << qint64{900} << u"0ms"_s;
        QTest::newRow("milliseconds") << qint64{999'999} << u"999ms"_s;
        QTest::newRow("seconds") << qint64{4'100'000} << u"4.1s"_s;
        QTest::newRow("minutes") << qint64{221'000'000} << u"3m 41s"_s;
        QTest::newRow("hours") << qint64{7'500'000'000} << u"2h 5m"_s;
    }
    void durationsAreShort()
    {
        QFETCH(qint64, micros);
        QFETCH(QString, text);
        QCOMPARE(durationText(std::chrono::microseconds(micros)), text);
    }

    void countsAreWholeBelowTenThousand_data()
    {
        QTest::addColumn<qint64>("count");
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << qint64{0} << u"0"_s;
        QTest::newRow("whole") << qint64{9'999} << u"9,999"_s;
        QTest::newRow("thousands") << qint64{128'400} << u"128.4k"_s;
        QTest::newRow("millions") << qint64{2'500'000} << u"2.5M"_s;
    }
    void countsAreWholeBelowTenThousand()
    {
        QFETCH(qint64, count);
        QFETCH(QString, text);
        QLocale::setDefault(QLocale::c());
        QCOMPARE(countText(count).remove(u','), text.remove(u','));
    }

    void whatWasLongAgoHasItsDay()
    {
        const auto at = [](const QDateTime& time) { return fromMicros(time.toMSecsSinceEpoch() * 1000); };
        const QDateTime noon(QDate(2026, 11, 23), QTime(12, 0));
        QCOMPARE(agoText(at(noon.addSecs(-59)), at(noon)), u"now"_s);
        QCOMPARE(agoText(at(noon.addSecs(-12 * 60)), at(noon)), u"12m"_s);
        QCOMPARE(agoText(at(noon.addSecs(-2 * 3600)), at(noon)), u"10:00"_s);
        QCOMPARE(agoText(at(noon.addDays(-20)), at(noon)), u"Nov 3"_s);
        QCOMPARE(agoText(at(noon.addDays(-400)), at(noon)), u"Oct 19 2025"_s);
    }

    void aCallThatNeedsWordsHasThem_data()
    {
        QTest::addColumn<CallStatus>("status");
        QTest::addColumn<StopReason>("stop");
        QTest::addColumn<QByteArray>("error");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* name, CallStatus status, StopReason stop, const char* error,
                            const char* words) {
            QTest::newRow(name) << status << stop << QByteArray(error) << QString::fromUtf8(words);
        };
        row("a reply that ended", CallStatus::Completed, StopReason::EndTurn, "", "");
        row("a reply at its limit", CallStatus::Completed, StopReason::MaxTokens, "", "token limit");
        row("a refusal", CallStatus::Completed, StopReason::Refusal, "", "refused");
        row("a content filter", CallStatus::Completed, StopReason::ContentFilter, "", "content filter");
        row("a full context", CallStatus::Completed, StopReason::ContextWindow, "", "context window");
        row("a failure that was told", CallStatus::Completed, StopReason::Failed, "", "reported a failure");
        row("a pause", CallStatus::Completed, StopReason::PauseTurn, "", "paused");
        row("a client that went", CallStatus::Cancelled, StopReason::None, "", "client went away");
        row("a reply that was cut", CallStatus::Truncated, StopReason::None, "", "was cut");
        row("a block without a reason", CallStatus::Blocked, StopReason::None, "", "Blocked by a policy.");
        row("a block", CallStatus::Blocked, StopReason::None, "no \xE2\x80\xAE", "no ‹U+202E›");
        row("a failure", CallStatus::Failed, StopReason::None, "reset", "reset");
        row("a failure without words", CallStatus::Failed, StopReason::None, "", "gave no reason");
        row("nothing yet", CallStatus::Open, StopReason::None, "", "Waiting");
    }
    void aCallThatNeedsWordsHasThem()
    {
        QFETCH(CallStatus, status);
        QFETCH(StopReason, stop);
        QFETCH(QByteArray, error);
        QFETCH(QString, words);
        store::CallRow call;
        call.status = status;
        call.stopReason = stop;
        call.error = error.toStdString();
        const auto footer = footerOf(call, false);
        QCOMPARE(footer.has_value(), !words.isEmpty());
        QVERIFY2(!footer || footer->text.contains(words), qPrintable(footer ? footer->text : QString()));
    }

    void aReplyOnItsWayNeedsNoWords()
    {
        store::CallRow call;
        call.status = CallStatus::Open;
        QVERIFY(!footerOf(call, true));
        call.status = CallStatus::Failed;
        call.httpStatus = 529;
        QCOMPARE(footerOf(call, true)->title, u"Failed with HTTP 529"_s);
    }

    void whatACallTookIsOneLine()
    {
        store::CallRow call;
        call.usage.input = 184;
        call.usage.cacheRead = 12'000;
        call.usage.output = 612;
        call.startedAt = fromMicros(1'000'000);
        QCOMPARE(usageText(call), u"184 in   12.0k cached   612 out"_s);
        call.endedAt = fromMicros(5'100'000);
        call.usage.cacheRead = 0;
        QCOMPARE(usageText(call), u"184 in   612 out   4.1s"_s);
    }
};

LUTHIEN_TEST(tst_call_texts, TestCallTexts)
#include "tst_call_texts.moc"
