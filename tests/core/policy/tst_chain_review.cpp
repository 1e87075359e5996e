// SPDX-License-Identifier: Apache-2.0
#include "scripted_review.h"
#include "support/test_registry.h"

#include <algorithm>
#include <random>

using namespace luthien;
using namespace luthien::policy;
using namespace luthien::policy::test;
using conversation::AnsweredBy;
using conversation::OnBlock;
using conversation::PartChange;
using namespace std::chrono_literals;

namespace {

class TestChainReview : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_script = {};
        script = &m_script;
    }

    void aCallWaitsForItsPolicyAndLaterPoliciesForIt()
    {
        m_script.held = {"a tool 1"};
        m_script.verdicts["b tool 1"] = block();
        Reviewed call({toolPolicy("a"), toolPolicy("b")});
        QVERIFY(!call.tool("1"));
        QVERIFY(call.review->isWaiting());
        QVERIFY(!call.tool("1"));
        QCOMPARE(m_script.asked["b tool 1"], 0);
        QVERIFY(call.tool("2", 1)->isBlocked == false); // another one goes on meanwhile
        m_script.held.clear();
        call.clock.at += 3ms;
        QVERIFY(call.tool("1")->isBlocked);
        QVERIFY(!call.review->isWaiting());
        QVERIFY(call.tool("1")->isBlocked);
        QCOMPARE(m_script.asked["b tool 1"], 1);
        QCOMPARE(call.decided(), std::string("b:block "));
        QCOMPARE(call.decisions[0].responseId, std::string("resp"));
        QCOMPARE(call.decisions[0].conversationId, std::string("conv"));
    }

    void latencyCountsFromTheFirstQuestion()
    {
        m_script.held = {"a tool 1"};
        m_script.verdicts["a tool 1"] = block();
        Reviewed call({toolPolicy("a")});
        QVERIFY(!call.tool("1"));
        call.clock.at += 3ms;
        m_script.held.clear();
        QVERIFY(call.tool("1")->isBlocked);
        QCOMPARE(call.decisions[0].latency, std::chrono::microseconds(3ms));
    }

    void laterPoliciesJudgeTheNewArgumentsAndShadowsWhatCame()
    {
        m_script.verdicts["a tool 1"] = replaceBy(R"({"x":2})");
        m_script.verdicts["c tool 1"] = replaceBy(R"({"x":3})");
        Reviewed call({toolPolicy("a"), toolPolicy("b"), toolPolicy("c", kShadow), toolPolicy("d")});
        const auto answer = call.tool("1", 0, R"({"x":1})");
        QCOMPARE(answer->arguments, std::optional<std::string>(R"({"x":2})"));
        QCOMPARE(m_script.saw,
                 (std::vector<std::string>{R"(a {"x":1})", R"(b {"x":2})", R"(c {"x":1})", R"(d {"x":2})"}));
        QCOMPARE(call.decided(), std::string("a:replace c:replace "));
        QCOMPARE(call.decisions[0].original, std::string(R"({"x":1})"));
        QCOMPARE(call.decisions[0].final, std::string(R"({"x":2})"));
        QCOMPARE(call.decisions[1].mode, kShadow);
    }

    void newArgumentsMustFit_data()
    {
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QByteArray>("reason");
        QTest::newRow("no JSON") << QByteArray("rm") << QByteArray("cannot be judged");
        QTest::newRow("a member twice") << QByteArray(R"({"x":1,"x":1})") << QByteArray("cannot be judged");
        QTest::newRow("no object") << QByteArray("[1]") << QByteArray("one JSON object");
        QTest::newRow("another type than the tool takes")
            << QByteArray(R"({"x":"1"})") << QByteArray("must be of type integer (/x)");
        QTest::newRow("a member the tool does not know") << QByteArray(R"({"y":1})") << QByteArray("no such member: y");
    }
    void newArgumentsMustFit()
    {
        QFETCH(QByteArray, arguments);
        QFETCH(QByteArray, reason);
        m_script.verdicts["a tool 1"] = replaceBy(arguments.toStdString());
        Definition definition = toolPolicy("a");
        definition.onError = OnError::Pass; // about what the policy cannot judge, not about what must not run
        Reviewed call({definition});
        call.facts.toolSchema = [](std::string_view tool) {
            return tool == "Bash" ? R"({"properties":{"x":{"type":"integer"}},"additionalProperties":false})" : "";
        };
        call.open();
        const auto answer = call.tool("1", 0, R"({"x":1})");
        QVERIFY(answer->isBlocked && !answer->arguments);
        QCOMPARE(call.decisions[0].answeredBy, AnsweredBy::Error);
        QVERIFY2(QByteArray::fromStdString(call.decisions[0].reason).contains(reason),
                 call.decisions[0].reason.c_str());
    }

    void theSameArgumentsAreNoChange()
    {
        m_script.verdicts["a tool 1"] = replaceBy("{}");
        Reviewed call({toolPolicy("a")});
        QVERIFY(call.tool("1") == ToolAnswer{});
        QVERIFY(call.decisions.empty());
    }

    void aShadowThatWaitsDelaysNobodyButKeepsTheRecordOpen()
    {
        m_script.held = {"s tool 1", "s request", "ks text"};
        m_script.verdicts["s tool 1"] = block();
        m_script.verdicts["s request"] = block();
        m_script.verdicts["ks text"] = block();
        Reviewed call(
            {toolPolicy("s", kShadow, R"({"tools":1,"request":1})"), textPolicy("ks", kShadow), toolPolicy("e")});
        QVERIFY(call.review->request(kParts) == conversation::RequestAnswer{});
        QVERIFY(call.tool("1", 0, R"({"x":1})") == ToolAnswer{});
        QCOMPARE(call.text("hi"), std::string("hi"));
        QCOMPARE(call.textEnd(), std::string());
        QVERIFY(call.review->isWaiting());
        call.review->resume();
        QVERIFY(call.review->isWaiting() && call.decisions.empty());
        m_script.held.clear();
        call.review->resume();
        QVERIFY(!call.review->isWaiting());
        QCOMPARE(call.decided(), std::string("s:block s:block ks:block "));
        QCOMPARE(m_script.saw[1], std::string("s be good|hello|"));
        QCOMPARE(m_script.saw[2], std::string(R"(s {"x":1})"));
    }

    void whatTheProviderRunsWaitsForNobody()
    {
        m_script.held = {"a tool 1"};
        Reviewed call({toolPolicy("a")});
        QVERIFY(call.tool("1", 0, "{}", Executor::Server) == ToolAnswer{});
        QVERIFY(call.review->isWaiting());
        m_script.held.clear();
        m_script.verdicts["a tool 1"] = block();
        call.review->resume();
        QCOMPARE(call.decisions[0].mode, kShadow);
    }

    void aDeadlineThatPassesWithoutAnAnswerIsAnError()
    {
        for (const OnError onError : {OnError::Block, OnError::Pass}) {
            m_script = {.held = {"a tool 1"}};
            Definition definition = toolPolicy("a");
            definition.onError = onError;
            Reviewed call({definition});
            QCOMPARE(call.review->due(), SteadyPoint::max());
            m_script.holdUntil = call.clock.at + 5s;
            QVERIFY(!call.tool("1"));
            QCOMPARE(call.review->due(), m_script.holdUntil);
            call.clock.at += 5s;
            m_script.holdUntil += 5s; // a later time is fine
            QVERIFY(!call.tool("1"));
            call.clock.at += 5s;
            QCOMPARE(call.tool("1")->isBlocked, onError == OnError::Block);
            QCOMPARE(call.review->due(), SteadyPoint::max());
            QCOMPARE(call.decisions[0].answeredBy, AnsweredBy::Error);
        }
    }

    /// Nobody is held for good, whatever a policy says.
    void everyHoldEnds_data()
    {
        QTest::addColumn<bool>("isRequest");
        QTest::addColumn<qint64>("named");
        QTest::addColumn<qint64>("seconds");
        const qint64 day = 24 * 3600;
        for (const bool isRequest : {false, true}) {
            const QByteArray what = isRequest ? "a request" : "a tool call";
            QTest::newRow(what + ", no time is named") << isRequest << qint64(0) << qint64(300);
            QTest::newRow(what + ", a time is named") << isRequest << qint64(120) << qint64(120);
            QTest::newRow(what + ", a week is named") << isRequest << 7 * day << day;
        }
    }
    void everyHoldEnds()
    {
        QFETCH(bool, isRequest);
        QFETCH(qint64, named);
        QFETCH(qint64, seconds);
        m_script.held = {isRequest ? "a request" : "a tool 1"};
        Reviewed call({isRequest ? requestPolicy("a") : toolPolicy("a")});
        const auto isBlocked = [&]() -> std::optional<bool> {
            if (isRequest) {
                const auto answer = call.review->request(kParts);
                return answer ? std::optional(answer->isBlocked) : std::nullopt;
            }
            const auto answer = call.tool("1");
            return answer ? std::optional(answer->isBlocked) : std::nullopt;
        };
        if (named > 0)
            m_script.holdUntil = call.clock.at + std::chrono::seconds(named);
        const SteadyPoint end = call.clock.at + std::chrono::seconds(seconds);
        QVERIFY(!isBlocked());
        QCOMPARE(call.review->due(), end);
        call.clock.at = end - 1ms;
        QVERIFY(!isBlocked());
        call.clock.at = end;
        QCOMPARE(isBlocked(), std::optional(true));
        QCOMPARE(call.decisions[0].answeredBy, AnsweredBy::Error);
    }

    void holdingOnWithoutATimeAfterADeadlineIsAnError()
    {
        m_script.held = {"a tool 1"};
        Reviewed call({toolPolicy("a")});
        m_script.holdUntil = call.clock.at + 5s;
        QVERIFY(!call.tool("1"));
        call.clock.at += 6s;
        m_script.holdUntil = SteadyPoint::max();
        QVERIFY(call.tool("1")->isBlocked);
    }

    void moreThanMayWaitIsRefused()
    {
        Reviewed call({toolPolicy("a")});
        for (int i = 0; i < 300; ++i) {
            const std::string id = std::to_string(i);
            m_script.held.insert("a tool " + id);
            const auto answer = call.tool(id, std::uint32_t(i));
            QCOMPARE(answer.has_value(), i >= 256);
            QVERIFY(!answer || answer->isBlocked);
        }
    }

    void theCallsEndWithdrawsWhatWaits()
    {
        m_script.held = {"a tool 1"};
        Reviewed call({toolPolicy("a", kEnforce, R"({"tools":1,"end":1})"), toolPolicy("b")});
        QVERIFY(!call.tool("1"));
        call.review->ended({});
        QVERIFY(!call.review->isWaiting());
        QCOMPARE(call.review->due(), SteadyPoint::max());
        QCOMPARE(m_script.ended, 1);
    }

    void aPersonsWordsReachTheAgentAsTheyAre()
    {
        m_script.verdicts["a tool 1"] = {.verdict = Verdict::Block,
                                         .reason = "Denied.",
                                         .agentText = "Use the staging database.",
                                         .answeredBy = AnsweredBy::Person};
        Reviewed call({toolPolicy("a")});
        QCOMPARE(call.tool("1")->notice, std::string("Use the staging database."));
        QCOMPARE(call.decisions[0].answeredBy, AnsweredBy::Person);
    }

    void aContinueIsRecordedIfThePolicyWantsIt()
    {
        m_script.verdicts["a tool 1"] = {.reason = "Fine.", .score = 0.1, .isRecorded = true};
        Reviewed call({toolPolicy("a")});
        QVERIFY(call.tool("1") == ToolAnswer{});
        QCOMPARE(call.decided(), std::string("a:continue "));
        QCOMPARE(call.decisions[0].score, std::optional(0.1));
    }

    void requestsGoAlongThePoliciesInOrder()
    {
        const auto change = [](std::size_t part, std::string text) {
            return PolicyVerdict{.verdict = Verdict::Replace, .changes = {{part, std::move(text)}}};
        };
        m_script.verdicts["a request"] = change(1, "HELLO");
        m_script.verdicts["b request"] = change(0, "be bad");
        m_script.verdicts["c request"] = change(0, "be good");
        m_script.held = {"b request"};
        Reviewed call({requestPolicy("a"), requestPolicy("s", kShadow), requestPolicy("b"), requestPolicy("c")});
        QVERIFY(call.review->looksAtRequest() && !call.review->enforcesReply());
        QVERIFY(!call.review->request(kParts));
        m_script.held.clear();
        const auto answer = call.review->request(kParts);
        QVERIFY(answer && !answer->isBlocked);
        QVERIFY(answer->changes == std::vector<PartChange>({{1, "HELLO"}})); // c took back what b did
        QVERIFY(call.review->request(kParts) == answer);
        QCOMPARE(m_script.saw, (std::vector<std::string>{"a be good|hello|", "s be good|hello|", "b be good|HELLO|",
                                                         "c be bad|HELLO|"}));
        QCOMPARE(call.decided(), std::string("a:replace b:replace c:replace "));
        QCOMPARE(call.decisions[1].original, std::string("be good"));
        QCOMPARE(call.decisions[1].final, std::string("be bad"));
    }

    void aRequestIsBlocked()
    {
        m_script.verdicts["a request"] = block("Too much.");
        Definition definition = requestPolicy("a");
        definition.agentText = AgentText::Full;
        Reviewed call({definition, requestPolicy("b"), requestPolicy("s", kShadow)});
        const auto answer = call.review->request(kParts);
        QVERIFY(answer->isBlocked);
        QCOMPARE(answer->notice, std::string("[Request was blocked by policy `Scripted`: Too much.]"));
        QCOMPARE(m_script.asked["b request"], 0);
        QCOMPARE(m_script.asked["s request"], 1);
    }

    void changesThatMakeNoSenseBlockTheRequest()
    {
        for (const std::vector<PartChange>& changes : std::vector<std::vector<PartChange>>{
                 {{2, "x"}}, {{1, "x"}, {0, "y"}}, {{1, "x"}, {1, "y"}}, {{1, "\xff"}}}) {
            m_script.verdicts["a request"] = {.verdict = Verdict::Replace, .changes = changes};
            Reviewed call({requestPolicy("a")});
            QVERIFY(call.review->request(kParts)->isBlocked);
            QCOMPARE(call.decisions[0].answeredBy, AnsweredBy::Error);
        }
    }

    void textWaitsAtItsEndAndFlowsOnAfterwards()
    {
        m_script.held = {"k text"};
        Reviewed call({textPolicy("k"), textPolicy("x"), textPolicy("p")});
        QCOMPARE(call.text("hi"), std::string());
        QCOMPARE(call.textEnd(), std::string("..."));
        QVERIFY(call.review->isWaiting());
        QCOMPARE(m_script.asked["x text"], 0);
        m_script.held.clear();
        QCOMPARE(call.textEnd(), std::string("hikx"));
        QCOMPARE(call.textEnd(), std::string());
        QCOMPARE(call.decided(), std::string("k:replace x:replace "));
    }

    void blockedTextBecomesANotice()
    {
        m_script.verdicts["k text"] = block();
        Reviewed call({textPolicy("k"), textPolicy("x")});
        QCOMPARE(call.text("secret"), std::string());
        QCOMPARE(call.textEnd(), std::string("[Text was blocked by policy]")); // in nobody's hand
        QCOMPARE(call.decided(), std::string("k:block "));
        QCOMPARE(call.decisions[0].original, std::string("secret"));
        QCOMPARE(call.decisions[0].final, std::string("[Text was blocked by policy]"));
    }

    void theModelIsAskedAgainThreeTimes()
    {
        Definition definition = toolPolicy("a");
        definition.onBlock = OnBlock::Retry;
        Reviewed call({definition});
        for (int attempt = 0; attempt < 4; ++attempt) {
            const std::string id = std::to_string(attempt);
            m_script.verdicts["a tool " + id] = block();
            QCOMPARE(call.review->mayRetry(), attempt < 3);
            QVERIFY(call.tool("fine", 0) == ToolAnswer{});
            const auto answer = call.tool(id, 1);
            QVERIFY(answer->isBlocked);
            QCOMPARE(answer->onBlock, attempt < 3 ? OnBlock::Retry : OnBlock::Replace);
            const std::vector<DeniedCall> denied = call.review->retry();
            QCOMPARE(denied.size(), std::size_t(attempt < 3 ? 1 : 0));
            if (!denied.empty()) {
                QCOMPARE(denied[0].block, 1U);
                QCOMPARE(denied[0].id, id);
                QCOMPARE(denied[0].name, std::string("Bash"));
                QCOMPARE(denied[0].notice, answer->notice);
            }
        }
        QCOMPARE(call.decisions.size(), std::size_t(4));
    }

    /// Not even for a call that was blocked before it.
    void afterALastWordTheModelIsNotAskedAgain()
    {
        Definition definition = toolPolicy("a");
        definition.onBlock = OnBlock::Retry;
        Reviewed call({definition});
        m_script.verdicts["a tool 0"] = block();
        PolicyVerdict last = block();
        last.isLastWord = true;
        m_script.verdicts["a tool 1"] = last;
        QCOMPARE(call.tool("0", 0)->onBlock, OnBlock::Retry);
        QCOMPARE(call.tool("1", 1)->onBlock, OnBlock::Replace);
        QVERIFY(!call.review->mayRetry());
        QVERIFY(call.review->retry().empty());
    }

    void aReplyThatIsFineIsNotAskedForAgain()
    {
        Definition retrying = toolPolicy("a");
        retrying.onBlock = OnBlock::Retry;
        Definition ending = toolPolicy("b");
        ending.onBlock = OnBlock::End;
        m_script.verdicts["b tool 1"] = block();
        m_script.verdicts["a tool 2"] = block();
        Reviewed call({retrying, ending});
        QVERIFY(call.tool("0", 0) == ToolAnswer{});
        QVERIFY(call.review->retry().empty());
        QCOMPARE(call.tool("1", 1)->onBlock, OnBlock::End);
        QVERIFY(call.tool("2", 2)->isBlocked);
        QVERIFY(call.review->retry().empty()); // it is behind the end
        QVERIFY(!Reviewed({toolPolicy("c")}).review->mayRetry());
    }

    /// The provider may have kept it, and then waits for its output: see BlockedCalls.
    void whatStandsBehindAnEndIsRecordedAsNotRun_data()
    {
        QTest::addColumn<std::string>("when");
        QTest::addColumn<int>("asked");
        QTest::addColumn<bool>("isBlocked");
        QTest::newRow("it comes afterwards: no enforcing policy is asked") << std::string("afterwards") << 0 << true;
        QTest::newRow("it had been allowed before the end was known") << std::string("allowed") << 1 << false;
        QTest::newRow("a policy still held it") << std::string("held") << 1 << true;
    }
    void whatStandsBehindAnEndIsRecordedAsNotRun()
    {
        QFETCH(std::string, when);
        QFETCH(int, asked);
        QFETCH(bool, isBlocked);
        Definition ending = toolPolicy("a");
        ending.onBlock = OnBlock::End;
        Reviewed call({ending, toolPolicy("s", kShadow)});
        m_script.verdicts["a tool 1"] = block();
        if (when == "held")
            m_script.held = {"a tool 2"};
        if (when != "afterwards")
            QCOMPARE(call.tool("2", 2).has_value(), when == "allowed");
        QCOMPARE(call.tool("1", 1)->onBlock, OnBlock::End);
        QVERIFY(!call.review->isWaiting());
        QCOMPARE(call.tool("2", 2)->isBlocked, isBlocked);
        QCOMPARE(m_script.asked["a tool 2"], asked);
        QCOMPARE(m_script.asked["s tool 2"], 1);
        QVERIFY(call.tool("0", 0) == ToolAnswer{}); // it stands in front of the end
        QVERIFY(call.review->tool({.choice = 1, .block = 2, .id = "3", .name = "Bash"}) == ToolAnswer{});
        QVERIFY(call.tool("4", 4, "{}", Executor::Server) == ToolAnswer{}); // the provider has run it
        QCOMPARE(call.decided(), std::string("a:block a:block "));
        QCOMPARE(call.decisions[1].toolId, std::string("2"));
        QCOMPARE(call.decisions[1].responseId, std::string("resp"));
        QCOMPARE(call.decisions[1].mode, kEnforce);
        QVERIFY(call.decisions[1].agentText.find("was not run") != std::string::npos);
        QVERIFY(call.decisions[1].final.empty());
    }

    void whatIsBlockedBehindAnEndIsDecidedOnce()
    {
        Definition ending = toolPolicy("a");
        ending.onBlock = OnBlock::End;
        m_script.verdicts["a tool 1"] = m_script.verdicts["a tool 2"] = block();
        Reviewed call({ending});
        QVERIFY(call.tool("2", 2)->isBlocked);
        QVERIFY(call.tool("1", 1)->isBlocked);
        QVERIFY(call.tool("2", 2)->isBlocked);
        QCOMPARE(call.decided(), std::string("a:block a:block "));
    }

    void onlyCallsInScopeAreLookedAt()
    {
        Definition definition = toolPolicy("a");
        definition.scope = {.clients = {"claude-*"}, .models = {"gpt-*", "o?"}, .tools = {"B*"}, .agents = {""}};
        m_script.verdicts["a tool 1"] = block();
        Reviewed call({definition});
        QVERIFY(!call.review);
        call.facts.identity.client = "claude-code";
        call.facts.model = "o3";
        call.open();
        QVERIFY(call.tool("1")->isBlocked);
        QVERIFY(call.review->tool({.block = 1, .id = "1", .name = "Read", .arguments = "{}"}) == ToolAnswer{});
        call.facts.identity.agent = "sub";
        call.open();
        QVERIFY(!call.review);
        call.facts.identity.agent.clear();
        call.facts.model.clear();
        call.open();
        QVERIFY2(call.review, "a request that names no model is in every scope of models");
    }

    void whatAPersonSaidIsSaidAgainToARequestThatIsRepeated()
    {
        SetClock clock;
        VerdictMemory memory(clock);
        m_script.verdicts["a tool 1"] = {.verdict = Verdict::Block, .answeredBy = AnsweredBy::Person};
        Reviewed call({toolPolicy("a", kEnforce, R"({"tools":1,"remembers":1})"), toolPolicy("b")}, &memory);
        QVERIFY(call.tool("1")->isBlocked);
        call.open();
        QVERIFY(call.tool("1")->isBlocked);
        QCOMPARE(m_script.asked["a tool 1"], 1);
        QVERIFY(!call.decisions[0].isRepeat && call.decisions[1].isRepeat);
        QCOMPARE(call.decisions[1].answeredBy, AnsweredBy::Person);
        QVERIFY(call.tool("1", 1, R"({"other":1})")->isBlocked);
        QCOMPARE(m_script.asked["a tool 1"], 2);
        call.facts.requestHash = "another";
        call.open();
        QVERIFY(call.tool("1")->isBlocked);
        QCOMPARE(m_script.asked["a tool 1"], 3);
    }

    void whatPassesUnseenIsAskedAboutAgain()
    {
        SetClock clock;
        VerdictMemory memory(clock);
        Reviewed call({toolPolicy("a", kEnforce, R"({"tools":1,"request":1,"remembers":1})")}, &memory);
        for (int time = 1; time <= 2; ++time) {
            QVERIFY(call.review->request({}));
            QVERIFY(call.tool("1"));
            QCOMPARE(m_script.asked["a request"], time);
            QCOMPARE(m_script.asked["a tool 1"], time);
            call.open();
        }
        QCOMPARE(memory.size(), std::size_t(0)); // and has pushed out nobody's answer
    }

    /// Whatever the order in which policies find their answers, answers and decisions are those of policies that
    /// answer at once.
    void waitingChangesNothingButTheTime()
    {
        std::mt19937 random(4);
        for (int round = 0; round < 150; ++round) {
            m_script = {};
            const std::vector<Definition> definitions = randomChain(random);
            const auto expected = run(definitions, random, false);
            const auto waited = run(definitions, random, true);
            QVERIFY2(expected == waited, ("round " + std::to_string(round)).c_str());
        }
    }

