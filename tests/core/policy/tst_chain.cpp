// SPDX-License-Identifier: Apache-2.0
#include "policy/chain.h"
#include "policy/object_reader.h"
#include "support/test_registry.h"

#include <array>
#include <chrono>

using namespace luthien;
using namespace luthien::policy;
using conversation::AnsweredBy;
using conversation::Decision;
using conversation::Executor;
using conversation::ToolAnswer;
using conversation::ToolCall;
using conversation::Verdict;
using namespace std::chrono_literals;

namespace {

/// Every look at it takes 7 us.
class TickingClock final : public Clock
{
public:
    [[nodiscard]] TimePoint now() const override { return {}; }
    [[nodiscard]] SteadyPoint steady() const override { return SteadyPoint(m_ticks++ * 7us); }

private:
    mutable int m_ticks = 0;
};

/// Blocks calls whose arguments hold {"bad": true}, and cannot say about {"odd": true}.
class Guard final : public Policy, public PolicyCall
{
public:
    [[nodiscard]] Interests interests() const noexcept override { return {.toolCalls = true}; }
    [[nodiscard]] std::unique_ptr<PolicyCall> open(const PolicyContext&) const override
    {
        return std::make_unique<Guard>();
    }
    [[nodiscard]] Result<PolicyVerdict> toolCall(const JudgedCall& call) override
    {
        const bool isBad = call.arguments ? call.arguments->as_object().contains("bad") : call.call.arguments == "bad";
        if (call.arguments && call.arguments->as_object().contains("odd"))
            return Error{ErrorCode::Unavailable, "Nobody knows.", "judge"};
        return isBad ? PolicyVerdict{.verdict = conversation::Verdict::Block,
                                     .reason = "It is bad.",
                                     .matched = {{"/bad", 0, 4}},
                                     .score = 0.9}
                     : PolicyVerdict{};
    }
};

/// Writes "b" for "a" and keeps the last byte of every block back until its end.
class Swap final : public Policy, public PolicyCall
{
public:
    [[nodiscard]] Interests interests() const noexcept override { return {.text = true}; }
    [[nodiscard]] std::unique_ptr<PolicyCall> open(const PolicyContext&) const override
    {
        return std::make_unique<Swap>();
    }
    void text(std::uint32_t, std::uint32_t block, std::string_view part, std::string& out) override
    {
        std::string& kept = m_kept[block % 2];
        for (const char c : part)
            kept += c == 'a' ? 'b' : c;
        out += kept.substr(0, kept.size() - 1);
        kept.erase(0, kept.size() - 1);
    }
    Result<PolicyVerdict> textEnd(std::uint32_t, std::uint32_t block, std::string& out) override
    {
        out += std::exchange(m_kept[block % 2], {});
        return PolicyVerdict{};
    }

private:
    std::array<std::string, 2> m_kept;
};

/// Doubles every byte.
class Twice final : public Policy, public PolicyCall
{
public:
    [[nodiscard]] Interests interests() const noexcept override { return {.text = true}; }
    [[nodiscard]] std::unique_ptr<PolicyCall> open(const PolicyContext&) const override
    {
        return std::make_unique<Twice>();
    }
    void text(std::uint32_t, std::uint32_t, std::string_view part, std::string& out) override
    {
        for (const char c : part)
            out += {c, c};
    }
};

class Nothing final : public Policy
{
public:
    [[nodiscard]] Interests interests() const noexcept override { return {}; }
    [[nodiscard]] std::unique_ptr<PolicyCall> open(const PolicyContext&) const override
    {
        return std::make_unique<PolicyCall>();
    }
};

template <typename P>
Result<std::shared_ptr<const Policy>> make(const boost::json::object& config, const Services&)
{
    if (const Result<void> read = ObjectReader(config).finish(); !read)
        return read.error();
    return std::shared_ptr<const Policy>(std::make_shared<P>());
}

constexpr std::array<PolicyType, 4> kTypes{PolicyType{.name = "guard", .title = "The guard", .make = make<Guard>},
                                           PolicyType{.name = "swap", .make = make<Swap>},
                                           PolicyType{.name = "twice", .make = make<Twice>},
                                           PolicyType{.name = "nothing", .make = make<Nothing>}};

constexpr auto kOff = PolicyMode::Off;
constexpr auto kShadow = PolicyMode::Shadow;
constexpr auto kEnforce = PolicyMode::Enforce;

/// A review of one reply and what it decided.
struct Reviewed
{
    explicit Reviewed(const std::vector<Definition>& definitions)
        : chain(*Chain::build(kTypes, definitions))
        , review(chain->open({.takeDecision = [this](Decision decision) { decisions.push_back(std::move(decision)); },
                              .clock = clock}))
    {
    }

