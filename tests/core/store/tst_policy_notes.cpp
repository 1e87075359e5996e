// SPDX-License-Identifier: Apache-2.0
#include "store/policy_notes.h"
#include "store/store.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QtTest>

#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace luthien;
using namespace luthien::store;
using conversation::PolicyMode;
using luthien::test::TestDatabase;
using namespace std::chrono_literals;

class TestPolicyNotes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWaitsIsWrittenTogether();
    void whatFailedIsWrittenTheNextTime();
    void theNewestAreKept();
    void whatIsGivenUpIsNamed();
    void aStoreThatClosesWithoutItsDatabaseSaysWhoseNotesAreMissing();
};

namespace {
PolicyVersion version(const std::string& hash, const std::string& definition = "{}")
{
    return {.version = hash, .policyId = "sql", .definition = definition, .firstUsedAt = fromMicros(1)};
}

PolicyChange change(const std::string& hash, PolicyMode mode = PolicyMode::Enforce)
{
    return {.policyId = "sql", .version = hash, .mode = mode, .at = fromMicros(1), .author = "me", .source = "api"};
}

/// A new data directory with tables in it.
std::unique_ptr<Database> makeTables(const TestDatabase& test)
{
    if (!Store::open({.directory = test.path().toStdString(), .ballastBytes = 0}))
        qFatal("no store can be made");
    return test.connect();
}

std::vector<std::string> versionsOf(Database& database)
{
    std::vector<std::string> versions;
    const auto rows = readPolicyChanges(database, "sql", std::numeric_limits<std::int64_t>::max(), 10'000);
    for (const PolicyChangeRow& row : rows.value())
        versions.insert(versions.begin(), row.change.version);
    return versions;
}
} // namespace

void TestPolicyNotes::whatWaitsIsWrittenTogether()
{
    const TestDatabase test(QStringLiteral("sqlite"));
    const auto database = makeTables(test);
    PolicyNotes notes;
    QVERIFY(notes.add({version("a")}));
    QVERIFY(!notes.add({change("a")})); // they go with it
    QVERIFY(!notes.add({version("a"), version("b")}));
    QVERIFY(!notes.add({change("a")}));
    QVERIFY(!notes.add({change("b")}));
    QVERIFY(!notes.add({change("a")})); // back
    QVERIFY(notes.write(*database));
    QVERIFY(notes.add({change("a", PolicyMode::Shadow)})); // too late for that
    notes.wrote({});
    QCOMPARE(versionsOf(*database), (std::vector<std::string>{"a", "b", "a"}));
    QVERIFY(readPolicyVersion(*database, "b"));
    QVERIFY(notes.write(*database));
    notes.wrote({});
    QCOMPARE(versionsOf(*database), (std::vector<std::string>{"a", "b", "a", "a"}));
    QVERIFY(!notes.add(std::vector<PolicyVersion>()));
}

void TestPolicyNotes::whatFailedIsWrittenTheNextTime()
{
    const TestDatabase test(QStringLiteral("sqlite"));
    const auto database = makeTables(test);
    PolicyNotes notes;
    QVERIFY(notes.add({change("a")}));
    QVERIFY(database->begin());
    QVERIFY(notes.write(*database));
    database->rollback();
    QVERIFY(notes.add({change("b")}));
    QVERIFY(notes.write(*database));
    notes.wrote({});
    QCOMPARE(versionsOf(*database), (std::vector<std::string>{"a", "b"}));
}

void TestPolicyNotes::theNewestAreKept()
{
    const TestDatabase test(QStringLiteral("sqlite"));
    const auto database = makeTables(test);
    PolicyNotes notes;
    const std::string large(PolicyNotes::kMostBytes / 4, ' ');
    QVERIFY(notes.add({version("0", large)}));
    for (std::size_t i = 1; i < PolicyNotes::kMostChanges + 5; ++i) {
        if (i < 6)
            QVERIFY(!notes.add({version(std::to_string(i), large)}));
        QVERIFY(!notes.add({change(std::to_string(i))}));
    }
    QVERIFY(notes.write(*database));
    notes.wrote({});
    for (const auto& [hash, isKept] : {std::pair{"0", false}, {"1", false}, {"2", true}, {"5", true}})
        QCOMPARE(readPolicyVersion(*database, hash).hasValue(), isKept);
    const auto versions = versionsOf(*database);
    QCOMPARE(versions.size(), PolicyNotes::kMostChanges);
    QCOMPARE(versions.front(), std::string("5"));
    QCOMPARE(versions.back(), std::to_string(PolicyNotes::kMostChanges + 4));
}

void TestPolicyNotes::whatIsGivenUpIsNamed()
{
    PolicyNotes notes;
    QVERIFY(notes.add({version("a")}));
    auto other = change("b");
    other.policyId = "pii";
    QVERIFY(!notes.add({other}));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("not in the database: pii, sql \\(.*closed")));
    notes.wrote(Error{ErrorCode::Unavailable, "the store is closed", "store"});
    QVERIFY(notes.add({version("a")})); // nothing of it waits any more
}

void TestPolicyNotes::aStoreThatClosesWithoutItsDatabaseSaysWhoseNotesAreMissing()
{
    const TestDatabase test(QStringLiteral("sqlite"));
    static_cast<void>(makeTables(test));
    const auto store = *Store::open({.directory = test.path().toStdString(), .ballastBytes = 0});
    const auto other = test.connect();
    QVERIFY(other->begin()); // locks it
    store->notePolicyVersions({version("a")});
    store->notePolicyChanges({change("a")});
    QTRY_COMPARE_WITH_TIMEOUT(store->state(), StoreState::Broken, 20'000);
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(QStringLiteral("these policies is not in the database: sql")));
    store->close();
    other->rollback();
}

LUTHIEN_TEST(tst_policy_notes, TestPolicyNotes)
#include "tst_policy_notes.moc"
