// SPDX-License-Identifier: Apache-2.0
#include "integration/turn.h"
#include "support/history.h"
#include "support/no_drops.h"
#include "support/running_proxy.h"
#include "support/stream_checker.h"
#include "support/test_registry.h"

#include <QObject>

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <random>

using namespace luthien;
using namespace luthien::test;
using conversation::Api;
using conversation::CallStatus;
using conversation::Direction;
using conversation::PolicyMode;
using conversation::WireKind;

namespace {
const ScriptedCall kBlocked{"call_canary", "drop_table", R"({"sql":"DROP TABLE canary_orders","sure":true})"};
const ScriptedCall kAllowed{"call_fine", "read_file", R"({"path":"/srv/shop/readme"})"};
/// What of the blocked call must not reach the client, in any piece of the wire.
const std::vector<std::string> kCanaries = {"call_canary", "canary_orders", "DROP TABLE", "\"name\":\"drop_table\""};

struct Case
{
    std::string name;
    ScriptedTurn turn;
    bool hasBlocked = true;
};
const std::vector<Case> kCases = {
    {"the only call", {"I will drop it.", {kBlocked}}},
    {"a call without a text before it", {"", {kBlocked}}},
    {"the first of two calls", {"Both.", {kBlocked, kAllowed}}},
    {"the second of two calls", {"Both.", {kAllowed, kBlocked}}},
    {"no call", {"Reading.", {kAllowed}}, false},
};
constexpr Api kApis[] = {Api::AnthropicMessages, Api::OpenAiChat, Api::OpenAiResponses};

std::string pathOf(Api api)
{
    return api == Api::AnthropicMessages ? "/v1/messages"
           : api == Api::OpenAiChat      ? "/v1/chat/completions"
                                         : "/v1/responses";
}

std::string joined(const std::vector<std::string>& parts)
{
    std::string all;
    for (const std::string& part : parts)
        all += part;
    return all;
}

std::vector<std::string> cut(const std::string& bytes, const std::function<std::size_t()>& next)
{
    std::vector<std::string> pieces;
    for (std::size_t at = 0; at < bytes.size();) {
        pieces.push_back(bytes.substr(at, next()));
        at += pieces.back().size();
    }
    return pieces;
}

/// The ways a network can cut a reply.
std::vector<std::string> chunked(int way, const std::vector<std::string>& events)
{
    const std::string all = joined(events);
    std::minstd_rand random(static_cast<unsigned>(way));
    switch (way) {
    case 0:
        return {all};
    case 1:
        return events;
    case 2:
        return cut(all, [] { return std::size_t(1); });
    case 3:
        return cut(all, [] { return std::size_t(7); });
    case 4: // always before the last byte of an event
        return cut(all, [&, at = std::size_t(0), sum = std::size_t(0)]() mutable {
            const std::size_t before = sum;
            sum += at < events.size() ? events[at++].size() : 1;
            return sum - before - (before == 0 && sum > 1 ? 1 : 0);
        });
    default:
        return cut(all, [&] { return 1 + random() % (way == 5 ? 20 : 400); });
    }
}
const std::vector<std::string> kWays = {"whole",          "event by event",        "byte by byte",
                                        "in sevens",      "before an event's end", "in small pieces",
                                        "in large pieces"};

bool hasCanary(const std::string& bytes)
{
    return std::ranges::any_of(kCanaries,
                               [&](const std::string& canary) { return bytes.find(canary) != std::string::npos; });
}

/// Plays the case that x-case names; a request with a history gets the answer of a strict provider.
ScriptedReply play(const ScriptedRequest& request)
{
    const Api api = kApis[std::stoul(request.header("x-api"))];
    if (!request.header("x-history").empty()) {
        const std::string fault = historyFault(api, request.body);
        return {.status = fault.empty() ? 200U : 400U,
                .headers = {{"Content-Type", "application/json"}},
                .pieces = {fault.empty() ? bodyOf(api, {"Fine.", {}}) : fault}};
    }
    const ScriptedTurn& turn = kCases[std::stoul(request.header("x-case"))].turn;
    const int way = std::stoi(request.header("x-way"));
    const bool stream = !request.header("x-stream").empty();
    return {.headers = {{"Content-Type", stream ? "text/event-stream" : "application/json"}},
            .pieces = chunked(way, stream ? streamOf(api, turn) : std::vector{bodyOf(api, turn)}),
            .framing = ScriptedReply::Framing::Chunked};
}

std::vector<std::size_t> placesOf(const RecordedCall& call, const std::function<bool(const RecordedCall::Wire&)>& is)
{
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < call.wires.size(); ++i) {
        if (is(call.wires[i]))
            places.push_back(i);
    }
    return places;
}
} // namespace

