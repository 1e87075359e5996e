// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/builtin.h"
#include "runtime/policy_control.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

#include <future>

using namespace luthien;
using namespace luthien::runtime;
using policy::PolicyMode;

class TestPolicyControl : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void setsModesFromOtherThreads();
    void appliesWhatWasSeenLast();
};

void TestPolicyControl::setsModesFromOtherThreads()
{
    const QTemporaryDir directory;
    Config config;
    config.policies = {{.definition = {.id = "sql", .type = "destructive-sql", .mode = PolicyMode::Shadow}}};
    auto store = store::Store::open({.directory = directory.path().toStdString(), .ballastBytes = 0});
    QVERIFY(store);
    const SystemClock clock;
    const auto policies = Policies::open(config, **store, policy::builtin::registry(), {}, clock);
    QVERIFY(policies);
    PolicyControl control(**policies);

    std::promise<Result<control::PolicyEntry>> answer;
    std::promise<Result<control::PolicyEntry>> refusal;
    auto answered = answer.get_future();
    auto refused = refusal.get_future();
    auto before = std::async(std::launch::async, [&] {
        auto entries = control.list().entries;
        control.setMode("sql", PolicyMode::Enforce, [&answer](auto entry) { answer.set_value(std::move(entry)); });
        control.setMode("none", PolicyMode::Off, [&refusal](auto entry) { refusal.set_value(std::move(entry)); });
        return entries;
    });
    const auto isReady = [](const auto& future) {
        return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isReady(answered) && isReady(refused), 10'000);
    QVERIFY(!before.get().at(0).isOverridden);
    const auto entry = answered.get();
    QVERIFY(entry && entry->isOverridden && entry->source == control::PolicySource::File);
    QCOMPARE(entry->definition.mode, PolicyMode::Enforce);
    QCOMPARE(refused.get().error().code, ErrorCode::NotFound);
    QVERIFY(control.list().entries.at(0) == *entry);
    QVERIFY((*policies)->chain()->enforces());
    const auto reader = (*store)->openReader();
    QVERIFY2((*reader)->policyBook()->overrides.size() == 1, "the answer comes once it is saved");
    store->reset();
}

void TestPolicyControl::appliesWhatWasSeenLast()
{
    const QTemporaryDir directory;
    Config config;
    config.policies = {{.definition = {.id = "file", .type = "noop"}}};
    auto store = store::Store::open({.directory = directory.path().toStdString(), .ballastBytes = 0});
    QVERIFY(store);
    const SystemClock clock;
    const auto policies = Policies::open(config, **store, policy::builtin::registry(), {}, clock);
    QVERIFY(policies);
    PolicyControl control(**policies);
    const auto apply = [&control](control::PolicyChange change) {
        std::promise<Result<control::PolicySet>> promise;
        auto future = promise.get_future();
        control.apply(std::move(change), [&promise](auto set) { promise.set_value(std::move(set)); });
        (void)QTest::qWaitFor([&] { return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready; },
                              10'000);
        return future.get();
    };
    const auto ids = [](const control::PolicySet& set) {
        std::string text;
        for (const control::PolicyEntry& entry : set.entries)
            text += entry.definition.id + ' ';
        return text;
    };
    const std::string first = control.list().version;
    const auto added = apply({.definitions = {{.id = "a", .type = "noop"}, {.id = "b", .type = "noop"}},
                              .removesOthers = false,
                              .ifVersion = first});
    QVERIFY2(added, added ? "" : added.error().toString().c_str());
    QCOMPARE(ids(*added), std::string("file a b "));
    QVERIFY(added->version != first);
    QCOMPARE(apply({.definitions = {}, .ifVersion = first}).error().code, ErrorCode::Conflict);
    QCOMPARE(apply({.definitions = {{.id = "file", .type = "noop"}}}).error().code, ErrorCode::Conflict);
    const auto bad = apply({.definitions = {{.id = "c", .type = "noop"}, {.id = "d", .type = "none"}}});
    QCOMPARE(bad.error().context, std::string("policies[d].type"));
    QCOMPARE(control.list().version, added->version); // all or nothing
    const auto replaced = apply({.definitions = {{.id = "c", .type = "noop"}, {.id = "b", .type = "noop"}}});
    QVERIFY(replaced);
    QCOMPARE(ids(*replaced), std::string("file c b "));
    store->reset();
}

LUTHIEN_TEST(tst_policy_control, TestPolicyControl)
#include "tst_policy_control.moc"
