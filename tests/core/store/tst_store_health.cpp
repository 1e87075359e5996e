// SPDX-License-Identifier: Apache-2.0
#include "store/store_health.h"
#include "support/test_registry.h"

#include <QtTest>

#include <set>

using namespace luthien::store;

class TestStoreHealth : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhatIsWrongAndWhatBecomesOfCalls_data();
    void saysWhatIsWrongAndWhatBecomesOfCalls();
    void everyStateHasItsOwnWord();
};

void TestStoreHealth::saysWhatIsWrongAndWhatBecomesOfCalls_data()
{
    QTest::addColumn<StoreHealth>("health");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, StoreHealth health, const char* text) {
        QTest::newRow(name) << std::move(health) << QString::fromLatin1(text);
    };
    row("all is well", {.backlogBytes = 5000}, "");
    row("catching up", {.state = StoreState::Recovering, .backlogBytes = 812 * 1024},
        "Catching up: 812 KB of the journal are not in the database yet.");
    row("slow", {.state = StoreState::Slow, .backlogBytes = 1'470'000},
        "The database is slow, and is given a rest between commits. Calls go on; the journal keeps what is recorded "
        "(1.4 MB).");
    row("gone", {.state = StoreState::Broken, .backlogBytes = 0, .reason = "it does not answer"},
        "The database cannot be written. Calls go on; the journal keeps what is recorded (0 KB). (it does not answer)");
    row("no room for rows", {.state = StoreState::DiskFull, .backlogBytes = 40ull << 20},
        "The disk is full: free some space. Calls go on; the journal keeps what is recorded (40 MB).");
    row("no room for the journal", {.state = StoreState::DiskFull, .isRecording = false, .backlogBytes = 40ull << 20},
        "The disk is full: free some space. Agents wait: nothing passes that cannot be recorded.");
    row("the quota is used up", {.state = StoreState::JournalFull, .isRecording = false, .backlogBytes = 4ull << 30},
        "The journal is full: 4.0 GB wait for the database. Agents wait: nothing passes that cannot be recorded.");
    row("only what was removed stays", {.notRemoved = "One row stays."}, "One row stays.");
    row("what was removed stays, too",
        {.state = StoreState::Recovering, .backlogBytes = 1024, .notRemoved = "One row stays."},
        "Catching up: 1 KB of the journal are not in the database yet. One row stays.");
}

void TestStoreHealth::saysWhatIsWrongAndWhatBecomesOfCalls()
{
    QFETCH(StoreHealth, health);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(describe(health)), text);
}

void TestStoreHealth::everyStateHasItsOwnWord()
{
    std::set<std::string_view> words;
    for (int state = 0; state <= static_cast<int>(StoreState::JournalFull); ++state)
        words.insert(storeStateName(static_cast<StoreState>(state)));
    QCOMPARE(words.size(), static_cast<std::size_t>(StoreState::JournalFull) + 1);
    QVERIFY(!words.contains(""));
}

LUTHIEN_TEST(tst_store_health, TestStoreHealth)
#include "tst_store_health.moc"
