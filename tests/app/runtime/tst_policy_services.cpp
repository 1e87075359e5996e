// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/builtin.h"
#include "runtime/policy_services.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

#include <boost/json/object.hpp>

#include <deque>
#include <random>

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

class SetClock final : public Clock
{
public:
    [[nodiscard]] TimePoint now() const override { return at; }
    [[nodiscard]] SteadyPoint steady() const override { return {}; }
    TimePoint at = fromMicros(1'790'000'000'000'000);
};
} // namespace

class TestPolicyServices : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anAnswerForAlwaysOutlivesTheProgram();
    void takesOverWhatWasSpent();
    void asMuchIsSpentAfterARestartAsBefore();
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

/// Random calls, as a rate limit counts them while they run and as the store has them afterwards.
void TestPolicyServices::asMuchIsSpentAfterARestartAsBefore()
{
    using conversation::CallStatus;
    std::mt19937 random(7);
    const auto upTo = [&random](int most) { return static_cast<int>(random() % static_cast<unsigned>(most + 1)); };
    SetClock clock;
    Metrics metrics;
    test::SampleStore samples;
    const auto sink = samples.store().makeSink(0);
    PolicyServices before(clock, metrics);
    const boost::json::object config{{"requests", 2}, {"per", "10m"}, {"by", "session"}};
    const auto limit = policy::findType(policy::builtin::registry(), "rate-limit")->make(config, before.services());
    QVERIFY(limit);

    struct Call
    {
        policy::CallFacts facts;
        std::unique_ptr<policy::PolicyContext> context;
        std::unique_ptr<policy::PolicyCall> policy;
        bool isQuestion = false;
        bool isRefused = false;
    };
    std::deque<std::unique_ptr<Call>> open;
    const auto begin = [&] {
        auto call = std::make_unique<Call>();
        call->facts.call = CallId::make(clock.at);
        call->facts.api = static_cast<conversation::Api>(upTo(4));
        call->facts.identity = {.session = "s" + std::to_string(upTo(2)), .client = "c" + std::to_string(upTo(1))};
        call->isQuestion = upTo(9) == 0;
        sink->opened({.call = call->facts.call,
                      .at = clock.at,
                      .identity = call->facts.identity,
                      .api = call->facts.api,
                      .cause = call->isQuestion ? CallId::make(clock.at) : CallId()});
        call->context = std::make_unique<policy::PolicyContext>(
            policy::PolicyContext{.facts = call->facts, .clock = clock, .wake = [] {}});
        call->policy = (*limit)->open(*call->context);
        // A policy in front of it may have blocked the request.
        const bool isAsked = !call->isQuestion && upTo(9) > 0;
        call->isRefused = !call->isQuestion && (!isAsked || (*call->policy->request({})).isBlocked());
        open.push_back(std::move(call));
    };
    const auto end = [&] {
        const auto place = open.begin() + upTo(static_cast<int>(open.size()) - 1);
        const std::unique_ptr<Call> call = std::move(*place);
        open.erase(place);
        conversation::CallEnded ended{.call = call->facts.call, .at = clock.at};
        const bool isBlockedLater = upTo(5) == 0;
        ended.status = call->isRefused || isBlockedLater ? CallStatus::Blocked : CallStatus(1 + upTo(3));
        if (!call->isRefused && (!isBlockedLater || upTo(1) == 0)) {
            ended.firstByteAt = clock.at;
            ended.usage.update({.input = upTo(500), .output = upTo(100), .cacheRead = upTo(300), .cacheWrite = 7});
            ended.costNanoUsd = upTo(1'000'000);
        }
        if (!call->isQuestion)
            call->policy->ended(ended);
        sink->ended(ended);
    };
    for (int i = 0; i < 600; ++i) {
        clock.at += std::chrono::seconds(upTo(i < 300 ? 900 : 40));
        if (open.empty() || upTo(1) == 0)
            begin();
        else
            end();
    }
    while (!open.empty())
        end();
    QVERIFY(samples.flush());

    PolicyServices after(clock, metrics);
    QVERIFY(after.load(samples.store()));
    const policy::SpendingBook& live = *before.services().spending;
    const policy::SpendingBook& loaded = *after.services().spending;
    QVERIFY(live.spent({}, policy::SpentBy::All, 0s).tokens > 10'000);
    for (const char* session : {"s0", "s1", "s2"}) {
        for (const auto by : {policy::SpentBy::Session, policy::SpentBy::Client, policy::SpentBy::All}) {
            for (const std::chrono::seconds window : {0s, 60s, 600s, 3600s, 86'400s, 604'800s}) {
                const policy::Spender who{.session = session, .client = session[1] == '0' ? "c0" : "c1"};
                const policy::Spending was = live.spent(who, by, window);
                const policy::Spending is = loaded.spent(who, by, window);
                QCOMPARE(is.requests, was.requests);
                QCOMPARE(is.tokens, was.tokens);
                QCOMPARE(is.nanoUsd, was.nanoUsd);
            }
        }
    }
}

LUTHIEN_TEST(tst_policy_services, TestPolicyServices)
#include "tst_policy_services.moc"
