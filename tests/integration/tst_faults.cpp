// SPDX-License-Identifier: Apache-2.0
#include "base/metrics.h"
#include "integration/turn.h"
#include "policy/approval_desk.h"
#include "policy/builtin/builtin.h"
#include "policy/chain.h"
#include "proxy/policy_gate.h"
#include "script/script_pool.h"
#include "support/open_descriptors.h"
#include "support/running_proxy.h"
#include "support/stream_checker.h"
#include "support/test_registry.h"

#include <QObject>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;
using conversation::AnsweredBy;
using conversation::Api;
using conversation::CallStatus;
using conversation::Verdict;

namespace {
namespace json = boost::json;

constexpr int kRepeats = 6;
/// A connection to the model and one to the judge may be kept for the next call, each with its two ends.
constexpr std::size_t kKeptDescriptors = 4;
const std::string kCanary = "canary_orders";
const std::string kRequest =
    R"({"model":"m","max_tokens":99,"stream":true,"messages":[{"role":"user","content":"Go on."}]})";

/// A port of this machine at which nobody listens, as long as it lives.
class SilentPort
{
public:
    SilentPort()
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        ::bind(m_descriptor, reinterpret_cast<sockaddr*>(&address), length);
        ::getsockname(m_descriptor, reinterpret_cast<sockaddr*>(&address), &length);
        m_number = ntohs(address.sin_port);
    }
    ~SilentPort() { ::close(m_descriptor); }
    SilentPort(const SilentPort&) = delete;
    SilentPort& operator=(const SilentPort&) = delete;
    [[nodiscard]] std::uint16_t number() const noexcept { return m_number; }

private:
    int m_descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::uint16_t m_number = 0;
};

/// How the model behaves that a judge asks.
enum class Judge { Fine, Down, Silent, Garbage, CutOff, Failing };

ScriptedReply replyOf(Judge judge)
{
    switch (judge) {
    case Judge::Silent:
        return {.framing = ScriptedReply::Framing::Chunked, .end = ScriptedReply::End::Hang};
    case Judge::CutOff:
        return {.pieces = {"<verdict>"}, .end = ScriptedReply::End::Cut};
    case Judge::Failing:
        return {.status = 500, .pieces = {"{}"}};
    default:
        return {.headers = {{"Content-Type", "application/json"}}, .pieces = {"<verdict>allow</verdict>"}};
    }
}

/// What is broken: a policy's surroundings, or the call it is to judge.
struct Fault
{
    std::string type;
    std::string config;
    std::string arguments = R"({"sql":"DROP TABLE canary_orders"})";
    Judge judge = Judge::Fine;
};

/// A proxy with one enforcing policy, and all that policy can need.
struct World
{
    explicit World(Fault theFault)
        : fault(std::move(theFault))
        , upstream([this](const ScriptedRequest& request) { return play(request); })
    {
        auto chain = policy::Chain::build(
            policy::builtin::registry(),
            {{.id = "p", .type = fault.type, .mode = policy::PolicyMode::Enforce, .config = fault.config}},
            {.approvals = &desk, .scripts = &scripts});
        if (!chain) {
            qCritical("%s", chain.error().toString().c_str());
            return;
        }
        proxy = std::make_unique<RunningProxy>(upstream.baseUrl(), [&](auto&, proxy::ProxySnapshot& snapshot) {
            const std::string judge = "http://127.0.0.1:" + std::to_string(silent.number());
            snapshot.upstreams.push_back(
                {"judge",
                 fault.judge == Judge::Down ? proxy::parseBaseUrl(judge).value() : snapshot.upstreams.front().baseUrl,
                 proxy::ApiFamily::Anthropic,
                 {}});
            snapshot.gates = proxy::makePolicyGates(*std::move(chain));
        });
    }

    ScriptedReply play(const ScriptedRequest& request)
    {
        if (request.header("user-agent") == "luthien") {
            ++questions;
            return replyOf(fault.judge);
        }
        return {.headers = {{"Content-Type", "text/event-stream"}},
                .pieces = streamOf(Api::AnthropicMessages, {"Both.", {{"call_1", "run_sql", fault.arguments}}}),
                .framing = ScriptedReply::Framing::Chunked};
    }

