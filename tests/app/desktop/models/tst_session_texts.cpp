// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/session_texts.h"
#include "support/test_registry.h"

#include <QTimeZone>

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace luthien::desktop;

class TestSessionTexts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPersonsNameStandsBeforeTheBeginning()
    {
        store::SessionRow session;
        session.id = "id";
        QCOMPARE(sessionTitle(session), u"id"_s);
        session.preview = "Fix\nthe  tests";
        QCOMPARE(sessionTitle(session), u"Fix the tests"_s);
        session.label = "My \xE2\x80\xAEname";
        QCOMPARE(sessionTitle(session), u"My ‹U+202E›name"_s);
    }

    void theLineSaysWhatMattersMostFirst()
    {
        store::SessionRow session;
        session.client = "codex";
        session.turns = 1;
        QCOMPARE(sessionDetail(session), u"codex · 1 turn"_s);
        session.turns = 12;
        session.inputTokens = 100'000;
        session.outputTokens = 28'400;
        session.costUsd = 0.62;
        session.models = {"gpt-5", "o4"};
        session.agents = {"main"};
        QCOMPARE(sessionDetail(session), u"codex · 12 turns · $0.62 · 128.4k tokens · gpt-5, o4 · main"_s);
        session.agents = {"a", "b"};
        QCOMPARE(sessionDetail(session), u"codex · 12 turns · $0.62 · 128.4k tokens · gpt-5, o4 · 2 agents"_s);
    }

    void theFactsHoldAllOfIt()
    {
        store::SessionRow session;
        session.id = "id";
        session.client = "codex";
        session.agents = {"a", "main"};
        session.models = {"gpt-5"};
        session.calls = 41;
        session.turns = 12;
        session.costUsd = 0.62;
        session.decisions = {.block = 1, .replace = 2, .hold = 3, .shadow = 4};
        session.bytes = 1'234'567;
        session.note = "worth keeping";
        const QString facts = sessionFacts(session);
        for (const QString& part :
             {u"codex"_s, u"a, main"_s, u"gpt-5"_s, u"12 turns"_s, u"41 calls"_s, u"$0.62"_s,
              u"1 blocked, 2 modified, 3 held, 4 by shadow policies"_s, u"1.2 MB"_s, u"worth keeping"_s, u"Live"_s})
            QVERIFY2(facts.contains(part), qPrintable(part + u" in "_s + facts));
    }

    void costsKeepTheDigitsThatTell()
    {
        QCOMPARE(costText(0), u"$0.00"_s);
        QCOMPARE(costText(0.0042), u"$0.0042"_s);
        QCOMPARE(costText(0.62), u"$0.62"_s);
        QCOMPARE(costText(1234.4), u"$1,234"_s);
    }

    void daysAreThoseOfThePerson()
    {
        const QByteArray before = qgetenv("TZ");
        qputenv("TZ", "America/New_York");
        tzset();
        LocalDays days;
        const auto micros = [](const char* utc) {
            return QDateTime::fromString(QString::fromLatin1(utc), Qt::ISODate).toMSecsSinceEpoch() * 1000;
        };
        const auto day = days.dayOf(micros("2026-11-01T12:00:00Z")); // the clock is set back that morning
        QCOMPARE(days.dayOf(micros("2026-11-01T04:00:00Z")), day);
        QCOMPARE(days.dayOf(micros("2026-11-01T03:59:59Z")), day - 1);
        QCOMPARE(days.dayOf(micros("2026-11-02T04:59:59Z")), day);
        QCOMPARE(days.dayOf(micros("2026-11-02T05:00:00Z")), day + 1);
        const TimePoint now = fromMicros(micros("2026-11-02T18:00:00Z"));
        QCOMPARE(dayTitle(day + 1, now), u"Today"_s);
        QCOMPARE(dayTitle(day, now), u"Yesterday"_s);
        QCOMPARE(dayTitle(day - 1, now), u"Saturday, October 31"_s);
        QCOMPARE(dayTitle(day - 400, now), u"September 27, 2025"_s);
        before.isNull() ? qunsetenv("TZ") : qputenv("TZ", before);
        tzset();
    }
};

LUTHIEN_TEST(tst_session_texts, TestSessionTexts)
#include "tst_session_texts.moc"