    ToolAnswer tool(std::string_view arguments, std::uint32_t block = 0, Executor executor = Executor::Client)
    {
        return *review->tool(
            {.block = block, .executor = executor, .id = "t1", .name = "Bash", .arguments = arguments});
    }
    QByteArray text(std::uint32_t block, std::string_view part)
    {
        std::string out;
        review->text(0, block, part, out);
        return QByteArray::fromStdString(out);
    }
    QByteArray textEnd(std::uint32_t block)
    {
        std::string out;
        (void)review->textEnd(0, block, out);
        return QByteArray::fromStdString(out);
    }

    QByteArray whole(std::string_view onePart)
    {
        const QByteArray first = text(0, onePart);
        return first + textEnd(0);
    }

    TickingClock clock;
    std::vector<Decision> decisions;
    std::shared_ptr<const Chain> chain;
    std::unique_ptr<conversation::ReplyReview> review;
};

Definition guard(std::string id, PolicyMode mode)
{
    return {.id = std::move(id), .type = "guard", .mode = mode};
}

constexpr std::string_view kBad = R"({"bad":true})";
const std::string kOpaque = "[Tool call `Bash` was blocked by policy]";

class TestChain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBlockIsAnsweredAndRecorded()
    {
        Reviewed reply({guard("g", kEnforce)});
        QVERIFY((reply.tool(kBad) == ToolAnswer{true, kOpaque}));
        QCOMPARE(reply.decisions.size(), std::size_t(1));
        const Decision expected{.policyId = "g",
                                .policyVersion = versionOf(guard("g", kEnforce)),
                                .mode = kEnforce,
                                .verdict = Verdict::Block,
                                .answeredBy = AnsweredBy::Policy,
                                .score = 0.9,
                                .reason = "It is bad.",
                                .agentText = kOpaque,
                                .tool = "Bash",
                                .toolId = "t1",
                                .matched = {{"/bad", 0, 4}},
                                .original = std::string(kBad),
                                .final = kOpaque,
                                .latency = 7us};
        QVERIFY(reply.decisions[0] == expected);
    }

    void whatPassesIsNotRecorded()
    {
        Reviewed reply({guard("g", kEnforce), guard("h", kShadow)});
        QVERIFY(reply.tool(R"({"fine":true})") == ToolAnswer{});
        QVERIFY(reply.decisions.empty());
    }

    void askingAgainGivesTheSameAnswerAndRecordsNothing()
    {
        Reviewed reply({guard("g", kEnforce)});
        const ToolAnswer first = reply.tool(kBad, 3);
        QVERIFY(reply.tool(kBad, 3) == first);
        QCOMPARE(reply.decisions.size(), std::size_t(1));
        QVERIFY(reply.tool(R"({})", 4) == ToolAnswer{});
        QVERIFY(reply.tool(kBad, 5).isBlocked);
        QCOMPARE(reply.decisions.size(), std::size_t(2));
    }

    void aShadowIsAskedAndChangesNothing()
    {
        Reviewed reply({guard("g", kShadow)});
        QVERIFY(!reply.chain->enforces() && reply.review->guardsTools());
        QVERIFY(reply.tool(kBad) == ToolAnswer{});
        QCOMPARE(reply.decisions.size(), std::size_t(1));
        QCOMPARE(reply.decisions[0].mode, kShadow);
        QCOMPARE(reply.decisions[0].verdict, Verdict::Block);
        QCOMPARE(reply.decisions[0].agentText, kOpaque);
    }

    void theFirstBlockEndsItForThoseThatEnforce()
    {
        Reviewed reply({guard("a", kShadow), guard("b", kEnforce), guard("c", kEnforce), guard("d", kShadow)});
        QVERIFY(reply.tool(kBad).isBlocked);
        std::string asked;
        for (const Decision& decision : reply.decisions)
            asked += decision.policyId;
        QCOMPARE(asked, std::string("abd"));
    }

    void theAgentIsToldWhatTheDefinitionAllows()
    {
        Definition full = guard("g", kEnforce);
        full.agentText = AgentText::Full;
        QCOMPARE(Reviewed({full}).tool(kBad).notice,
                 std::string("[Tool call `Bash` was blocked by policy `The guard`: It is bad.]"));
        full.agentText = AgentText::Scoped;
        full.name = "Mine";
        QCOMPARE(Reviewed({full}).tool(kBad).notice, std::string("[Tool call `Bash` was blocked by policy `Mine`]"));
    }

