// SPDX-License-Identifier: Apache-2.0
#include "opened_store.h"
#include "recording.h"
#include "store/database.h"
#include "store/policy_book.h"
#include "support/test_registry.h"

#include <QtTest>

#include <future>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;
using luthien::test::openStore;
using luthien::test::RecordedCall;
using luthien::test::TestDatabase;

class TestPolicyBook : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void historyKeepsWhatChanged();
    void aFreshStoreHasAnEmptyBook();
    void theLastBookSavedComesBackAfterARestart();
    void aBookIsSavedWholeOrNotAtAll();
    void aModeThatDoesNotExistIsNoMode();
    void aDatabaseInTroubleIsToldAtOnce();
    void versionsAreKeptFromTheirFirstUse();
    void aClosedStoreSaysSo();

private:
    [[nodiscard]] static Result<void> save(Store& store, PolicyBook book);
    [[nodiscard]] static PolicyBook bookOf(const Store& store);
};

namespace {
constexpr auto kLong = std::chrono::seconds(20);

PolicyBook sampleBook()
{
    return {.isSeeded = true,
            .policies = {{"sql", R"({"id":"sql","type":"destructive-sql"})", PolicyMode::Enforce},
                         {"caps", "{\"name\":\"\xe2\x82\xac\"}", PolicyMode::Off}},
            .overrides = {{"from-file", PolicyMode::Shadow}}};
}
} // namespace

/// A save that is never answered fails as Timeout.
Result<void> TestPolicyBook::save(Store& store, PolicyBook book)
{
    auto answer = std::make_shared<std::promise<Result<void>>>();
    auto done = answer->get_future();
    store.savePolicyBook(std::move(book), [answer](Result<void> result) { answer->set_value(std::move(result)); });
    if (done.wait_for(kLong) != std::future_status::ready)
        return Error{ErrorCode::Timeout, "no answer", "test"};
    return done.get();
}

PolicyBook TestPolicyBook::bookOf(const Store& store)
{
    const auto reader = store.openReader();
    return reader ? (*reader)->policyBook().value() : PolicyBook();
}

void TestPolicyBook::aFreshStoreHasAnEmptyBook()
{
    const TestDatabase directory;
    QCOMPARE(bookOf(*openStore(directory)), PolicyBook());
}

void TestPolicyBook::theLastBookSavedComesBackAfterARestart()
{
    const TestDatabase directory;
    auto store = openStore(directory);
    QVERIFY(save(*store, sampleBook()));
    QCOMPARE(bookOf(*store), sampleBook());
    PolicyBook changed = sampleBook();
    std::swap(changed.policies[0], changed.policies[1]);
    changed.policies[0].mode = PolicyMode::Shadow;
    changed.overrides.clear();
    store->savePolicyBook(changed, [](const Result<void>&) {}); // closing waits for it
    store.reset();
    store = openStore(directory);
    QCOMPARE(bookOf(*store), changed);
    PolicyBook emptied{.isSeeded = true};
    QVERIFY(save(*store, emptied));
    QCOMPARE(bookOf(*store), emptied);
}

void TestPolicyBook::aBookIsSavedWholeOrNotAtAll()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    QVERIFY(save(*store, sampleBook()));
    PolicyBook twice = sampleBook();
    twice.overrides.clear();
    twice.policies.push_back(twice.policies.front());
    const auto refused = save(*store, twice);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
    QCOMPARE(bookOf(*store), sampleBook());
    // The writer goes on as if nothing had been.
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    call.end();
    QVERIFY(store->flush(kLong));
    QCOMPARE(store->state(), StoreState::Ok);
}

void TestPolicyBook::aModeThatDoesNotExistIsNoMode()
{
    for (const char* table : {"policy", "policy_mode"}) {
        const TestDatabase directory;
        const auto store = openStore(directory);
        QVERIFY(save(*store, sampleBook()));
        {
            const auto database = Database::open(directory.location(), Access::ReadWrite);
            QVERIFY((*database)->run(QStringLiteral("UPDATE %1 SET mode = 3").arg(QString::fromLatin1(table))));
        }
        const auto book = (*store->openReader())->policyBook();
        QVERIFY(!book);
        QCOMPARE(book.error().code, ErrorCode::InvalidInput);
    }
}

void TestPolicyBook::aDatabaseInTroubleIsToldAtOnce()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    QVERIFY(save(*store, sampleBook()));
    QVERIFY(directory.refuse(QStringLiteral("INSERT"), QStringLiteral("policy_mode"), QStringLiteral("true")));
    QVERIFY(!save(*store, sampleBook()));
    QCOMPARE(bookOf(*store), sampleBook());
    PolicyBook withoutOverrides = sampleBook();
    withoutOverrides.overrides.clear();
    QVERIFY(save(*store, withoutOverrides));
    QCOMPARE(bookOf(*store), withoutOverrides);
}

void TestPolicyBook::versionsAreKeptFromTheirFirstUse()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const PolicyVersion first{"aa", "sql", "{}", fromMicros(1'000)};
    PolicyVersion again = first;
    again.firstUsedAt = fromMicros(2'000);
    const PolicyVersion second{"bb", "sql", R"({"config":{"classes":["drop"]}})", fromMicros(3'000)};
    store->notePolicyVersions({first});
    store->notePolicyVersions({again, second});
    QVERIFY(save(*store, {})); // what was in force does not leave with the policies
    store->close();
    const auto reader = store->openReader();
    QCOMPARE((*reader)->policyVersion("aa").value(), first);
    QCOMPARE((*reader)->policyVersion("bb").value(), second);
    QCOMPARE((*reader)->policyVersion("cc").error().code, ErrorCode::NotFound);
}

void TestPolicyBook::aClosedStoreSaysSo()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    store->close();
    const auto refused = save(*store, sampleBook());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Unavailable);
}

void TestPolicyBook::historyKeepsWhatChanged()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto note = [&](const char* policy, const char* version, PolicyMode mode, std::int64_t at) {
        store->notePolicyVersions({{version, policy, std::string("definition of ") + version, fromMicros(at)}});
        store->notePolicyChanges({{policy, version, mode, fromMicros(at), "me", "api"}});
    };
    note("sql", "v1", PolicyMode::Shadow, 1);
    note("sql", "v1", PolicyMode::Shadow, 2); // nothing new
    note("sql", "v1", PolicyMode::Enforce, 3);
    note("other", "v2", PolicyMode::Enforce, 4);
    note("sql", "v3", PolicyMode::Enforce, 5);
    note("sql", "v1", PolicyMode::Enforce, 6); // back
    store->close();
    const auto reader = store->openReader();
    std::vector<std::int64_t> times;
    std::optional<Cursor> from;
    do {
        const auto page = (*reader)->policyHistory("sql", from, 3);
        QVERIFY(page);
        for (const PolicyChangeRow& row : page->items) {
            times.push_back(toMicros(row.change.at));
            QCOMPARE(row.definition, "definition of " + row.change.version);
            QCOMPARE(row.change.author, std::string("me"));
            QCOMPARE(row.change.source, std::string("api"));
        }
        from = page->next;
    } while (from);
    QCOMPARE(times, (std::vector<std::int64_t>{6, 5, 3, 1}));
}

LUTHIEN_TEST(tst_policy_book, TestPolicyBook)
#include "tst_policy_book.moc"