    /// No client is connected, and no question of a policy is under way.
    [[nodiscard]] bool isQuiet() const
    {
        return proxy->proxy->stats().connections == 0 &&
               std::ranges::all_of(proxy->recording.calls(), [](const auto& call) { return call.ended.has_value(); });
    }

    Fault fault;
    SystemClock clock;
    Metrics metrics;
    policy::ApprovalDesk desk{clock};
    script::ScriptPool scripts{script::scriptHostProgram(), metrics};
    SilentPort silent;
    std::atomic<int> questions = 0;
    ScriptedUpstream upstream;
    std::unique_ptr<RunningProxy> proxy;
};

Fault judged(Judge judge, const std::string& timeout = "20s")
{
    return {.type = "llm-judge",
            .config = json::serialize(
                json::object{{"upstream", "judge"}, {"model", "j"}, {"retries", 0}, {"timeout", timeout}}),
            .judge = judge};
}
Fault scripted(const std::string& body, const std::string& timeout = "5s")
{
    const std::string source = "function onToolCall(call) { " + body + " }";
    return {.type = "javascript", .config = json::serialize(json::object{{"timeout", timeout}, {"source", source}})};
}
/// A policy that allows everything, asked about these.
Fault called(std::string arguments)
{
    return {
        .type = "tool-rules", .config = R"({"rules":[{"tool":"*","do":"allow"}]})", .arguments = std::move(arguments)};
}
} // namespace

/// What a policy needs fails while calls run through a proxy on real sockets: the call it was to judge is blocked, the
/// record says why, and nothing stays open.
class TestFaults : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aFaultFailsClosedAndLeavesNothing_data()
    {
        QTest::addColumn<Fault>("fault");
        QTest::addColumn<AnsweredBy>("by");
        const auto row = [](const char* name, Fault fault, AnsweredBy by = AnsweredBy::Error) {
            QTest::newRow(name) << std::move(fault) << by;
        };
        row("nobody listens where the judge should be", judged(Judge::Down));
        row("the judge is slow", judged(Judge::Silent, "200ms"));
        row("the judge says something else", judged(Judge::Garbage));
        row("the judge is cut off", judged(Judge::CutOff));
        row("the judge's provider fails", judged(Judge::Failing));
        row("a script that loops", scripted("while (true) {}", "50ms"));
        row("a script that throws", scripted("throw 'allow'"));
        row("a script that takes all memory",
            scripted("const all = []; while (true) all.push(new Array(100000).fill(1));"));
        row("nobody answers", {.type = "approval", .config = R"({"timeout":"1s"})"}, AnsweredBy::Timeout);
        row("arguments with a member twice", called(R"({"sql":"SELECT 1","sql":"canary_orders"})"));
        row("arguments that go on behind their end", called(R"({"sql":"SELECT 1"}{"sql":"canary_orders"})"));
    }
    void aFaultFailsClosedAndLeavesNothing()
    {
        QFETCH(Fault, fault);
        QFETCH(AnsweredBy, by);
        leavesNothing(fault, [by](World& world, int) { checkBlocked(world, by); });
    }

    void argumentsOfTenMegabytesEndTheReply()
    {
        const std::string arguments = json::serialize(json::object{{"sql", kCanary + std::string(10'000'000, ' ')}});
        leavesNothing(called(arguments), [](World& world, int) {
            RawClient client(world.proxy->port);
            client.send(world.proxy->request(kRequest));
            const RawClient::Reply reply = client.readReply(false, 60s);
            QVERIFY2(!reply.complete && reply.body.find("event: error") != std::string::npos, reply.body.c_str());
            QVERIFY2(reply.body.find(kCanary) == std::string::npos, reply.body.c_str());
            QTRY_VERIFY(world.isQuiet());
            const RecordedCall call = world.proxy->recording.calls().back();
            QCOMPARE(static_cast<int>(call.ended->status), static_cast<int>(CallStatus::Blocked));
            QVERIFY2(!call.error.empty(), "an operator is told why");
        });
    }

    void aClientThatLeavesWhileItsCallIsHeldLeavesNothing_data()
    {
        QTest::addColumn<Fault>("fault");
        QTest::newRow("a person is asked") << Fault{.type = "approval", .config = R"({"timeout":"1h"})"};
        QTest::newRow("a model is asked") << judged(Judge::Silent, "5m");
        QTest::newRow("a script is asked") << scripted("while (true) {}");
    }
    void aClientThatLeavesWhileItsCallIsHeldLeavesNothing()
    {
        QFETCH(Fault, fault);
        leavesNothing(fault, [](World& world, int earlier) {
            RawClient client(world.proxy->port);
            client.send(world.proxy->request(kRequest));
            QTRY_VERIFY(isHeld(world, earlier));
            client.close();
            QTRY_VERIFY(world.isQuiet());
            for (const RecordedCall& call : world.proxy->recording.calls())
                QCOMPARE(call.ended->status, CallStatus::Cancelled);
        });
    }