    void whatCannotBeReadIsBlocked_data()
    {
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QString>("reason");
        const QString cannot = QStringLiteral("cannot be judged");
        QTest::newRow("a member twice") << QByteArray(R"({"c":"ls","c":"rm -rf /"})") << cannot;
        QTest::newRow("a member twice, once in escapes") << QByteArray(R"({"c":"ls","\u0063":"rm"})") << cannot;
        QTest::newRow("cut off") << QByteArray("{\"c\":\"ls") << cannot;
        QTest::newRow("something behind it") << QByteArray("{} {}") << cannot;
        QTest::newRow("not JSON") << QByteArray("rm -rf /") << cannot;
        QTest::newRow("blank") << QByteArray(" ") << cannot;
        QTest::newRow("a lone surrogate") << QByteArray(R"({"c":"\ud800"})") << cannot;
        QTest::newRow("not UTF-8") << QByteArray("{\"c\":\"\xff\"}") << cannot;
        QTest::newRow("129 levels") << QByteArray(129, '[') + QByteArray(129, ']') << cannot;
        QTest::newRow("too large") << "\"" + QByteArray(8 * 1024 * 1024, 'x') + "\"" << QStringLiteral("longer than");
    }
    void whatCannotBeReadIsBlocked()
    {
        QFETCH(QByteArray, arguments);
        QFETCH(QString, reason);
        Reviewed reply({guard("g", kEnforce)});
        QVERIFY(reply.tool({arguments.constData(), static_cast<std::size_t>(arguments.size())}).isBlocked);
        QCOMPARE(reply.decisions.size(), std::size_t(1));
        QCOMPARE(reply.decisions[0].answeredBy, AnsweredBy::Error);
        QVERIFY2(QString::fromStdString(reply.decisions[0].reason).contains(reason), reply.decisions[0].reason.c_str());
        QVERIFY(reply.decisions[0].original.size() <= kMaxRecordedBytes);
    }

    void onErrorMayLetPassButIsRecorded_data()
    {
        QTest::addColumn<QByteArray>("arguments");
        QTest::newRow("unreadable") << QByteArray(R"({"c":1,"c":2})");
        QTest::newRow("the policy failed") << QByteArray(R"({"odd":true})");
    }
    void onErrorMayLetPassButIsRecorded()
    {
        QFETCH(QByteArray, arguments);
        for (const OnError onError : {OnError::Block, OnError::Pass}) {
            Definition definition = guard("g", kEnforce);
            definition.onError = onError;
            Reviewed reply({definition});
            QCOMPARE(reply.tool(arguments.toStdString()).isBlocked, onError == OnError::Block);
            QCOMPARE(reply.decisions.size(), std::size_t(1));
            QCOMPARE(reply.decisions[0].verdict, onError == OnError::Block ? Verdict::Block : Verdict::Continue);
            QCOMPARE(reply.decisions[0].answeredBy, AnsweredBy::Error);
            QVERIFY(!reply.decisions[0].reason.empty());
            QCOMPARE(reply.decisions[0].agentText.empty(), onError == OnError::Pass);
        }
    }

    void noArgumentsAreAnEmptyObject() { QVERIFY(Reviewed({guard("g", kEnforce)}).tool("") == ToolAnswer{}); }

    void freeTextIsNotReadAsJson()
    {
        Reviewed reply({guard("g", kEnforce)});
        QVERIFY(!reply.review->tool({.block = 0, .isFreeText = true, .name = "x", .arguments = "{\"fine"})->isBlocked);
        QVERIFY(reply.review->tool({.block = 1, .isFreeText = true, .name = "x", .arguments = "bad"})->isBlocked);
        QVERIFY(reply.review->tool({.block = 2, .isFreeText = true, .name = "x", .arguments = "\xff"})->isBlocked);
    }

    void whatTheProviderRunsIsOnlyRecorded()
    {
        for (const Executor executor : {Executor::Server, Executor::Mcp}) {
            Reviewed reply({guard("g", kEnforce)});
            QVERIFY(reply.tool(kBad, 0, executor) == ToolAnswer{});
            QCOMPARE(reply.decisions.size(), std::size_t(1));
            QCOMPARE(reply.decisions[0].mode, kShadow);
            QCOMPARE(reply.decisions[0].verdict, Verdict::Block);
            QVERIFY(reply.decisions[0].reason.find("provider runs this tool itself") != std::string::npos);
        }
    }