/// Real sockets, a real proxy, a policy that blocks: what reaches the client, and what the record says.
class TestBlocking : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_upstream = std::make_unique<ScriptedUpstream>(play);
        const auto with = [this](PolicyMode mode) {
            return std::make_unique<RunningProxy>(m_upstream->baseUrl(), [mode](auto&, proxy::ProxySnapshot& snapshot) {
                snapshot.gates = gatesWith(mode);
            });
        };
        m_enforcing = with(PolicyMode::Enforce);
        m_watching = with(PolicyMode::Shadow);
    }

    void aBlockedCallNeverReachesTheClient_data()
    {
        rows([](const Case& each) { return each.hasBlocked; });
    }
    void aBlockedCallNeverReachesTheClient()
    {
        const auto [api, stream, turn] = chosen();
        const auto reply = ask(*m_enforcing);
        QVERIFY(reply.complete);
        QCOMPARE(reply.status, 200);
        QVERIFY2(!hasCanary(reply.head + reply.body), reply.body.c_str());
        const QString fault = breach(api, splitReply(stream ? "sse" : "body", reply.body));
        QVERIFY2(fault.isEmpty(), qPrintable(fault));
        const conversation::Response got = folded(api, stream, reply.body);
        const auto isCall = [](const auto& block) { return block.kind == conversation::BlockKind::ToolUse; };
        QCOMPARE(std::ranges::count_if(got.blocks, isCall), std::ptrdiff_t(turn.turn.calls.size() - 1));
        QVERIFY2(reply.body.find("drop_table` was blocked by policy") != std::string::npos, reply.body.c_str());

        RawClient client(m_enforcing->port);
        client.send(m_enforcing->request(nextRequest(api, got), pathOf(api), fields() + "x-history: 1\r\n"));
        const auto next = client.readReply();
        QVERIFY2(next.status == 200, next.body.c_str());
    }

    void theRecordSaysWhatCameAndWhatLeft_data()
    {
        rows([](const Case& each) { return each.hasBlocked; });
    }
    void theRecordSaysWhatCameAndWhatLeft()
    {
        const auto [api, stream, turn] = chosen();
        const auto reply = ask(*m_enforcing);
        QVERIFY(m_enforcing->recording.waitForEnded(m_enforcing->recording.calls().size()));
        const RecordedCall call = m_enforcing->recording.calls().back();
        QCOMPARE(call.ended->status, CallStatus::Completed);
        QCOMPARE(call.receivedBody(), upstreamBytes());
        QVERIFY(call.hasGaplessNumbers());
        QVERIFY(call.ended->response.changedBytes > 0);
        QCOMPARE(conversation::responseFromJson(call.sentReply).value(), folded(api, stream, reply.body));
        QVERIFY(call.reply.find("canary_orders") != std::string::npos && !hasCanary(call.sentReply));

        QCOMPARE(call.decisions.size(), std::size_t(1));
        const auto& [decision, wiresBefore] = call.decisions.front();
        QCOMPARE(decision.verdict, conversation::Verdict::Block);
        QCOMPARE(decision.mode, PolicyMode::Enforce);
        QCOMPARE(decision.toolId, kBlocked.id);
        QCOMPARE(decision.call, call.id);
        const auto sent = placesOf(call, [](const auto& wire) {
            return wire.direction == Direction::Sent && wire.kind != WireKind::Hold && wire.kind != WireKind::Release;
        });
        QVERIFY(!sent.empty());
        QVERIFY2(wiresBefore <= sent.front(), "the decision comes before what it lets out");
        // Responses judges a call when it is complete, the others all of them when the reply is.
        const std::size_t holds = !stream ? 0 : api == Api::OpenAiResponses ? turn.turn.calls.size() : 1;
        for (const WireKind kind : {WireKind::Hold, WireKind::Release})
            QCOMPARE(placesOf(call, [kind](const auto& wire) { return wire.kind == kind; }).size(), holds);
    }

    void whatIsNotBlockedLeavesByteForByte_data()
    {
        rows([](const Case&) { return true; });
    }
    void whatIsNotBlockedLeavesByteForByte()
    {
        const auto [api, stream, turn] = chosen();
        for (RunningProxy* running : {m_watching.get(), turn.hasBlocked ? nullptr : m_enforcing.get()}) {
            if (!running)
                continue;
            const auto reply = ask(*running);
            QVERIFY(reply.complete);
            QCOMPARE(reply.body, upstreamBytes());
            QVERIFY(running->recording.waitForEnded(running->recording.calls().size()));
            const RecordedCall call = running->recording.calls().back();
            QCOMPARE(call.ended->response.changedBytes, std::uint64_t(0));
            QVERIFY(call.sentReply.empty());
            QCOMPARE(call.decisions.size(), std::size_t(turn.hasBlocked ? 1 : 0));
            QVERIFY(!turn.hasBlocked || call.decisions.front().decision.mode == PolicyMode::Shadow);
        }
    }

    void aCallKeepsTheChainItBeganWith_data()
    {
        QTest::addColumn<bool>("begunWithPolicies");
        QTest::newRow("policies are switched off in the middle of a stream") << true;
        QTest::newRow("policies are switched on in the middle of a stream") << false;
    }
    void aCallKeepsTheChainItBeganWith()
    {
        QFETCH(bool, begunWithPolicies);
        const std::vector<std::string> events = streamOf(Api::AnthropicMessages, kCases[0].turn);
        std::promise<void> begun;
        std::promise<void> changed;
        std::atomic<int> calls{0};
        ScriptedUpstream upstream([&](const auto&) {
            ScriptedReply reply{.headers = {{"Content-Type", "text/event-stream"}},
                                .pieces = events,
                                .framing = ScriptedReply::Framing::Chunked};
            if (calls++ == 0)
                reply.beforePiece = [&](std::size_t piece) {
                    if (piece != events.size() / 2)
                        return;
                    begun.set_value();
                    changed.get_future().wait();
                };
            return reply;
        });
        const auto gates = gatesWith(PolicyMode::Enforce);
        RunningProxy running(upstream.baseUrl(), [&](auto&, proxy::ProxySnapshot& snapshot) {
            snapshot.gates = begunWithPolicies ? gates : nullptr;
        });
        auto other = std::make_shared<proxy::ProxySnapshot>(*running.snapshot);
        other->gates = begunWithPolicies ? nullptr : gates;
        const std::string request = running.request(firstRequest(Api::AnthropicMessages, true));
        RawClient first(running.port);
        first.send(request);
        begun.get_future().wait();
        running.proxy->apply(other);
        changed.set_value();
        QCOMPARE(hasCanary(first.readReply().body), !begunWithPolicies);
        RawClient second(running.port);
        second.send(request);
        QCOMPARE(hasCanary(second.readReply().body), begunWithPolicies);
    }

