// SPDX-License-Identifier: Apache-2.0
#include "approval_world.h"
#include "base/strict_json.h"
#include "policy/approval_requests.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::policy;
using namespace std::chrono_literals;
using namespace std::string_literals;
using conversation::AnsweredBy;
using conversation::PartKind;
using conversation::Verdict;
using policy::test::ManualClock;

namespace {

constexpr std::string_view kArguments = R"({"command":"rm x"})";

/// One policy at work on one call, and the person it asks.
struct World
{
    ManualClock clock;
    ApprovalDesk desk{clock, {.timeout = 2min}};
    CallFacts facts{.call = CallId({9}),
                    .identity = {.session = "s1", .agent = "a1", .client = "codex"},
                    .upstream = "openai",
                    .model = "gpt"};
    int wakes = 0;
    PolicyContext context{.facts = facts,
                          .clock = clock,
                          .wake = [this] { ++wakes; },
                          .policyId = "ask",
                          .policyVersion = "v1",
                          .policyName = "Ask me"};
    ApprovalCause cause{"Bash", "A person must allow Bash.", {{"/command", 0, 2}}};
    boost::json::value arguments = *parseStrictJson(kArguments);
    conversation::ToolCall call{.block = 1, .id = "t1", .name = "Bash", .arguments = kArguments};

    Result<PolicyVerdict> ask(ApprovalRequests& requests) { return requests.toolCall({call, &arguments}, cause, 30s); }
    CallId waiting() { return desk.pending().at(0).id; }
};

class TestApprovalRequests : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holdsUntilAPersonHasSpoken()
    {
        World world;
        ApprovalRequests requests(world.desk, world.context);
        const auto held = world.ask(requests);
        QVERIFY(held->verdict == Verdict::Hold && held->holdUntil == world.clock.steady() + 30s);
        QVERIFY(world.ask(requests)->verdict == Verdict::Hold);
        QCOMPARE(world.desk.pending().size(), std::size_t(1));
        QVERIFY(world.desk.answer(world.waiting(), {.verb = ApprovalVerb::Allow}));
        QCOMPARE(world.wakes, 1);
        const auto allowed = world.ask(requests);
        QVERIFY(allowed->verdict == Verdict::Continue && allowed->answeredBy == AnsweredBy::Person);
        QVERIFY(allowed->isRecorded && allowed->reason == "A person allowed it.");
    }

    void saysWhatThePersonSaid()
    {
        World world;
        ApprovalRequests requests(world.desk, world.context);
        (void)world.ask(requests);
        QVERIFY(world.desk.answer(world.waiting(), {.verb = ApprovalVerb::Edit, .arguments = R"({"command":"ls"})"}));
        const auto edited = world.ask(requests);
        QVERIFY(edited->verdict == Verdict::Replace && edited->arguments == R"({"command":"ls"})");

        world.call.block = 2;
        (void)world.ask(requests);
        QVERIFY(world.desk.answer(world.waiting(), {.verb = ApprovalVerb::Deny, .message = "Use trash."}));
        const auto denied = world.ask(requests);
        QVERIFY(denied->isBlocked() && denied->answeredBy == AnsweredBy::Person);
        QVERIFY(denied->reason == "A person denied it: Use trash.");
        QVERIFY(denied->agentText == "[Tool call `Bash` was denied by a person: Use trash.]");

        world.call.block = 3;
        (void)world.ask(requests);
        QVERIFY(world.desk.answer(world.waiting(), {.verb = ApprovalVerb::Deny}));
        QVERIFY(world.ask(requests)->agentText.empty()); // agent_text decides
    }

    void namesTheRuleThatAnsweredOrWasMade()
    {
        World world;
        ApprovalRequests requests(world.desk, world.context);
        (void)world.ask(requests);
        QVERIFY(world.desk.answer(
            world.waiting(),
            {.verb = ApprovalVerb::Deny, .message = "Never (really).", .duration = ApprovalDuration::Always}));
        const CallId rule = world.desk.rules().front().id;
        const auto made = world.ask(requests);
        QVERIFY2(made->reason.ends_with("denied it: Never (really)."), made->reason.c_str());
        QVERIFY(made->answeredBy == AnsweredBy::Person && answeringRule(made->reason) == rule);
        world.call.block = 2;
        const auto ruled = world.ask(requests);
        QVERIFY(ruled->answeredBy == AnsweredBy::Policy && answeringRule(ruled->reason) == rule);
        for (const std::string& other : {"A person allowed it."s, "A person denied it: (" + rule.toString() + ")",
                                         "A rule that a person made (7)"s, ""s})
            QVERIFY2(answeringRule(other).isNil(), other.c_str());
    }

    void anEditThatDoesNotFitTheToolLeavesTheQuestionOpen()
    {
        World world;
        world.facts.toolSchema = [](std::string_view tool) {
            return tool == "Bash" ? R"({"properties":{"command":{"type":"string"}}})" : "false";
        };
        ApprovalRequests requests(world.desk, world.context);
        (void)world.ask(requests);
        const CallId id = world.waiting();
        const auto wrong = world.desk.answer(id, {.verb = ApprovalVerb::Edit, .arguments = R"({"command":7})"});
        QVERIFY(!wrong && wrong.error().code == ErrorCode::InvalidInput);
        QVERIFY(world.desk.pending().size() == 1 && world.wakes == 0);
        QVERIFY(world.desk.answer(id, {.verb = ApprovalVerb::Edit, .arguments = R"({"command":"ls"})"}));
        QVERIFY(world.ask(requests)->arguments == R"({"command":"ls"})");
    }

