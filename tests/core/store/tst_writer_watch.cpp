// SPDX-License-Identifier: Apache-2.0
#include "store/writer_watch.h"
#include "support/test_registry.h"

#include <QtTest>

#include <atomic>

using namespace luthien;
using namespace luthien::store;
using namespace std::chrono_literals;

class TestWriterWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyOneAndTheSameStepIsSilent();
    void aWriterThatTakesTooLongIsToldOnce();
    void aJournalThatTakesTooLongIsTold();
};

void TestWriterWatch::onlyOneAndTheSameStepIsSilent()
{
    Step step;
    Silence silence;
    const SteadyPoint start{1h};
    QVERIFY(silence.look(step, start) == 0ms);
    QVERIFY(silence.look(step, start + 9s) == 0ms); // it rests
    step.begins();
    QVERIFY(silence.look(step, start + 10s) == 0ms); // may have begun just now
    QVERIFY(silence.look(step, start + 14s) == 4s);
    step.begins(); // the next
    QVERIFY(silence.look(step, start + 15s) == 0ms);
    step.ends();
    step.begins(); // between two looks
    QVERIFY(silence.look(step, start + 16s) == 0ms);
    QVERIFY(silence.look(step, start + 18s) == 2s);
    step.ends();
    step.ends();
    QVERIFY(silence.look(step, start + 19s) == 0ms);
    QVERIFY(silence.look(step, start + 29s) == 0ms);
}

void TestWriterWatch::aWriterThatTakesTooLongIsToldOnce()
{
    std::atomic<int> told = 0;
    std::atomic<std::chrono::milliseconds> taken = 0ms;
    WriterWatch watch({.writer = 20ms, .journals = 1h}, std::make_shared<JournalBudget>(1 << 20),
                      [&](std::chrono::milliseconds since) {
                          taken = since;
                          ++told;
                      });
    QTest::qWait(100); // nothing was begun
    QCOMPARE(told.load(), 0);
    watch.writer().begins();
    QTRY_COMPARE_WITH_TIMEOUT(told.load(), 1, 20'000);
    QVERIFY(taken.load() > 20ms);
    QTest::qWait(100); // twenty looks more
    QCOMPARE(told.load(), 1);
    watch.writer().begins();
    QTRY_COMPARE_WITH_TIMEOUT(told.load(), 2, 20'000);
}

void TestWriterWatch::aJournalThatTakesTooLongIsTold()
{
    const auto budget = std::make_shared<JournalBudget>(1 << 20);
    const auto rests = budget->addStep();
    const auto waits = budget->addStep();
    const WriterWatch watch({.writer = 1h, .journals = 20ms}, budget, [](std::chrono::milliseconds) {});
    QVERIFY(budget->isAnswered());
    waits->begins();
    QTRY_VERIFY_WITH_TIMEOUT(!budget->isAnswered(), 20'000);
    QVERIFY(budget->silentFor.load() > 20ms);
    waits->ends();
    QTRY_VERIFY_WITH_TIMEOUT(budget->isAnswered(), 20'000);
}

LUTHIEN_TEST(tst_writer_watch, TestWriterWatch)
#include "tst_writer_watch.moc"
