// SPDX-License-Identifier: Apache-2.0
#include "integration/turn.h"
#include "support/history.h"
#include "support/running_proxy.h"
#include "support/scripted_policy.h"
#include "support/stream_checker.h"
#include "support/test_registry.h"

#include <QFile>
#include <QObject>

#include <algorithm>
#include <array>
#include <random>

using namespace luthien;
using namespace luthien::test;
using conversation::Api;
using conversation::BlockKind;
using conversation::CallStatus;
using conversation::OnBlock;
using conversation::PolicyMode;
using conversation::Verdict;
using policy::PolicyVerdict;

namespace {
const ScriptedCall kDenied{"call_canary", "drop_table", R"({"sql":"DROP TABLE canary_orders","sure":true})"};
const ScriptedCall kFine{"call_fine", "read_file", R"({"path":"/srv/shop/readme"})"};
const std::string kSafer = R"({"sql":"SELECT 1"})";
const ScriptedTurn kAnother{"Reading instead.", {kFine}};
constexpr std::array kApis = {Api::AnthropicMessages, Api::OpenAiChat, Api::OpenAiResponses, Api::Gemini, Api::Ollama};

PolicyScript::Verdict denyDrops(const policy::PolicyContext&, const policy::JudgedCall& judged)
{
    PolicyVerdict verdict;
    if (judged.call.name == "drop_table")
        verdict.verdict = Verdict::Block;
    verdict.reason = "It drops something.";
    return verdict;
}

PolicyScript::Verdict makeSafer(const policy::PolicyContext&, const policy::JudgedCall& judged)
{
    PolicyVerdict verdict;
    if (judged.call.name == "drop_table") {
        verdict.verdict = Verdict::Replace;
        verdict.arguments = kSafer;
    }
    return verdict;
}

/// One verdict, what it is about, and what must not reach the client.
struct Row
{
    const char* name;
    ScriptedTurn turn;
    PolicyScript script;
    OnBlock onBlock = OnBlock::Replace;
    std::vector<std::string> canaries;
    std::size_t callsLeft = 0;
};
const std::vector<std::string> kCallCanaries = {"call_canary", "canary_orders", "DROP TABLE",
                                                "\"name\":\"drop_table\""};

std::vector<Row> rowsOfTable()
{
    return {
        {.name = "replace text",
         .turn = {"I will canary it.", {kFine}},
         .script = {.text = [](const std::string&) { return std::string("I looked."); }},
         .canaries = {"canary", "I will"},
         .callsLeft = 1},
        {.name = "replace arguments",
         .turn = {"Both.", {kDenied, kFine}},
         .script = {.toolCall = makeSafer},
         .canaries = {"canary_orders", "DROP TABLE", "sure"},
         .callsLeft = 2},
        {.name = "drop one of two calls",
         .turn = {"Both.", {kFine, kDenied}},
         .script = {.toolCall = denyDrops},
         .canaries = kCallCanaries,
         .callsLeft = 1},
        {.name = "block all", .turn = {"", {kDenied}}, .script = {.toolCall = denyDrops}, .canaries = kCallCanaries},
        {.name = "deny and retry",
         .turn = {"I will drop it.", {kDenied}},
         .script = {.toolCall = denyDrops},
         .onBlock = OnBlock::Retry,
         .canaries = {"call_canary", "canary_orders", "drop"},
         .callsLeft = 1},
        {.name = "end",
         .turn = {"Both.", {kDenied, kFine}},
         .script = {.toolCall = denyDrops},
         .onBlock = OnBlock::End,
         .canaries = {"call_canary", "canary_orders", "DROP TABLE", "read_file", "call_fine"}}};
}

std::string joined(const std::vector<std::string>& parts)
{
    std::string all;
    for (const std::string& part : parts)
        all += part;
    return all;
}

const std::vector<std::string> kWays = {"whole",          "event by event",  "byte by byte",   "in sevens",
                                        "before its end", "in small pieces", "in large pieces"};

/// The ways a network can cut a reply.
std::vector<std::string> chunked(std::size_t way, const std::vector<std::string>& events)
{
    const std::string all = joined(events);
    if (way == 0)
        return {all};
    if (way == 1)
        return events;
    std::minstd_rand random(static_cast<unsigned>(way));
    std::vector<std::string> pieces;
    for (std::size_t at = 0; at < all.size(); at += pieces.back().size()) {
        const std::size_t wanted = way == 2   ? 1
                                   : way == 3 ? 7
                                   : way == 4 ? events.front().size() - 1
                                   : way == 5 ? 1 + random() % 20
                                              : 1 + random() % 400;
        pieces.push_back(all.substr(at, wanted));
    }
    return pieces;
}

} // namespace