private:
    /// The check several times over, each with the number of those before it.
    static void leavesNothing(const Fault& fault, const std::function<void(World&, int)>& check)
    {
        const std::size_t before = openDescriptors();
        {
            World world(fault);
            QVERIFY(world.proxy);
            std::size_t settled = 0;
            for (int i = 0; i < kRepeats; ++i) {
                check(world, i);
                if (QTest::currentTestFailed())
                    return;
                QTRY_VERIFY(world.isQuiet());
                settled = i == 0 ? openDescriptors() : settled;
            }
            QTRY_VERIFY2(openDescriptors() <= settled + kKeptDescriptors, "each call leaves something open");
            QVERIFY2(world.desk.pending().empty(), "nothing waits for a person any more");
        }
        QCOMPARE(openDescriptors(), before);
    }

    static void checkBlocked(World& world, AnsweredBy by)
    {
        const std::size_t decided = blocksOf(world).size();
        RawClient client(world.proxy->port);
        client.send(world.proxy->request(kRequest));
        const RawClient::Reply reply = client.readReply(false, 60s);
        QCOMPARE(reply.status, 200);
        QVERIFY2(reply.complete, reply.body.c_str());
        QVERIFY2(reply.body.find(kCanary) == std::string::npos, reply.body.c_str());
        QVERIFY2(reply.body.find("was blocked by policy") != std::string::npos, reply.body.c_str());
        const QString fault = breach(Api::AnthropicMessages, splitReply("sse", reply.body));
        QVERIFY2(fault.isEmpty(), qPrintable(fault));
        const auto blocks = blocksOf(world);
        QCOMPARE(blocks.size(), decided + 1);
        QCOMPARE(static_cast<int>(blocks.back().answeredBy), static_cast<int>(by));
        QVERIFY2(!blocks.back().reason.empty(), "an operator is told why");
    }

    static std::vector<conversation::Decision> blocksOf(const World& world)
    {
        std::vector<conversation::Decision> blocks;
        for (const RecordedCall& call : world.proxy->recording.calls()) {
            for (const auto& [decision, wiresBefore] : call.decisions) {
                if (decision.verdict == Verdict::Block)
                    blocks.push_back(decision);
            }
        }
        return blocks;
    }

    /// The policy has been asked for the client's call, after that many earlier ones.
    static bool isHeld(World& world, int earlier)
    {
        if (world.fault.type == "approval")
            return world.desk.pending().size() == 1;
        if (world.fault.type == "llm-judge")
            return world.questions == earlier + 1;
        const auto isHold = [](const RecordedCall::Wire& wire) { return wire.kind == conversation::WireKind::Hold; };
        const auto calls = world.proxy->recording.calls();
        return !calls.empty() && !calls.back().ended && std::ranges::any_of(calls.back().wires, isHold);
    }
};

LUTHIEN_TEST(tst_faults, TestFaults)
#include "tst_faults.moc"
