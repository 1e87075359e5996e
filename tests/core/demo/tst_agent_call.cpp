// SPDX-License-Identifier: Apache-2.0
#include "demo/agent_call.h"
#include "demo/api_format.h"
#include "support/scripted_upstream.h"
#include "support/test_registry.h"

#include <optional>

using namespace luthien;
using namespace luthien::demo;
using luthien::test::ScriptedReply;
using luthien::test::ScriptedRequest;
using luthien::test::ScriptedUpstream;

namespace {
const ModelTurn kTurn{.text = "Hello", .command = "ls"};

ScriptedReply streamed(ScriptedReply::Framing framing, ScriptedReply::End end)
{
    return {.headers = {{"Content-Type", "text/event-stream; charset=utf-8"}},
            .pieces = messagesFormat().replyEvents(kTurn, "m"),
            .framing = framing,
            .end = end};
}

ScriptedReply whole(unsigned status, std::string body)
{
    return {.status = status, .headers = {{"Content-Type", "application/json"}}, .pieces = {std::move(body)}};
}
} // namespace

class TestAgentCall : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsReplies_data();
    void readsReplies();
    void saysWhyItFailed_data();
    void saysWhyItFailed();
    void saysWhoItIs();
    void failsIfNobodyIsThere();

private:
    std::optional<conversation::Response> m_response;
    std::optional<Error> m_error;
    void call(const std::string& url, const std::string& token = {});
};

void TestAgentCall::call(const std::string& url, const std::string& token)
{
    m_response.reset();
    m_error.reset();
    AgentCall call(conversation::Api::AnthropicMessages, nullptr);
    connect(&call, &AgentCall::replied, this,
            [this](const conversation::Response& response) { m_response = response; });
    connect(&call, &AgentCall::failed, this, [this](const Error& error) { m_error = error; });
    call.send({.url = url, .clientToken = token}, "demo-1", "/v1/messages", "{}");
    QTRY_VERIFY_WITH_TIMEOUT(m_response || m_error, 10'000);
}

void TestAgentCall::readsReplies_data()
{
    QTest::addColumn<ScriptedReply>("reply");
    using Framing = ScriptedReply::Framing;
    QTest::newRow("streamed in chunks") << streamed(Framing::Chunked, ScriptedReply::End::KeepAlive);
    QTest::newRow("streamed until the end") << streamed(Framing::UntilClose, ScriptedReply::End::Close);
    QTest::newRow("whole") << whole(200, messagesFormat().replyBody(kTurn, "m"));
}

void TestAgentCall::readsReplies()
{
    QFETCH(ScriptedReply, reply);
    const ScriptedUpstream upstream([&](const ScriptedRequest&) { return reply; });
    call(upstream.baseUrl());
    QVERIFY2(m_response.has_value(), m_error ? m_error->message.c_str() : "");
    QCOMPARE(m_response->blocks.size(), 2U);
    QCOMPARE(m_response->blocks[0].text, kTurn.text);
    QCOMPARE(commandOf(m_response->blocks[1].text).value(), *kTurn.command);
}

void TestAgentCall::saysWhyItFailed_data()
{
    QTest::addColumn<ScriptedReply>("reply");
    QTest::addColumn<std::string>("message");
    ScriptedReply early = streamed(ScriptedReply::Framing::Chunked, ScriptedReply::End::KeepAlive);
    early.pieces.pop_back();
    ScriptedReply error = early;
    error.pieces.emplace_back(
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n\n");
    QTest::newRow("an error reply") << whole(403, "no entry") << std::string("status 403: no entry");
    QTest::newRow("a stream that ends early") << early << std::string("ended too early");
    QTest::newRow("an error in the stream") << error << std::string("busy");
    QTest::newRow("a cut connection") << streamed(ScriptedReply::Framing::Chunked, ScriptedReply::End::Cut)
                                      << std::string("");
    QTest::newRow("no HTTP") << ScriptedReply{.raw = "220 mail\r\n\r\n", .beforePiece = {}} << std::string("");
}

void TestAgentCall::saysWhyItFailed()
{
    QFETCH(ScriptedReply, reply);
    QFETCH(std::string, message);
    const ScriptedUpstream upstream([&](const ScriptedRequest&) { return reply; });
    call(upstream.baseUrl());
    QVERIFY(m_error.has_value());
    QVERIFY2(m_error->message.find(message) != std::string::npos, m_error->message.c_str());
}

void TestAgentCall::saysWhoItIs()
{
    const ScriptedUpstream upstream(
        [](const ScriptedRequest&) { return whole(200, messagesFormat().replyBody(kTurn, "m")); });
    call(upstream.baseUrl() + "/demo", "secret");
    QCOMPARE(upstream.requests().size(), 1U);
    const ScriptedRequest request = upstream.requests().front();
    QCOMPARE(request.target, std::string("/demo/v1/messages"));
    QVERIFY(request.header("user-agent").starts_with("luthien-demo/"));
    QCOMPARE(request.header("x-session-id"), std::string("demo-1"));
    QCOMPARE(request.header("x-luthien-token"), std::string("secret"));
}

void TestAgentCall::failsIfNobodyIsThere()
{
    std::uint16_t port = 0;
    {
        const ScriptedUpstream gone([](const ScriptedRequest&) { return ScriptedReply{}; });
        port = gone.port();
    }
    call("http://127.0.0.1:" + std::to_string(port));
    QCOMPARE(m_error->code, ErrorCode::Unavailable);
}

LUTHIEN_TEST(tst_agent_call, TestAgentCall)
#include "tst_agent_call.moc"
