// SPDX-License-Identifier: Apache-2.0
#include "approval_world.h"
#include "policy/approval_desk.h"
#include "support/test_registry.h"

#include <atomic>
#include <thread>

using namespace luthien;
using namespace luthien::policy;
using namespace std::chrono_literals;
using conversation::AnsweredBy;
using policy::test::ManualClock;
using policy::test::question;

namespace {

const ApprovalAnswer kAllow{.verb = ApprovalVerb::Allow};
const ApprovalAnswer kDeny{.verb = ApprovalVerb::Deny};

ApprovalAnswer allowFor(ApprovalScope scope, ApprovalDuration duration)
{
    return {.verb = ApprovalVerb::Allow, .scope = scope, .duration = duration};
}

class Keeper final : public ApprovalRuleKeeper
{
public:
    void save(const ApprovalRule& rule) override { kept.push_back(rule); }
    void remove(const CallId& id) override
    {
        std::erase_if(kept, [&](const ApprovalRule& rule) { return rule.id == id; });
    }
    std::vector<ApprovalRule> kept;
};

class TestApprovalDesk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aQuestionWaitsForItsAnswer()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        int wakes = 0;
        const auto asked = *desk.ask(question(), [&] { ++wakes; }, 30s);
        QVERIFY(!asked->outcome());
        QVERIFY(asked->deadline() == clock.steady() + 30s);
        const std::vector<Approval> pending = desk.pending();
        QCOMPARE(pending.size(), std::size_t(1));
        QVERIFY(pending[0].question == question() && pending[0].id == asked->id());
        QVERIFY(pending[0].deadline == clock.now() + 30s && !pending[0].suggestions.empty());