private:
    static constexpr int kCalls = 4;

    std::vector<Definition> randomChain(std::mt19937& random)
    {
        std::vector<Definition> definitions;
        for (int i = 0; i < 4; ++i) {
            const std::string id(1, char('a' + i));
            definitions.push_back(toolPolicy(id, random() % 3 == 0 ? kShadow : kEnforce));
            for (int call = 0; call < kCalls; ++call) {
                PolicyVerdict& verdict = m_script.verdicts[id + " tool " + std::to_string(call)];
                switch (random() % 5) {
                case 0:
                    verdict = block("no " + id);
                    break;
                case 1:
                    verdict = replaceBy("{\"by\":\"" + id + "\"}");
                    break;
                case 2:
                    verdict = replaceBy("broken");
                    break;
                default:
                    break;
                }
            }
        }
        return definitions;
    }

    /// Answers and decisions, the latter without their order between calls.
    using Outcome = std::pair<std::vector<ToolAnswer>, std::vector<std::string>>;
    Outcome run(const std::vector<Definition>& definitions, std::mt19937& random, bool waits)
    {
        Reviewed call(definitions);
        std::vector<std::string> questions;
        for (const auto& [question, verdict] : m_script.verdicts)
            questions.push_back(question);
        std::shuffle(questions.begin(), questions.end(), random);
        if (waits)
            m_script.held.insert(questions.begin(), questions.end());
        std::vector<std::optional<ToolAnswer>> answers(kCalls);
        for (std::size_t released = 0; released <= questions.size(); ++released) {
            for (std::uint32_t i = 0; i < kCalls; ++i) {
                if (!answers[i])
                    answers[i] = call.tool(std::to_string(i), i);
            }
            call.review->resume();
            if (released < questions.size())
                m_script.held.erase(questions[released]);
        }
        Outcome outcome;
        for (const auto& answer : answers)
            outcome.first.push_back(answer.value_or(ToolAnswer{.notice = "none"}));
        for (const Decision& d : call.decisions)
            outcome.second.push_back(d.toolId + d.policyId + std::string(verdictName(d.verdict)) + d.reason +
                                     d.original + d.final);
        std::sort(outcome.second.begin(), outcome.second.end());
        return outcome;
    }

    Script m_script;
};

} // namespace

LUTHIEN_TEST(tst_chain_review, TestChainReview)
#include "tst_chain_review.moc"