/// Every verdict in every API, streamed and whole, over real sockets.
class TestVerdicts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_upstream =
            std::make_unique<ScriptedUpstream>([this](const ScriptedRequest& request) { return play(request); });
        for (Row& row : m_rows) {
            const auto gates = proxy::makePolicyGates(
                chainOf(row.script, {.id = "p", .mode = PolicyMode::Enforce, .onBlock = row.onBlock}));
            m_proxies.push_back(
                std::make_unique<RunningProxy>(m_upstream->baseUrl(), [&gates](auto&, proxy::ProxySnapshot& snapshot) {
                    const auto base = snapshot.upstreams.front().baseUrl;
                    snapshot.upstreams.push_back({"gemini", base, proxy::ApiFamily::Gemini, {}});
                    snapshot.upstreams.push_back({"ollama", base, proxy::ApiFamily::Ollama, {}});
                    snapshot.gates = gates;
                }));
        }
    }

    void aVerdictReachesTheClientInItsApi_data()
    {
        QTest::addColumn<int>("api");
        QTest::addColumn<bool>("stream");
        QTest::addColumn<int>("row");
        QTest::addColumn<int>("way");
        for (std::size_t api = 0; api < kApis.size(); ++api) {
            for (const bool stream : {true, false}) {
                for (std::size_t row = 0; row < m_rows.size(); ++row) {
                    for (std::size_t way = 0; way < kWays.size(); ++way)
                        QTest::addRow("%s, %s, %s, %s", std::string(conversation::apiName(kApis[api])).c_str(),
                                      stream ? "a stream" : "a body", m_rows[row].name, kWays[way].c_str())
                            << static_cast<int>(api) << stream << static_cast<int>(row) << static_cast<int>(way);
                }
            }
        }
    }
    void aVerdictReachesTheClientInItsApi()
    {
        QFETCH(int, api);
        QFETCH(bool, stream);
        QFETCH(int, row);
        QFETCH(int, way);
        const Api kind = kApis[static_cast<std::size_t>(api)];
        const Row& expected = m_rows[static_cast<std::size_t>(row)];
        RunningProxy& running = *m_proxies[static_cast<std::size_t>(row)];
        const auto reply =
            ask(static_cast<std::size_t>(api), stream, static_cast<std::size_t>(row), static_cast<std::size_t>(way));
        QCOMPARE(reply.status, 200);
        QVERIFY(reply.complete);
        for (const std::string& canary : expected.canaries)
            QVERIFY2(reply.body.find(canary) == std::string::npos, (canary + " in " + reply.body).c_str());
        const QString fault = breach(kind, splitReply(!stream               ? "body"
                                                      : kind == Api::Ollama ? "ndjson"
                                                                            : "sse",
                                                      reply.body));
        QVERIFY2(fault.isEmpty(), qPrintable(fault));
        const conversation::Response got = folded(kind, stream, reply.body);
        QCOMPARE(callsIn(got), expected.callsLeft);
        if (expected.onBlock == OnBlock::Retry) {
            QCOMPARE(reply.body, stream ? joined(streamOf(kind, kAnother)) : bodyOf(kind, kAnother));
        }
        if (kind != Api::Gemini && kind != Api::Ollama) {
            const std::string history = historyFault(kind, nextRequest(kind, got));
            QVERIFY2(history.empty(), history.c_str());
        }
        QVERIFY(running.recording.waitForEnded(running.recording.calls().size()));
        const RecordedCall call = running.recording.calls().back();
        QCOMPARE(call.ended->status, CallStatus::Completed);
        QVERIFY(call.hasGaplessNumbers());
        QCOMPARE(call.sentRequests.size(), std::size_t(expected.onBlock == OnBlock::Retry ? 1 : 0));
        // What stands behind an end has a decision of its own.
        QCOMPARE(call.decisions.size(), std::size_t(expected.onBlock == OnBlock::End ? 2 : 1));
        QCOMPARE(running.metrics.value(Metric::ProtocolViolations), std::uint64_t(0));
    }

    /// docs/policies.md says what comes of a verdict; this is where it comes from.
    void theTableInTheDocumentIsTrue()
    {
        std::string table = "| verdict |";
        std::string line = "| --- |";
        for (const Api api : kApis) {
            table += ' ' + std::string(conversation::apiName(api)) + " |";
            line += " --- |";
        }
        table += '\n' + line + '\n';
        for (std::size_t row = 0; row < m_rows.size(); ++row) {
            table += std::string("| ") + m_rows[row].name + " |";
            for (std::size_t api = 0; api < kApis.size(); ++api) {
                const auto streamed = folded(kApis[api], true, ask(api, true, row, 0).body);
                const auto whole = folded(kApis[api], false, ask(api, false, row, 0).body);
                QVERIFY2(outline(streamed) == outline(whole),
                         (std::string(m_rows[row].name) + ": " + outline(streamed) + " / " + outline(whole)).c_str());
                table += ' ' + outline(streamed) + " |";
            }
            table += '\n';
        }
        QFile document(qEnvironmentVariable("LUTHIEN_SOURCE_DIR") + QStringLiteral("/docs/policies.md"));
        QVERIFY(document.open(QIODevice::ReadOnly));
        QVERIFY2(document.readAll().contains(QByteArray::fromStdString(table)), table.c_str());
    }

