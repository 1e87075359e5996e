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
};

void TestPolicyControl::setsModesFromOtherThreads()
{
    const QTemporaryDir directory;
    Config config;
    config.policies = {{.definition = {.id = "sql", .type = "destructive-sql", .mode = PolicyMode::Shadow}}};
    auto store = store::Store::open({.directory = directory.path().toStdString(), .ballastBytes = 0});
    QVERIFY(store);
    const SystemClock clock;
    const auto policies = Policies::open(config, **store, policy::builtin::registry(), clock);
    QVERIFY(policies);
    PolicyControl control(**policies);

    std::promise<Result<control::PolicyEntry>> answer;
    std::promise<Result<control::PolicyEntry>> refusal;
    auto answered = answer.get_future();
    auto refused = refusal.get_future();
    auto before = std::async(std::launch::async, [&] {
        auto entries = control.list();
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
    QVERIFY(control.list().at(0) == *entry);
    QVERIFY((*policies)->chain()->enforces());
    const auto reader = (*store)->openReader();
    QVERIFY2((*reader)->policyBook()->overrides.size() == 1, "the answer comes once it is saved");
    store->reset();
}

LUTHIEN_TEST(tst_policy_control, TestPolicyControl)
#include "tst_policy_control.moc"
