// SPDX-License-Identifier: Apache-2.0
#include "live/commit_log.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::live;

class TestCommitLog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsWhatCameAfter_data();
    void tellsWhatCameAfter();
    void knowsWhereItStartedAt();
    void whatComesFromElsewhereIsNotMissed();
};

void TestCommitLog::tellsWhatCameAfter_data()
{
    QTest::addColumn<quint64>("number");
    QTest::addColumn<int>("missed"); // -1 = no longer known
    QTest::newRow("the newest: nothing missed") << quint64{20} << 0;
    QTest::newRow("one before") << quint64{19} << 1;
    QTest::newRow("just before the oldest kept") << quint64{16} << 4;
    QTest::newRow("older than what is kept") << quint64{15} << -1;
    QTest::newRow("from another store's future") << quint64{21} << -1;
    QTest::newRow("the greatest number there is") << ~quint64{0} << -1;
}

void TestCommitLog::tellsWhatCameAfter()
{
    QFETCH(quint64, number);
    QFETCH(int, missed);
    CommitLog log(4);
    for (std::uint64_t commit = 11; commit <= 20; ++commit)
        log.add({.commit = commit});
    const auto commits = log.since(number);
    QCOMPARE(commits ? static_cast<int>(commits->size()) : -1, missed);
    if (missed > 0)
        QCOMPARE(commits->front().commit, number + 1);
}

void TestCommitLog::knowsWhereItStartedAt()
{
    CommitLog log;
    log.startAt(41);
    QCOMPARE(log.last(), 41U);
    QVERIFY(log.since(41)->empty());
    QVERIFY(!log.since(40));
    log.add({.commit = 42});
    log.startAt(7);
    QCOMPARE(log.since(41)->size(), 1U);
    QVERIFY(!log.since(40));
}

void TestCommitLog::whatComesFromElsewhereIsNotMissed()
{
    CommitLog log(4);
    QCOMPARE(log.add({.isElsewhere = true}), 0U); // before the start: nobody follows yet
    log.startAt(7);
    QVERIFY(log.since(7)->empty());
    QCOMPARE(log.add({.commit = 99, .isElsewhere = true}), 7U);
    QCOMPARE(log.last(), 7U);
    QCOMPARE(log.since(7)->size(), 1U);
    log.add({.commit = 8});
    log.add({.commit = 3, .isElsewhere = true});
    QCOMPARE(log.since(7)->size(), 3U);
    QCOMPARE(log.since(8)->size(), 1U); // told again, rather than never
    QVERIFY(log.since(8)->front().isElsewhere);
    log.add({.commit = 9});
    QVERIFY(log.since(9)->empty());
    log.add({.commit = 10}); // the one from elsewhere at 7 is forgotten: who stands there has missed it
    QVERIFY(!log.since(7));
    QCOMPARE(log.since(8)->size(), 3U);
}

LUTHIEN_TEST(tst_commit_log, TestCommitLog)
#include "tst_commit_log.moc"
