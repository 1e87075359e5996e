// SPDX-License-Identifier: Apache-2.0
#include "policy/question_clock.h"
#include "support/test_registry.h"

#include <QObject>

using namespace luthien;
using namespace std::chrono_literals;
using policy::QuestionClock;

class TestQuestionClock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void standsStillForSoLong()
    {
        const SteadyPoint zero;
        QuestionClock clock(zero + 30s, 10min);
        QVERIFY(clock.deadline() == zero + 30s);
        QVERIFY(clock.stop(zero + 20s) == 10min);
        QVERIFY(clock.stop(zero + 21s) == 0s); // it stands already
        QVERIFY(clock.standsUntil() == zero + 20s + 10min);
        QVERIFY(clock.deadline() == zero + 30s + 10min); // 10 s are left, then as now
        QVERIFY(clock.stop(zero + 25s + 10min) == 0s);   // there is nothing left to stand
        QVERIFY(clock.start(zero + 25s + 10min) == 0s);
    }

    void whatIsLeftCanBeStoppedAgain()
    {
        const SteadyPoint zero;
        QuestionClock clock(zero + 30s, 10min);
        QVERIFY(clock.stop(zero) == 10min);
        QVERIFY(clock.start(zero + 1min) == -9min);
        QVERIFY(clock.deadline() == zero + 90s); // 30 s are left after a minute
        QVERIFY(clock.start(zero + 1min) == 0s);
        QVERIFY(clock.stop(zero + 70s) == 9min);
        QVERIFY(clock.deadline() == zero + 90s + 9min);
        QVERIFY(clock.start(zero + 70s + 9min) == 0s);
        QVERIFY2(clock.stop(zero + 71s + 9min) == 0s, "never longer than 10 min, however often it is stopped");
    }

    void nothingStopsWhatIsOver()
    {
        const SteadyPoint zero;
        QuestionClock clock(zero + 30s, 10min);
        QVERIFY(clock.stop(zero + 30s) == 0s);
        QVERIFY(clock.deadline() == zero + 30s);
    }
};

LUTHIEN_TEST(tst_question_clock, TestQuestionClock)
#include "tst_question_clock.moc"
