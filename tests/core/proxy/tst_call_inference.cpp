// SPDX-License-Identifier: Apache-2.0
#include "proxy/call_inference.h"
#include "support/test_registry.h"

#include <QObject>

using namespace luthien;
using namespace luthien::proxy;
using conversation::Api;

namespace {
std::shared_ptr<ProxySnapshot> snapshotOf(const std::vector<Upstream>& upstreams)
{
    auto snapshot = std::make_shared<ProxySnapshot>();
    snapshot->upstreams = upstreams;
    return snapshot;
}

Upstream upstream(const char* name, ApiFamily family, const char* host, std::optional<std::string> credential = {})
{
    return {name, {{.tls = false, .host = host, .port = 80}, {}}, family, std::move(credential)};
}

/// A call of Claude Code with its user's key, at the first upstream.
PreparedCall causeOf(std::shared_ptr<const ProxySnapshot> snapshot)
{
    PreparedCall call;
    call.id = CallId::make({});
    call.snapshot = std::move(snapshot);
    call.route = {
        .upstream = &call.snapshot->upstreams.front(), .api = Api::AnthropicMessages, .target = "/v1/messages"};
    call.identity = {.session = "s1", .agent = "a1", .client = "claude-code", .clientVersion = "2"};
    call.model = "claude-x";
    call.credentials = {{"Authorization", "Bearer sk-caller"}, {"anthropic-beta", "oauth-1"}};
    return call;
}
} // namespace

class TestCallInference : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aQuestionIsACallOfOurOwn()
    {
        const PreparedCall cause = causeOf(snapshotOf({upstream("anthropic", ApiFamily::Anthropic, "a.test")}));
        const CallId id = CallId::make({});
        const auto call = prepareQuestion(cause, {}, id, {.system = "Judge.", .prompt = "rm?", .policyId = "judge"});
        QVERIFY(call);
        const PreparedCall& question = **call;
        QCOMPARE(question.id, id);
        QCOMPARE(question.cause, cause.id);
        QCOMPARE(question.causePolicy, std::string("judge"));
        QCOMPARE(question.identity.client, std::string("luthien"));
        QCOMPARE(question.identity.session, std::string("s1"));
        QCOMPARE(question.identity.agent, std::string("a1"));
        QCOMPARE(question.model, std::string("claude-x"));
        QCOMPARE(question.route.api, Api::AnthropicMessages);
        QVERIFY2(!question.snapshot->gates, "no policy looks at it");
        QCOMPARE(question.snapshot->limits.total, std::chrono::milliseconds(20'000));
        QVERIFY(question.upstreamHead.starts_with("POST /v1/messages HTTP/1.1\r\nHost: a.test\r\n"));
        QVERIFY(question.upstreamHead.find("Authorization: Bearer sk-caller\r\n") != std::string::npos);
        QVERIFY(question.upstreamHead.find("anthropic-version: ") != std::string::npos);
        QVERIFY(question.headJson.find("sk-caller") == std::string::npos);
    }

    void aCredentialGoesOnlyToWhereItsOwnerSentIt_data()
    {
        QTest::addColumn<QByteArray>("asked");
        QTest::addColumn<bool>("callers");
        QTest::addColumn<QByteArray>("own");
        QTest::newRow("the call's upstream") << QByteArray("anthropic") << true << QByteArray();
        QTest::newRow("another name of the same host") << QByteArray("same") << true << QByteArray();
        QTest::newRow("another host of the same family") << QByteArray("other") << false << QByteArray();
        QTest::newRow("another family at the same host") << QByteArray("openai") << false << QByteArray();
        QTest::newRow("an upstream with its own key") << QByteArray("keyed") << false << QByteArray("sk-own");
    }
    void aCredentialGoesOnlyToWhereItsOwnerSentIt()
    {
        QFETCH(QByteArray, asked);
        QFETCH(bool, callers);
        QFETCH(QByteArray, own);
        const PreparedCall cause = causeOf(snapshotOf(
            {upstream("anthropic", ApiFamily::Anthropic, "a.test"), upstream("same", ApiFamily::Anthropic, "a.test"),
             upstream("other", ApiFamily::Anthropic, "b.test"), upstream("openai", ApiFamily::OpenAi, "a.test"),
             upstream("keyed", ApiFamily::Anthropic, "a.test", "sk-own")}));
        const auto call = prepareQuestion(cause, {}, CallId::make({}),
                                          {.upstream = asked.toStdString(), .model = "m", .prompt = "?"});
        QVERIFY(call);
        const std::string& head = (*call)->upstreamHead;
        QCOMPARE(head.find("sk-caller") != std::string::npos, callers);
        QCOMPARE(head.find("sk-own") != std::string::npos, !own.isEmpty());
    }

    void anotherUpstreamIsAskedInItsUsualFormat()
    {
        const PreparedCall cause = causeOf(snapshotOf(
            {upstream("anthropic", ApiFamily::Anthropic, "a.test"), upstream("openai", ApiFamily::OpenAi, "o.test"),
             upstream("gemini", ApiFamily::Gemini, "g.test"), upstream("ollama", ApiFamily::Ollama, "l.test"),
             upstream("else", ApiFamily::Other, "e.test")}));
        const std::vector<std::pair<std::string, Api>> formats = {
            {"openai", Api::OpenAiChat}, {"gemini", Api::Gemini}, {"ollama", Api::Ollama}};
        for (const auto& [name, api] : formats) {
            const auto call = prepareQuestion(cause, {}, CallId::make({}), {.upstream = name, .model = "m"});
            QVERIFY2(call, name.c_str());
            QCOMPARE((*call)->route.api, api);
        }
        QCOMPARE(prepareQuestion(cause, {}, CallId::make({}), {.upstream = "else"}).error().code,
                 ErrorCode::Unsupported);
        QCOMPARE(prepareQuestion(cause, {}, CallId::make({}), {.upstream = "nobody"}).error().code,
                 ErrorCode::NotFound);
    }
};

LUTHIEN_TEST(tst_call_inference, TestCallInference)
#include "tst_call_inference.moc"