    void textGoesThroughThePoliciesInOrder()
    {
        const Definition swap{.id = "s", .type = "swap", .mode = kEnforce};
        const Definition twice{.id = "t", .type = "twice", .mode = kEnforce};
        Reviewed reply({swap, twice});
        QVERIFY(reply.review->editsText() && !reply.review->guardsTools());
        QCOMPARE(reply.text(0, "xa"), QByteArray("xx"));
        QCOMPARE(reply.text(1, "a"), QByteArray());
        QCOMPARE(reply.text(0, "y"), QByteArray("bb"));
        QVERIFY(reply.decisions.empty());
        QCOMPARE(reply.textEnd(0), QByteArray("yy"));
        QCOMPARE(reply.textEnd(1), QByteArray("bb"));
        QCOMPARE(reply.decisions.size(), std::size_t(4));
        QCOMPARE(reply.decisions[0].verdict, Verdict::Replace);
        QCOMPARE(reply.decisions[0].original, std::string("xay"));
        QCOMPARE(reply.decisions[0].final, std::string("xby"));
        QCOMPARE(reply.decisions[0].latency, 3 * 7us); // two parts and the end
        QCOMPARE(reply.decisions[1].policyId, std::string("t"));
        QCOMPARE(reply.decisions[1].original, std::string("xby"));
        QCOMPARE(reply.decisions[1].final, std::string("xxbbyy"));
        QCOMPARE(reply.decisions[2].original, std::string("a"));
    }

    void unchangedTextIsNotRecorded()
    {
        Reviewed reply({{.id = "s", .type = "swap", .mode = kEnforce}});
        QCOMPARE(reply.whole("xyz"), QByteArray("xyz"));
        QVERIFY(reply.decisions.empty());
    }

    void aShadowSeesTheTextAsItCameAndLeavesIt()
    {
        Reviewed reply({{.id = "t", .type = "twice", .mode = kEnforce}, {.id = "s", .type = "swap", .mode = kShadow}});
        QCOMPARE(reply.whole("ab"), QByteArray("aabb"));
        QCOMPARE(reply.decisions.size(), std::size_t(2));
        QCOMPARE(reply.decisions[1].mode, kShadow);
        QCOMPARE(reply.decisions[1].original, std::string("ab"));
        QCOMPARE(reply.decisions[1].final, std::string("bb"));
    }

    void whatIsRecordedIsBounded()
    {
        Reviewed reply({{.id = "t", .type = "twice", .mode = kEnforce}});
        const std::string text(100'000, 'x');
        QCOMPARE(reply.text(0, text).size(), 200'000);
        (void)reply.textEnd(0);
        QCOMPARE(reply.decisions[0].original.size(), kMaxRecordedBytes);
        QCOMPARE(reply.decisions[0].final.size(), kMaxRecordedBytes);
    }

    void leavesOutWhatHasNothingToDo()
    {
        const auto built = [](const std::vector<Definition>& definitions) {
            return *Chain::build(kTypes, definitions);
        };
        QVERIFY(built({})->isEmpty());
        QVERIFY(built({guard("g", kOff)})->isEmpty());
        QVERIFY(built({{.id = "n", .type = "nothing", .mode = kEnforce}})->isEmpty());
        QVERIFY(!built({{.id = "n", .type = "nothing", .mode = kEnforce}})->enforces());
        QVERIFY(!built({guard("g", kShadow)})->enforces());
        QVERIFY(built({guard("g", kShadow), guard("h", kEnforce)})->enforces());
    }

    void aReviewKeepsItsChain()
    {
        Reviewed reply({guard("g", kEnforce)});
        reply.chain.reset();
        QVERIFY(reply.tool(kBad).isBlocked);
    }

    void refusesWhatCannotRun_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("where");
        QTest::newRow("an unknown type") << QByteArray("gard") << QByteArray("{}") << QByteArray("policies[p].type");
        QTest::newRow("a config of another form")
            << QByteArray("guard") << QByteArray("[]") << QByteArray("policies[p].config");
        QTest::newRow("a config with a wrong member")
            << QByteArray("guard") << QByteArray(R"({"x":1})") << QByteArray("policies[p].config.x");
    }
    void refusesWhatCannotRun()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, where);
        // Off or not: a mistake should not wait for the day it is switched on.
        for (const PolicyMode mode : {kOff, kEnforce}) {
            const auto chain = Chain::build(
                kTypes, {{.id = "p", .type = type.toStdString(), .mode = mode, .config = config.toStdString()}});
            QVERIFY(!chain);
            QCOMPARE(chain.error().code, ErrorCode::InvalidInput);
            QCOMPARE(QByteArray::fromStdString(chain.error().context), where);
        }
    }

    void twoPoliciesNeedTwoIds()
    {
        const auto chain = Chain::build(kTypes, {guard("g", kEnforce), guard("g", kOff)});
        QVERIFY(!chain);
        QCOMPARE(chain.error().context, std::string("policies[g].id"));
    }
};

} // namespace

LUTHIEN_TEST(tst_chain, TestChain)
#include "tst_chain.moc"
