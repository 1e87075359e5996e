// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/inference_attempts.h"
#include "scripted_inference.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::policy;
using namespace std::chrono_literals;
using builtin::AttemptPlan;
using builtin::InferenceAttempts;
using builtin::test::PolicyWorld;

namespace {

Error status(const char* number)
{
    return {ErrorCode::Unavailable, "The upstream refused.", number};
}

class TestInferenceAttempts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesTheAnswer()
    {
        PolicyWorld world("noop", "{}");
        InferenceAttempts attempts(world.context, {.upstream = "u"}, {.timeout = 10s});
        QVERIFY(world.models.asked.at(0)->request.upstream == "u");
        QVERIFY(world.models.asked.at(0)->request.timeout == 10s);
        QVERIFY(!attempts.answer() && attempts.due() == world.clock.steady() + 10s);
        world.models.say(0, "yes");
        QCOMPARE(world.wakes, 1);
        QVERIFY((*attempts.answer())->text == "yes");
        QVERIFY(attempts.call() == CallId({1}));
    }

    void asksAgainWhatMayPass_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("context");
        QTest::addColumn<bool>("again");
        const auto row = [](const char* name, ErrorCode code, const char* context, bool again) {
            QTest::newRow(name) << static_cast<int>(code) << QByteArray(context) << again;
        };
        row("nobody there", ErrorCode::Unavailable, "", true);
        row("a time-out", ErrorCode::Timeout, "", true);
        row("too many requests", ErrorCode::Unavailable, "429", true);
        row("overloaded", ErrorCode::Unavailable, "529", true);
        row("no credential", ErrorCode::Unavailable, "401", false);
        row("not allowed", ErrorCode::Unavailable, "403", false);
        row("a wrong request", ErrorCode::Unavailable, "400", false);
        row("no such upstream", ErrorCode::NotFound, "", false);
        row("a reply that cannot be read", ErrorCode::InvalidInput, "", false);
    }
    void asksAgainWhatMayPass()
    {
        QFETCH(int, code);
        QFETCH(QByteArray, context);
        QFETCH(bool, again);
        PolicyWorld world("noop", "{}");
        InferenceAttempts attempts(world.context, {}, {.timeout = 10s, .retries = 1});
        const Error error{static_cast<ErrorCode>(code), "It failed.", context.toStdString()};
        world.models.say(0, error);
        const auto answer = attempts.answer();
        QCOMPARE(!answer.has_value(), again);
        if (!again) {
            QVERIFY(answer->error() == error);
            return;
        }
        QVERIFY(attempts.due() == world.clock.steady() + 500ms);
        world.clock.pass(499ms);
        QVERIFY(!attempts.answer() && world.models.asked.size() == 1);
        world.clock.pass(1ms);
        QVERIFY(!attempts.answer() && world.models.asked.size() == 2);
        QVERIFY(world.models.asked[1]->request.timeout == 9500ms); // what is left of the whole
        world.models.say(1, error);
        QVERIFY(attempts.answer()->error() == error); // one repeat was allowed
        QVERIFY(attempts.call() == CallId({2}));
    }

    void pausesGrowAndTheWholeIsBounded()
    {
        PolicyWorld world("noop", "{}");
        InferenceAttempts attempts(world.context, {}, {.timeout = 5s, .retries = 10});
        std::size_t asked = 0;
        for (const auto pause : {500ms, 1000ms, 2000ms}) {
            world.models.say(asked++, status("503"));
            QVERIFY(!attempts.answer());
            QVERIFY(attempts.due() == world.clock.steady() + pause);
            world.clock.pass(pause);
            QVERIFY(!attempts.answer());
        }
        // The next pause would end after the time that is left.
        world.models.say(asked, status("503"));
        QVERIFY(attempts.answer()->error() == status("503"));
    }

    void whoDoesNotAnswerIsWaitedForNoLonger()
    {
        PolicyWorld world("noop", "{}");
        InferenceAttempts attempts(world.context, {}, {.timeout = 5s});
        world.clock.pass(5s);
        QVERIFY(attempts.answer()->error().code == ErrorCode::Timeout);
        QVERIFY(world.models.asked[0]->isWithdrawn);
        world.models.say(0, "late");
        QVERIFY(attempts.answer()->error().code == ErrorCode::Timeout);
    }

    void aQuestionNobodyWaitsForIsWithdrawn()
    {
        PolicyWorld world("noop", "{}");
        {
            const InferenceAttempts attempts(world.context, {}, {});
        }
        QVERIFY(world.models.asked[0]->isWithdrawn);
        world.models.say(0, "late");
        QCOMPARE(world.wakes, 0);
    }
};

} // namespace

LUTHIEN_TEST(tst_inference_attempts, TestInferenceAttempts)
#include "tst_inference_attempts.moc"