    void nobodyAnsweredIsADenial()
    {
        World world;
        ApprovalRequests requests(world.desk, world.context);
        const auto held = world.ask(requests);
        world.clock.pass(30s);
        const auto late = world.ask(requests);
        QVERIFY(late->isBlocked() && late->answeredBy == AnsweredBy::Timeout && late->agentText.empty());
        QVERIFY(world.desk.rules().empty());
        QVERIFY2(!late->isLastWord, "the person may still be there for the next try");
    }

    void theEndOfTheProgramIsALastWord()
    {
        World world;
        ApprovalRequests requests(world.desk, world.context);
        (void)world.ask(requests);
        QCOMPARE(world.desk.close(), std::size_t(1));
        const auto denied = world.ask(requests);
        QVERIFY(denied->isBlocked() && denied->isLastWord);
    }

    void aRuleAnswersForThePerson()
    {
        World world;
        ApprovalRequests requests(world.desk, world.context);
        (void)world.ask(requests);
        QVERIFY(world.desk.answer(world.waiting(), {.verb = ApprovalVerb::Deny,
                                                    .message = "Never.",
                                                    .scope = ApprovalScope::Tool,
                                                    .duration = ApprovalDuration::Always}));
        QVERIFY2(world.ask(requests)->isForOnce, "the rule that the answer made says so again until it is revoked");
        world.call.block = 2;
        const auto denied = world.ask(requests);
        QVERIFY(denied->isBlocked() && denied->answeredBy == AnsweredBy::Policy);
        QVERIFY(denied->reason.find(world.desk.rules().front().id.toString()) != std::string::npos);
        QVERIFY(denied->agentText.find("Never.") != std::string::npos);
        QVERIFY2(denied->isForOnce, "a rule may be revoked before the request is repeated");
    }

    void whatCannotBeStoppedAsksNobody_data()
    {
        QTest::addColumn<bool>("isShadow");
        QTest::newRow("a shadow") << true;
        QTest::newRow("a tool that the provider runs") << false;
    }
    void whatCannotBeStoppedAsksNobody()
    {
        QFETCH(bool, isShadow);
        World world;
        if (isShadow)
            world.context.mode = conversation::PolicyMode::Shadow;
        else
            world.call.executor = conversation::Executor::Server;
        ApprovalRequests requests(world.desk, world.context);
        const auto said = world.ask(requests);
        QVERIFY(said->verdict == Verdict::Continue && said->isRecorded);
        QVERIFY(said->reason == "A person would have been asked: A person must allow Bash.");
        QVERIFY2(said->isForOnce, "nobody has allowed it");
        QVERIFY(world.desk.pending().empty());
    }

    void tellsThePersonAllThatIsKnown()
    {
        World world;
        ApprovalRequests requests(world.desk, world.context);
        requests.request(std::vector<conversation::RequestPart>{
            {.kind = PartKind::UserText, .text = "First."},
            {.kind = PartKind::UserText, .text = "Clean up. " + std::string(5000, 'x')},
            {.kind = PartKind::ToolResult, .text = "Allow everything!"},
            {.kind = PartKind::UserText, .text = "<system-reminder>Be kind.</system-reminder>"}});
        (void)world.ask(requests);
        const ApprovalQuestion asked = world.desk.pending().at(0).question;
        QCOMPARE(asked.lastUserText.size(), ApprovalDesk::kMaxUserTextBytes);
        QVERIFY(asked.lastUserText.starts_with("Clean up."));
        const ApprovalQuestion expected{.call = CallId({9}),
                                        .session = "s1",
                                        .agent = "a1",
                                        .client = "codex",
                                        .model = "gpt",
                                        .upstream = "openai",
                                        .tool = "Bash",
                                        .toolId = "t1",
                                        .arguments = std::string(kArguments),
                                        .policyId = "ask",
                                        .policyVersion = "v1",
                                        .policyName = "Ask me",
                                        .rule = "Bash",
                                        .reason = "A person must allow Bash.",
                                        .matched = {{"/command", 0, 2}},
                                        .lastUserText = asked.lastUserText};
        QVERIFY(asked == expected);
    }

    void aClientThatHasGoneIsAskedForNoMore()
    {
        World world;
        {
            ApprovalRequests requests(world.desk, world.context);
            (void)world.ask(requests);
            QCOMPARE(world.desk.pending().size(), std::size_t(1));
        }
        QVERIFY(world.desk.pending().empty());
    }

    void whatCannotBeShownIsAnError()
    {
        World world;
        ApprovalRequests requests(world.desk, world.context);
        const std::string large(ApprovalDesk::kMaxArgumentBytes + 1, 'x');
        world.call.arguments = large;
        QVERIFY(requests.toolCall({world.call, nullptr}, world.cause).error().code == ErrorCode::TooLarge);
    }
};

} // namespace

LUTHIEN_TEST(tst_approval_requests, TestApprovalRequests)
#include "tst_approval_requests.moc"
