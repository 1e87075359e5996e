// SPDX-License-Identifier: Apache-2.0
#include "runtime/policy_services.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

using namespace luthien;
using namespace luthien::runtime;
using namespace std::chrono_literals;

namespace {
class HourLater final : public Clock
{
public:
    [[nodiscard]] TimePoint now() const override { return fromMicros(1'790'000'000'000'000) + 1h; }
    [[nodiscard]] SteadyPoint steady() const override { return {}; }
};
} // namespace

class TestPolicyServices : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anAnswerForAlwaysOutlivesTheProgram();
    void takesOverWhatWasSpent();
};

void TestPolicyServices::anAnswerForAlwaysOutlivesTheProgram()
{
    const QTemporaryDir directory;
    const SystemClock clock;
    Metrics metrics;
    const policy::ApprovalQuestion question{.call = CallId::make(clock.now()),
                                            .session = "s",
                                            .tool = "Bash",
                                            .arguments = R"({"command":"ls"})",
                                            .policyId = "ask"};
    for (const bool isFirstRun : {true, false}) {
        auto store = store::Store::open({.directory = directory.path().toStdString(), .ballastBytes = 0});
        QVERIFY(store);
        PolicyServices services(clock, metrics);
        const auto loaded = services.load(**store);
        QVERIFY2(loaded, loaded ? "" : loaded.error().toString().c_str());
        const auto ruled = services.approvals().ruled(question);
        QCOMPARE(ruled.has_value(), !isFirstRun);
        if (isFirstRun) {
            const auto asked = services.approvals().ask(question, [] {});
            QVERIFY(asked);
            QVERIFY(services.approvals().answer((*asked)->id(), {.verb = policy::ApprovalVerb::Allow,
                                                                 .scope = policy::ApprovalScope::Tool,
                                                                 .duration = policy::ApprovalDuration::Always}));
        } else {
            QCOMPARE(ruled->verb, policy::ApprovalVerb::Allow);
        }
        store->reset(); // saves
    }
}

void TestPolicyServices::takesOverWhatWasSpent()
{
    test::SampleStore samples; // its calls are of one and the same second
    samples.add({});
    QVERIFY(samples.flush());
    const HourLater clock;
    Metrics metrics;
    PolicyServices services(clock, metrics);
    const auto loaded = services.load(samples.store());
    QVERIFY2(loaded, loaded ? "" : loaded.error().toString().c_str());
    const policy::SpendingBook& book = *services.services().spending;
    QCOMPARE(book.spent({.session = "sess-1", .client = "sample"}, policy::SpentBy::Session, 24h).requests, 1);
    QCOMPARE(book.spent({.session = "sess-2", .client = "sample"}, policy::SpentBy::Session, 24h).requests, 0);
}

LUTHIEN_TEST(tst_policy_services, TestPolicyServices)
#include "tst_policy_services.moc"