private:
    struct Chosen
    {
        Api api;
        bool stream;
        const Case& turn;
    };
    static void rows(const std::function<bool(const Case&)>& isWanted)
    {
        QTest::addColumn<int>("api");
        QTest::addColumn<bool>("stream");
        QTest::addColumn<int>("turn");
        QTest::addColumn<int>("way");
        for (int api = 0; api < 3; ++api) {
            for (const bool stream : {true, false}) {
                for (std::size_t turn = 0; turn < kCases.size(); ++turn) {
                    for (std::size_t way = 0; isWanted(kCases[turn]) && way < kWays.size(); ++way)
                        QTest::addRow("%s, %s, %s, %s", std::string(conversation::apiName(kApis[api])).c_str(),
                                      stream ? "a stream" : "a body", kCases[turn].name.c_str(), kWays[way].c_str())
                            << api << stream << static_cast<int>(turn) << static_cast<int>(way);
                }
            }
        }
    }
    static Chosen chosen()
    {
        QFETCH(int, api);
        QFETCH(bool, stream);
        QFETCH(int, turn);
        return {kApis[api], stream, kCases[static_cast<std::size_t>(turn)]};
    }
    /// What tells the upstream which row this is.
    static std::string fields()
    {
        QFETCH(int, api);
        QFETCH(bool, stream);
        QFETCH(int, turn);
        QFETCH(int, way);
        return "x-api: " + std::to_string(api) + "\r\nx-case: " + std::to_string(turn) +
               "\r\nx-way: " + std::to_string(way) + (stream ? "\r\nx-stream: 1\r\n" : "\r\n");
    }
    static std::string upstreamBytes()
    {
        const auto [api, stream, turn] = chosen();
        return stream ? joined(streamOf(api, turn.turn)) : bodyOf(api, turn.turn);
    }
    static RawClient::Reply ask(const RunningProxy& running)
    {
        const auto [api, stream, turn] = chosen();
        RawClient client(running.port);
        client.send(running.request(firstRequest(api, stream), pathOf(api), fields()));
        return client.readReply();
    }

    std::unique_ptr<ScriptedUpstream> m_upstream;
    std::unique_ptr<RunningProxy> m_enforcing;
    std::unique_ptr<RunningProxy> m_watching;
};

LUTHIEN_TEST(tst_blocking, TestBlocking)
#include "tst_blocking.moc"