private:
    static std::size_t callsIn(const conversation::Response& reply)
    {
        return static_cast<std::size_t>(
            std::ranges::count(reply.blocks, BlockKind::ToolUse, &conversation::Block::kind));
    }
    static std::string outline(const conversation::Response& reply)
    {
        // Chat tells texts and calls apart by member, so their order means nothing there.
        const std::size_t calls = callsIn(reply);
        std::string all = reply.blocks.size() > calls ? "text" : "";
        for (std::size_t i = 0; i < calls; ++i)
            all += (all.empty() ? "" : ", ") + std::string("call");
        return all + "; `" + reply.rawStopReason + "`";
    }
    ScriptedReply play(const ScriptedRequest& request) const
    {
        const std::size_t api = std::stoul(request.header("x-api"));
        const bool stream = !request.header("x-stream").empty();
        const bool isAskedAgain = request.body.find("canary_orders") != std::string::npos;
        const ScriptedTurn& turn = isAskedAgain ? kAnother : m_rows[std::stoul(request.header("x-row"))].turn;
        const auto events = stream ? streamOf(kApis[api], turn) : std::vector{bodyOf(kApis[api], turn)};
        return {.headers = {{"Content-Type", contentType(kApis[api], stream)}},
                .pieces = chunked(std::stoul(request.header("x-way")), events),
                .framing = ScriptedReply::Framing::Chunked};
    }
    RawClient::Reply ask(std::size_t api, bool stream, std::size_t row, std::size_t way) const
    {
        const RunningProxy& running = *m_proxies[row];
        RawClient client(running.port);
        client.send(running.request(requestOf(kApis[api], stream), pathOf(kApis[api], stream),
                                    "x-api: " + std::to_string(api) + "\r\nx-row: " + std::to_string(row) +
                                        "\r\nx-way: " + std::to_string(way) +
                                        (stream ? "\r\nx-stream: 1\r\n" : "\r\n")));
        return client.readReply();
    }

    std::vector<Row> m_rows = rowsOfTable();
    std::unique_ptr<ScriptedUpstream> m_upstream;
    std::vector<std::unique_ptr<RunningProxy>> m_proxies;
};

LUTHIEN_TEST(tst_verdicts, TestVerdicts)
#include "tst_verdicts.moc"
