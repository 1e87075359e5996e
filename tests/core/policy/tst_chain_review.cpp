// SPDX-License-Identifier: Apache-2.0
#include "policy/chain.h"
#include "policy/verdict_memory.h"
#include "support/test_registry.h"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <set>

using namespace luthien;
using namespace luthien::policy;
using conversation::AnsweredBy;
using conversation::Decision;
using conversation::Executor;
using conversation::OnBlock;
using conversation::PartChange;
using conversation::PartKind;
using conversation::RequestPart;
using conversation::ToolAnswer;
using conversation::ToolCall;
using conversation::Verdict;
using namespace std::chrono_literals;

namespace {

class SetClock final : public Clock
{
public:
    [[nodiscard]] TimePoint now() const override { return {}; }
    [[nodiscard]] SteadyPoint steady() const override { return at; }
    SteadyPoint at{1h};
};

/// What the policies of this test do. A question is named "POLICY tool ID", "POLICY text" or "POLICY request".
struct Script
{
    std::map<std::string, PolicyVerdict> verdicts; ///< absent = Continue
    std::set<std::string> held;                    ///< not answered as long as they are in it
    SteadyPoint holdUntil = SteadyPoint::max();
    std::map<std::string, int> asked;
    std::vector<std::string> saw; ///< "POLICY arguments or text"
    int ended = 0;

    Result<PolicyVerdict> answer(const std::string& question, std::string_view about)
    {
        ++asked[question];
        if (held.contains(question))
            return PolicyVerdict{.verdict = Verdict::Hold, .holdUntil = holdUntil};
        saw.push_back(question.substr(0, question.find(' ')) + ' ' + std::string(about));
        const auto found = verdicts.find(question);
        return found == verdicts.end() ? PolicyVerdict{} : found->second;
    }
};
Script* script = nullptr; ///< of the test under way

class ScriptedCall final : public PolicyCall
{
public:
    explicit ScriptedCall(std::string id)
        : m_id(std::move(id))
    {
    }
    Result<PolicyVerdict> request(std::span<const RequestPart> parts) override
    {
        std::string all;
        for (const RequestPart& part : parts)
            all += part.text + '|';
        return script->answer(m_id + " request", all);
    }
    Result<PolicyVerdict> toolCall(const JudgedCall& call) override
    {
        return script->answer(m_id + " tool " + std::string(call.call.id), call.call.arguments);
    }
    void text(std::uint32_t, std::uint32_t, std::string_view part, std::string& out) override
    {
        // Keeps all of it back if its name begins with k, and passes it else, in its own hand.
        (m_id[0] == 'k' ? m_kept : out) += std::string(part) + (m_id[0] == 'p' ? "" : m_id);
    }
    Result<PolicyVerdict> textEnd(std::uint32_t, std::uint32_t, std::string& out) override
    {
        Result<PolicyVerdict> said = script->answer(m_id + " text", m_kept);
        if (said->verdict != Verdict::Hold)
            out += std::exchange(m_kept, {});
        return said;
    }
    void ended(const conversation::CallEnded&) override { ++script->ended; }

private:
    std::string m_id;
    std::string m_kept;
};

/// Wants to see what its config names.
class Scripted final : public Policy
{
public:
    explicit Scripted(Interests interests)
        : m_interests(interests)
    {
    }
    [[nodiscard]] Interests interests() const noexcept override { return m_interests; }
    [[nodiscard]] std::unique_ptr<PolicyCall> open(const PolicyContext& context) const override
    {
        return std::make_unique<ScriptedCall>(context.policyId);
    }

private:
    Interests m_interests;
};

Result<std::shared_ptr<const Policy>> make(const boost::json::object& config, const Services&)
{
    return std::shared_ptr<const Policy>(std::make_shared<Scripted>(Interests{
        .toolCalls = config.contains("tools"),
        .text = config.contains("text"),
        .request = config.contains("request"),
        .end = config.contains("end"),
        .changesArguments = true,
        .remembersVerdicts = config.contains("remembers"),
    }));
}
constexpr std::array<PolicyType, 1> kTypes{PolicyType{.name = "scripted", .title = "Scripted", .make = make}};

constexpr auto kShadow = PolicyMode::Shadow;
constexpr auto kEnforce = PolicyMode::Enforce;

Definition policy(std::string id, PolicyMode mode = kEnforce, std::string config = R"({"tools":1})")
{
    return {.id = std::move(id), .type = "scripted", .mode = mode, .config = std::move(config)};
}
Definition textPolicy(std::string id, PolicyMode mode = kEnforce)
{
    return policy(std::move(id), mode, R"({"text":1})");
}
Definition requestPolicy(std::string id, PolicyMode mode = kEnforce)
{
    return policy(std::move(id), mode, R"({"request":1})");
}

PolicyVerdict block(std::string reason = "No.")
{
    return {.verdict = Verdict::Block, .reason = std::move(reason)};
}
PolicyVerdict replaceBy(std::string arguments)
{
    return {.verdict = Verdict::Replace, .reason = "Better so.", .arguments = std::move(arguments)};
}

/// A review of one call and what it decided.
struct Reviewed
{
    explicit Reviewed(const std::vector<Definition>& definitions, VerdictMemory* verdicts = nullptr)
        : chain(*Chain::build(kTypes, definitions, {.verdicts = verdicts}))
    {
        facts.identity.session = "s";
        facts.requestHash = "h";
        open();
    }
    void open()
    {
        review = chain->open({.facts = facts,
                              .takeDecision = [this](Decision decision) { decisions.push_back(std::move(decision)); },
                              .clock = clock});
    }
    std::optional<ToolAnswer> tool(std::string id, std::uint32_t block = 0, std::string_view arguments = "{}",
                                   Executor executor = Executor::Client)
    {
        return review->tool({.block = block,
                             .executor = executor,
                             .id = id,
                             .name = "Bash",
                             .arguments = arguments,
                             .responseId = "resp",
                             .conversationId = "conv"});
    }
    std::string text(std::string_view part)
    {
        std::string out;
        review->text(0, 0, part, out);
        return out;
    }
    /// "..." in the place of what is not known yet.
    std::string textEnd()
    {
        std::string out;
        const bool isDone = review->textEnd(0, 0, out);
        return out + (isDone ? "" : "...");
    }
    [[nodiscard]] std::string decided() const
    {
        std::string all;
        for (const Decision& decision : decisions)
            all += decision.policyId + ":" + std::string(verdictName(decision.verdict)) + " ";
        return all;
    }

