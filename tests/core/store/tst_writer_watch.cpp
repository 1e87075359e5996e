// SPDX-License-Identifier: Apache-2.0
#include "store/writer_watch.h"
#include "support/test_registry.h"

#include <QtTest>

#include <atomic>

using namespace luthien::store;
using namespace std::chrono_literals;

class TestWriterWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStepThatTakesTooLongIsToldOnce();
    void whoRestsIsNotSilent();
};

void TestWriterWatch::aStepThatTakesTooLongIsToldOnce()
{
    std::atomic<int> told = 0;
    std::atomic<std::chrono::milliseconds> taken = 0ms;
    WriterWatch watch(20ms, [&](std::chrono::milliseconds since) {
        taken = since;
        ++told;
    });
    watch.begins();
    QTRY_COMPARE_WITH_TIMEOUT(told.load(), 1, 20'000);
    QVERIFY(taken.load() >= 20ms);
    QTest::qWait(100); // five looks more
    QCOMPARE(told.load(), 1);
    watch.begins();
    QTRY_COMPARE_WITH_TIMEOUT(told.load(), 2, 20'000);
}

void TestWriterWatch::whoRestsIsNotSilent()
{
    std::atomic<int> told = 0;
    WriterWatch watch(20ms, [&](std::chrono::milliseconds) { ++told; });
    QTest::qWait(100); // nothing was begun
    watch.rests();
    QTest::qWait(100);
    QCOMPARE(told.load(), 0);
    watch.begins(); // and now it would have been told
    QTRY_COMPARE_WITH_TIMEOUT(told.load(), 1, 20'000);
}

LUTHIEN_TEST(tst_writer_watch, TestWriterWatch)
#include "tst_writer_watch.moc"