        const Result<Approval> answered = desk.answer(asked->id(), {.verb = ApprovalVerb::Deny, .message = "Not now."});
        QVERIFY(answered && answered->outcome->message == "Not now.");
        QCOMPARE(wakes, 1);
        QVERIFY(asked->outcome() == answered->outcome);
        QVERIFY(asked->outcome()->answeredBy == AnsweredBy::Person && asked->outcome()->rule.isNil());
        QVERIFY(desk.pending().empty() && desk.rules().empty());
    }

    void anAnswerIsForOneQuestionOnly()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        auto first = *desk.ask(question(), [] {});
        const auto second = *desk.ask(question("rm -rf /"), [] {});
        QVERIFY(desk.answer(first->id(), kAllow));
        QVERIFY(desk.answer(first->id(), kAllow).error().code == ErrorCode::Conflict);
        const CallId firstId = first->id();
        first.reset();
        QVERIFY(desk.answer(firstId, kAllow).error().code == ErrorCode::Conflict);
        QVERIFY(desk.answer(CallId({1}), kAllow).error().code == ErrorCode::NotFound);
        QVERIFY(!second->outcome());
    }

    void noAnswerInTimeIsADenialAndNoRule()
    {
        ManualClock clock;
        ApprovalDesk desk(clock, {.timeout = 2min});
        const auto asked = *desk.ask(question(), [] {});
        clock.pass(2min - 1us);
        QVERIFY(!asked->outcome());
        clock.pass(1us);
        // A late answer comes too late, whoever looks first.
        QVERIFY(desk.answer(asked->id(), allowFor(ApprovalScope::Tool, ApprovalDuration::Always)).error().code ==
                ErrorCode::Conflict);
        QVERIFY(asked->outcome()->verb == ApprovalVerb::Deny && asked->outcome()->answeredBy == AnsweredBy::Timeout);
        QVERIFY(desk.rules().empty() && desk.pending().empty());
        QVERIFY(!(*desk.ask(question(), [] {}))->outcome());
    }

    void theEndOfTheProgramDeniesWhatWaitsAndMakesNoRule()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        const auto ruled = *desk.ask(question("git status"), [] {});
        QVERIFY(desk.answer(ruled->id(), allowFor(ApprovalScope::Call, ApprovalDuration::Restart)));
        int wakes = 0;
        const auto late = *desk.ask(question("late"), [] {}, 1s);
        clock.pass(1s);
        const auto one = *desk.ask(question("one"), [&] { ++wakes; });
        const auto two = *desk.ask(question("two"), [&] { ++wakes; });
        QCOMPARE(desk.close(), std::size_t(2));
        QCOMPARE(wakes, 2);
        for (const auto& asked : {one.get(), two.get()})
            QVERIFY(asked->outcome()->verb == ApprovalVerb::Deny && asked->outcome()->isAtTheEnd &&
                    asked->outcome()->answeredBy == AnsweredBy::Timeout);
        QVERIFY(!late->outcome()->isAtTheEnd);
        QVERIFY(desk.answer(one->id(), allowFor(ApprovalScope::Tool, ApprovalDuration::Always)).error().code ==
                ErrorCode::Conflict);
        QVERIFY(desk.pending().empty());
        QCOMPARE(desk.rules().size(), std::size_t(1));

        // Whoever asks after that learns it at once, but a rule still answers.
        QVERIFY((*desk.ask(question("three"), [] {}))->outcome()->isAtTheEnd);
        QVERIFY((*desk.ask(question("git status"), [] {}))->outcome()->verb == ApprovalVerb::Allow);
        QCOMPARE(desk.close(), std::size_t(0));
    }

    void anEditGivesOtherArguments()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        const auto asked = *desk.ask(question(), [] {});
        QVERIFY(desk.answer(asked->id(), {.verb = ApprovalVerb::Edit, .arguments = "[]"}).error().context ==
                "arguments");
        QVERIFY(!asked->outcome()); // after an error it waits as before
        QVERIFY(desk.answer(asked->id(), {.verb = ApprovalVerb::Edit, .arguments = R"({"command":"ls"})"}));
        QVERIFY(asked->outcome()->arguments == R"({"command":"ls"})");
    }

    void aRuleAnswersWhatComesAndWhatWaits()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        int wakes = 0;
        const auto first = *desk.ask(question("git status"), [&] { ++wakes; });
        const auto alike = *desk.ask(question("git status src"), [&] { ++wakes; });
        const auto other = *desk.ask(question("git push"), [&] { ++wakes; });
        QVERIFY(desk.draftRule(first->id(), kAllow).error().context == "for");
        const auto draft = desk.draftRule(first->id(), allowFor(ApprovalScope::Pattern, ApprovalDuration::Minutes5));
        QVERIFY(draft && desk.rules().empty() && desk.pending().size() == 3);

        const auto answered = desk.answer(first->id(), allowFor(ApprovalScope::Pattern, ApprovalDuration::Minutes5));
        QCOMPARE(desk.rules().size(), std::size_t(1));
        ApprovalRule rule = desk.rules().front();
        QVERIFY(answered->outcome->rule == rule.id && answered->outcome->answeredBy == AnsweredBy::Person);
        rule.id = CallId();
        QVERIFY(rule == *draft);
        QVERIFY(alike->outcome()->answeredBy == AnsweredBy::Policy && alike->outcome()->verb == ApprovalVerb::Allow);
        QVERIFY(!other->outcome());
        QCOMPARE(wakes, 2);

        QVERIFY(desk.ruled(question("git status lib")).has_value());
        QVERIFY((*desk.ask(question("git status lib"), [] {}))->outcome().has_value());
        QVERIFY(!desk.ruled(question("git push")));
        clock.pass(5min);
        QVERIFY(!desk.ruled(question("git status")) && desk.rules().empty());
    }

    void aRuleCanBeTakenBack()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        const auto asked = *desk.ask(question(), [] {});
        QVERIFY(desk.answer(asked->id(), allowFor(ApprovalScope::Session, ApprovalDuration::Restart)));
        const CallId rule = desk.rules().front().id;
        QVERIFY(desk.ruled(question()));
        QVERIFY(desk.revokeRule(rule));
        QVERIFY(!desk.ruled(question()));
        QVERIFY(desk.revokeRule(rule).error().code == ErrorCode::NotFound);
    }

    void theClockStandsStillWhileAPersonIsAtWork()
    {
        ManualClock clock;
        ApprovalDesk desk(clock, {.timeout = 30s, .longestStop = 10min});
        std::vector<Approval> told;
        const auto watch = desk.watch([&](const Approval& approval) { told.push_back(approval); });
        const auto asked = *desk.ask(question(), [] {});
        clock.pass(20s);
        QVERIFY(desk.stopClock(asked->id()));
        QVERIFY(desk.stopClock(asked->id()));
        QCOMPARE(told.size(), std::size_t(2));
        QVERIFY(told[1].clockStandsUntil == clock.now() + 10min && told[1].deadline == clock.now() + 10min + 10s);
        QVERIFY(asked->deadline() == clock.steady() + 10min + 10s);
        clock.pass(10min + 10s - 1us);
        QVERIFY2(!asked->outcome(), "as many seconds are left as when it was stopped");
        clock.pass(1us);
        QVERIFY(asked->outcome()->verb == ApprovalVerb::Deny && asked->outcome()->answeredBy == AnsweredBy::Timeout);
        QVERIFY(desk.stopClock(asked->id()).error().code == ErrorCode::Conflict);
        QVERIFY(desk.stopClock(CallId({1})).error().code == ErrorCode::NotFound);
        QVERIFY2(desk.rules().empty(), "however it ends, silence makes no rule");
    }

    void noClockStandsLongerThanACallMayWait()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        const auto asked = *desk.ask(question(), [] {}, 24h - 1min);
        QVERIFY(desk.stopClock(asked->id()));
        QVERIFY(asked->deadline() == clock.steady() + 24h);
    }

    void aPausedDeskLetsNothingThrough()
    {
        ManualClock clock;
        ApprovalDesk desk(clock, {.timeout = 30s, .longestStop = 10min});
        const auto allowed = *desk.ask(question("git status"), [] {});
        QVERIFY(desk.answer(allowed->id(), allowFor(ApprovalScope::Pattern, ApprovalDuration::Always)));
        const auto denied = *desk.ask(question("rm x"), [] {});
        QVERIFY(desk.answer(denied->id(), {.verb = ApprovalVerb::Deny, .duration = ApprovalDuration::Always}));
        int wakes = 0;
        const auto before = *desk.ask(question("one"), [&] { ++wakes; });
        const auto workedOn = *desk.ask(question("two"), [&] { ++wakes; });
        QVERIFY(desk.stopClock(workedOn->id()));

        desk.pause();
        QVERIFY(desk.isPaused());
        QVERIFY2(!desk.ruled(question("git status src")), "no permission counts");
        QVERIFY(desk.ruled(question("rm x"))->verb == ApprovalVerb::Deny);
        const auto ruled = *desk.ask(question("git status src"), [&] { ++wakes; });
        QVERIFY(!ruled->outcome());
        clock.pass(1min);
        QVERIFY2(!before->outcome() && !ruled->outcome(), "the clocks stand still");
        QCOMPARE(wakes, 0);

        desk.resume();
        QVERIFY(!desk.isPaused());
        QVERIFY2(ruled->outcome()->verb == ApprovalVerb::Allow, "the rule answers now");
        QVERIFY2(wakes >= 2, "who waits learns of the earlier deadline");
        QVERIFY(before->deadline() == clock.steady() + 30s);
        QVERIFY(workedOn->deadline() > clock.steady() + 9min);
        clock.pass(30s);
        QVERIFY(before->outcome()->answeredBy == AnsweredBy::Timeout);
        QVERIFY(!workedOn->outcome());
    }

    void tellsWhatIsTooLate()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        std::vector<Approval> told;
        const auto asked = *desk.ask(question(), [] {}, 30s);
        const auto watch = desk.watch([&](const Approval& approval) { told.push_back(approval); });
        desk.expire();
        QVERIFY(told.empty());
        clock.pass(30s);
        desk.expire();
        QCOMPARE(told.size(), std::size_t(1));
        QVERIFY(told[0].outcome->answeredBy == AnsweredBy::Timeout);
    }

    void countsWhatARuleAnswers()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        const auto asked = *desk.ask(question("git status"), [] {});
        const auto alike = *desk.ask(question("git status src"), [] {});
        QVERIFY(desk.answer(asked->id(), allowFor(ApprovalScope::Pattern, ApprovalDuration::Always)));
        const ApprovalRule rule = desk.rules().front();
        QVERIFY(rule.madeAtCall == question().call && rule.madeInSession == "s1");
        QVERIFY(desk.ruleUses().at(rule.id) == (ApprovalRuleUse{1, clock.now()})); // the one that waited
        clock.pass(1s);
        QVERIFY(desk.ruled(question("git status lib")));
        QVERIFY(!desk.ruled(question("git push")));
        QVERIFY(desk.ruleUses().at(rule.id) == (ApprovalRuleUse{2, clock.now()}));
        QVERIFY(desk.revokeRule(rule.id));
        QVERIFY(desk.ruleUses().empty());
    }

    void rulesOutliveTheProgramAsLongAsTheySaid()
    {
        ManualClock clock;
        Keeper keeper;
        {
            ApprovalDesk desk(clock);
            QVERIFY(desk.keepRules({}, keeper).empty());
            for (const auto duration : {ApprovalDuration::Restart, ApprovalDuration::Hour1, ApprovalDuration::Always}) {
                const auto asked = *desk.ask(question("rm " + std::to_string(int(duration))), [] {});
                QVERIFY(desk.answer(asked->id(), allowFor(ApprovalScope::Call, duration)));
            }
            QCOMPARE(desk.rules().size(), std::size_t(3));
        }
        QCOMPARE(keeper.kept.size(), std::size_t(2)); // not the one until restart
        clock.pass(1h);
        std::vector<ApprovalRule> saved = keeper.kept;
        saved.push_back({.id = CallId({3}), .scope = ApprovalScope::Pattern});
        ApprovalDesk desk(clock);
        const std::vector<Error> errors = desk.keepRules(saved, keeper);
        QCOMPARE(errors.size(), std::size_t(1));
        QVERIFY(errors[0].context == CallId({3}).toString());
        QCOMPARE(desk.rules().size(), std::size_t(1));
        QCOMPARE(keeper.kept.size(), std::size_t(1)); // the hour is over
        QVERIFY(desk.ruled(question("rm 7")));
        QVERIFY(desk.revokeRule(desk.rules().front().id));
        QVERIFY(keeper.kept.empty());
    }

    void whatIsNoLongerWantedIsWithdrawn()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        auto asked = *desk.ask(question(), [] {});
        const CallId id = asked->id();
        asked.reset();
        QVERIFY(desk.pending().empty());
        QVERIFY(desk.answer(id, kAllow).error().code == ErrorCode::Conflict);
    }

    void watchersSeeEveryChangeOnceAndInOrder()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        QByteArrayList seen;
        auto watch = desk.watch([&](const Approval& approval) {
            const QByteArray state = approval.isPending()                                  ? "added"
                                     : approval.isWithdrawn                                ? "withdrawn"
                                     : approval.outcome->answeredBy == AnsweredBy::Timeout ? "expired"
                                                                                           : "answered";
            seen += state;
        });
        auto answered = *desk.ask(question("a"), [] {});
        auto withdrawn = *desk.ask(question("b"), [] {});
        auto expired = *desk.ask(question("c"), [] {}, 1s);
        QVERIFY(desk.answer(answered->id(), kDeny));
        withdrawn.reset();
        clock.pass(1s);
        QVERIFY(desk.pending().empty());
        QVERIFY(expired->outcome());
        expired.reset();
        answered.reset();
        QCOMPARE(seen, (QByteArrayList{"added", "added", "added", "answered", "withdrawn", "expired"}));
        watch.reset();
        asked(desk);
        QCOMPARE(seen.size(), 6);
    }

    void boundsWhatItTakes()
    {
        ManualClock clock;
        ApprovalDesk desk(clock, {.pending = 2, .rules = 1});
        const auto first = *desk.ask(question("a"), [] {});
        auto second = *desk.ask(question("b"), [] {});
        QVERIFY(desk.ask(question("c"), [] {}).error().code == ErrorCode::Unavailable);
        second.reset();
        const auto third = *desk.ask(question("c"), [] {});
        QVERIFY(desk.ask(question(std::string(ApprovalDesk::kMaxArgumentBytes, 'x')), [] {}).error().code ==
                ErrorCode::TooLarge);
        ApprovalQuestion twice = question();
        twice.arguments = R"({"command":"ls","command":"rm"})";
        QVERIFY(desk.ask(twice, [] {}).error().code == ErrorCode::InvalidInput);
        const ApprovalAnswer always = allowFor(ApprovalScope::Call, ApprovalDuration::Always);
        QVERIFY(desk.answer(first->id(), always));
        QVERIFY(desk.answer(third->id(), always).error().code == ErrorCode::TooLarge);
        QVERIFY(!third->outcome());
    }

    void manyThreadsAskAndAnswer()
    {
        const SystemClock clock;
        ApprovalDesk desk(clock);
        std::atomic<int> changes = 0;
        const auto watch = desk.watch([&](const Approval&) { ++changes; });
        constexpr int kThreads = 4;
        constexpr int kEach = 50;
        std::atomic<bool> isOver = false;
        std::thread person([&] {
            while (!isOver)
                for (const Approval& approval : desk.pending())
                    (void)desk.answer(approval.id, kAllow);
        });
        std::vector<std::thread> workers;
        for (int i = 0; i < kThreads; ++i)
            workers.emplace_back([&] {
                for (int j = 0; j < kEach; ++j) {
                    const auto isWoken = std::make_shared<std::atomic<bool>>(false);
                    const auto asked = *desk.ask(question(), [isWoken] {
                        *isWoken = true;
                        isWoken->notify_all();
                    });
                    isWoken->wait(false);
                    if (asked->outcome()->verb != ApprovalVerb::Allow)
                        qFatal("not what was answered");
                }
            });
        for (std::thread& worker : workers)
            worker.join();
        isOver = true;
        person.join();
        QCOMPARE(changes.load(), 2 * kThreads * kEach);
    }

private:
    static void asked(ApprovalDesk& desk)
    {
        (void)desk.ask(question(), [] {});
    }
};

} // namespace

LUTHIEN_TEST(tst_approval_desk, TestApprovalDesk)
#include "tst_approval_desk.moc"