    CallFacts facts;
    SetClock clock;
    std::vector<Decision> decisions;
    std::shared_ptr<const Chain> chain;
    std::unique_ptr<CallReview> review;
};

const std::vector<RequestPart> kParts{{.kind = PartKind::System, .text = "be good"}, {.text = "hello"}};

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
        Reviewed call({policy("a"), policy("b")});
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
        Reviewed call({policy("a")});
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
        Reviewed call({policy("a"), policy("b"), policy("c", kShadow), policy("d")});
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
        Definition definition = policy("a");
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
        Reviewed call({policy("a")});
        QVERIFY(call.tool("1") == ToolAnswer{});
        QVERIFY(call.decisions.empty());
    }

    void aShadowThatWaitsDelaysNobodyButKeepsTheRecordOpen()
    {
        m_script.held = {"s tool 1", "s request", "ks text"};
        m_script.verdicts["s tool 1"] = block();
        m_script.verdicts["s request"] = block();
        m_script.verdicts["ks text"] = block();
        Reviewed call({policy("s", kShadow, R"({"tools":1,"request":1})"), textPolicy("ks", kShadow), policy("e")});
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
        Reviewed call({policy("a")});
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
            Definition definition = policy("a");
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

    void holdingOnWithoutATimeAfterADeadlineIsAnError()
    {
        m_script.held = {"a tool 1"};
        Reviewed call({policy("a")});
        m_script.holdUntil = call.clock.at + 5s;
        QVERIFY(!call.tool("1"));
        call.clock.at += 6s;
        m_script.holdUntil = SteadyPoint::max();
        QVERIFY(call.tool("1")->isBlocked);
    }

    void moreThanMayWaitIsRefused()
    {
        Reviewed call({policy("a")});
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
        Reviewed call({policy("a", kEnforce, R"({"tools":1,"end":1})"), policy("b")});
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
        Reviewed call({policy("a")});
        QCOMPARE(call.tool("1")->notice, std::string("Use the staging database."));
        QCOMPARE(call.decisions[0].answeredBy, AnsweredBy::Person);
    }

    void aContinueIsRecordedIfThePolicyWantsIt()
    {
        m_script.verdicts["a tool 1"] = {.reason = "Fine.", .score = 0.1, .isRecorded = true};
        Reviewed call({policy("a")});
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
        Definition definition = policy("a");
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

    void aReplyThatIsFineIsNotAskedForAgain()
    {
        Definition retrying = policy("a");
        retrying.onBlock = OnBlock::Retry;
        Definition ending = policy("b");
        ending.onBlock = OnBlock::End;
        m_script.verdicts["b tool 1"] = block();
        m_script.verdicts["a tool 2"] = block();
        Reviewed call({retrying, ending});
        QVERIFY(call.tool("0", 0) == ToolAnswer{});
        QVERIFY(call.review->retry().empty());
        QCOMPARE(call.tool("1", 1)->onBlock, OnBlock::End);
        QVERIFY(call.tool("2", 2)->isBlocked);
        QVERIFY(call.review->retry().empty()); // it is behind the end
        QVERIFY(!Reviewed({policy("c")}).review->mayRetry());
    }

    void onlyCallsInScopeAreLookedAt()
    {
        Definition definition = policy("a");
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
    }

    void whatAPersonSaidIsSaidAgainToARequestThatIsRepeated()
    {
        SetClock clock;
        VerdictMemory memory(clock);
        m_script.verdicts["a tool 1"] = {.verdict = Verdict::Block, .answeredBy = AnsweredBy::Person};
        Reviewed call({policy("a", kEnforce, R"({"tools":1,"remembers":1})"), policy("b")}, &memory);
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
            definitions.push_back(policy(id, random() % 3 == 0 ? kShadow : kEnforce));
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
