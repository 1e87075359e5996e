// SPDX-License-Identifier: Apache-2.0
#include "base/ids.h"
#include "protocol/identity.h"
#include "support/corpus.h"
#include "support/test_registry.h"

#include <map>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::protocol;
using namespace luthien::test;

namespace {

Api apiOf(const std::string& path)
{
    if (path.starts_with("/v1/messages"))
        return Api::AnthropicMessages;
    if (path.starts_with("/v1/chat/completions"))
        return Api::OpenAiChat;
    if (path.starts_with("/v1/responses"))
        return Api::OpenAiResponses;
    return path.starts_with("/v1beta/") ? Api::Gemini : Api::Other;
}

/// What the list of calls shows of a captured request.
struct Shown
{
    const char* client;
    const char* version;
    const char* session; ///< "derived" = a hash
    const char* model;
    const char* preview;
};

// Long texts are elided in the captures, hence the previews of Claude Code.
const std::map<std::string, Shown> kCaptured = {
    {"claude-code-1", {"Bun", "1.4.0", "derived", "", ""}}, // HEAD / before the first call
    {"claude-code-2",
     {"claude-code", "2.1.197", "41275492-3b2a-4fb2-a8b3-fb13aa2a6d03", "claude-sonnet-4-5", "[elided 1786 chars]"}},
    {"claude-code-3",
     {"claude-code", "2.1.197", "41275492-3b2a-4fb2-a8b3-fb13aa2a6d03", "claude-sonnet-4-5", "[elided 1786 chars]"}},
    {"codex-1", {"codex", "0.169.0", "01a202e8-0992-7033-9b08-466fc33b0bca", "gpt-5", "read files"}},
    {"codex-2", {"codex", "0.169.0", "01a202e8-0992-7033-9b08-466fc33b0bca", "gpt-5", "read files"}},
    {"gemini-cli-1", {"gemini-cli", "0.61.0", "derived", "gemini-2.5-flash", "say hi"}},
    {"opencode-1",
     {"opencode", "1.18.33", "ses_dfd17e74effe9w2PQEjxrb8QCa", "m", "Generate a title for this conversation:"}},
    {"opencode-2", {"opencode", "1.18.33", "ses_dfd17e74effe9w2PQEjxrb8QCa", "m", "\"say hi\""}},
    {"opencode-3",
     {"opencode", "1.18.33", "ses_dfd17cee7ffe2FKYXynermx46a", "claude-haiku-4-5-20251001",
      "Generate a title for this conversation:"}},
    {"opencode-4", {"opencode", "1.18.33", "ses_dfd17cee7ffe2FKYXynermx46a", "claude-sonnet-4-5", "\"say hi\""}},
    {"opencode-5",
     {"opencode", "1.18.33", "ses_dfd17bc1cffetsyBVHog1XgqHn", "gpt-5.4-nano",
      "Generate a title for this conversation:"}},
    {"opencode-6", {"opencode", "1.18.33", "ses_dfd17bc1cffetsyBVHog1XgqHn", "gpt-5", "\"say hi\""}},
    {"sdks-1", {"openai-node", "6.49.0", "derived", "gpt-4o", "hi"}},
    {"sdks-2", {"openai-node", "6.49.0", "derived", "gpt-5", "hi"}},
    {"sdks-3", {"anthropic-node", "1.12.0", "derived", "claude-sonnet-4-5", "hi"}},
    {"sdks-4", {"google-genai", "2.32.0", "derived", "gemini-2.5-flash", "hi"}},
    {"sdks-5", {"ai-sdk", "3.0.141", "derived", "gpt-4o", "hi"}},
    {"sdks-6", {"ai-sdk", "3.0.139", "derived", "claude-sonnet-4-5", "hi"}},
};

Fields fieldsOf(std::initializer_list<Field> list)
{
    Fields fields;
    for (const Field& field : list)
        fields.add(field.name, field.value);
    return fields;
}

class TestIdentity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void capturedClientsAreKnown_data()
    {
        QTest::addColumn<std::size_t>("index");
        m_requests = loadClientRequests();
        QCOMPARE(m_requests.size(), kCaptured.size());
        for (std::size_t i = 0; i < m_requests.size(); ++i)
            QTest::newRow(m_requests[i].name.c_str()) << i;
    }
    void capturedClientsAreKnown()
    {
        QFETCH(std::size_t, index);
        const ClientRequest& request = m_requests[index];
        QVERIFY(kCaptured.contains(request.name));
        const Shown& shown = kCaptured.at(request.name);
        Fields headers;
        for (const auto& [name, value] : request.headers)
            headers.add(name, value);
        const Api api = apiOf(request.path);
        RequestView view;
        if (!request.body.empty()) {
            const Result<RequestView> parsed = dialectFor(api).parseRequest(request.path, request.body);
            QVERIFY(parsed.hasValue());
            view = *parsed;
        }
        const Identity identity = identify(api, headers, view);
        QCOMPARE(identity.client, std::string(shown.client));
        QCOMPARE(identity.clientVersion, std::string(shown.version));
        QCOMPARE(identity.sessionDerived, std::string_view(shown.session) == "derived");
        if (identity.sessionDerived)
            QCOMPARE(identity.session.size(), std::string_view("derived:").size() + 32);
        else
            QCOMPARE(identity.session, std::string(shown.session));
        QVERIFY(isSafeLabel(identity.session));
        QVERIFY(identity.agent.empty());
        QCOMPARE(view.model, std::string(shown.model));
        QCOMPARE(view.preview, std::string(shown.preview));
    }

    void theSessionIsFoundInOrder_data()
    {
        QTest::addColumn<QByteArrayList>("headers"); // name, value, name, value
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("session");
        const QByteArray claudeBody =
            "{\"metadata\":{\"user_id\":\"{\\\"device_id\\\":\\\"d\\\",\\\"account_uuid\\\":\\\"\\\","
            "\\\"session_id\\\":\\\"from-body\\\"}\"}}";
        QTest::newRow("a header before the body")
            << QByteArrayList{"X-Claude-Code-Session-Id", "from-header"} << claudeBody << QByteArray("from-header");
        QTest::newRow("Claude Code's JSON user id") << QByteArrayList() << claudeBody << QByteArray("from-body");
        QTest::newRow("Claude Code's older user id")
            << QByteArrayList() << QByteArray(R"({"metadata":{"user_id":"user_00ff_account__session_1f2e-3d"}})")
            << QByteArray("1f2e-3d");
        QTest::newRow("the body before the trace")
            << QByteArrayList{"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"} << claudeBody
            << QByteArray("from-body");
        QTest::newRow("the trace if there is nothing else")
            << QByteArrayList{"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
            << QByteArray("{}") << QByteArray("0af7651916cd43dd8448eb211c80319c");
        QTest::newRow("a vendor's own session header")
            << QByteArrayList{"X-Acme-Session-Id", "acme-1"} << QByteArray("{}") << QByteArray("acme-1");
        QTest::newRow("baggage") << QByteArrayList{"baggage", "a=1, session.id=b-2;x=y"} << QByteArray("{}")
                                 << QByteArray("b-2");
        QTest::newRow("metadata.session_id")
            << QByteArrayList() << QByteArray(R"({"metadata":{"session_id":"m-3"}})") << QByteArray("m-3");
        QTest::newRow("Codex' client_metadata")
            << QByteArrayList() << QByteArray(R"({"client_metadata":{"session_id":"c-4"}})") << QByteArray("c-4");
        QTest::newRow("a conversation object")
            << QByteArrayList() << QByteArray(R"({"conversation":{"id":"conv_5"}})") << QByteArray("conv_5");
        QTest::newRow("prompt_cache_key last")
            << QByteArrayList() << QByteArray(R"({"prompt_cache_key":"k-6"})") << QByteArray("k-6");
    }
    void theSessionIsFoundInOrder()
    {
        QFETCH(QByteArrayList, headers);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, session);
        Fields fields;
        for (qsizetype i = 0; i + 1 < headers.size(); i += 2)
            fields.add(headers[i].toStdString(), headers[i + 1].toStdString());
        const Api api = Api::AnthropicMessages;
        const Result<RequestView> view = dialectFor(api).parseRequest("/v1/messages", body.toStdString());
        QVERIFY(view.hasValue());
        const Identity identity = identify(api, fields, *view);
        QCOMPARE(QByteArray::fromStdString(identity.session), session);
        QVERIFY(!identity.sessionDerived);
    }

    void agentsWithinASessionAreTold()
    {
        const Identity claude = identify(Api::AnthropicMessages,
                                         fieldsOf({{"x-claude-code-session-id", "s"},
                                                   {"x-claude-code-agent-id", "a2"},
                                                   {"x-claude-code-parent-agent-id", "a1"}}),
                                         {});
        QCOMPARE(claude.agent, std::string("a2"));
        QCOMPARE(claude.parentAgent, std::string("a1"));
        const Identity codex =
            identify(Api::OpenAiResponses,
                     fieldsOf({{"session-id", "s"}, {"thread-id", "t2"}, {"x-codex-parent-thread-id", "t1"}}), {});
        QCOMPARE(codex.session, std::string("s"));
        QCOMPARE(codex.agent, std::string("t2"));
        QCOMPARE(codex.parentAgent, std::string("t1"));
        const Identity openCode =
            identify(Api::OpenAiChat, fieldsOf({{"x-session-id", "child"}, {"x-parent-session-id", "ses_1"}}), {});
        QCOMPARE(openCode.session, std::string("ses_1"));
        QCOMPARE(openCode.agent, std::string("child"));
    }

    void unsafeLabelsAreHashedPerCaller()
    {
        const auto sessionOf = [](const char* label, const char* key) {
            return identify(Api::OpenAiChat, fieldsOf({{"x-session-id", label}, {"authorization", key}}), {});
        };
        const Identity odd = sessionOf("my session <b>", "Bearer one");
        QVERIFY(odd.session.starts_with("derived:"));
        QVERIFY(isSafeLabel(odd.session));
        QVERIFY(!odd.sessionDerived);
        QCOMPARE(sessionOf("my session <b>", "Bearer one").session, odd.session);
        QVERIFY(sessionOf("my session <b>", "Bearer two").session != odd.session);
        QVERIFY(sessionOf("my session <i>", "Bearer one").session != odd.session);
        QVERIFY(sessionOf(std::string(129, 'x').c_str(), "Bearer one").session.starts_with("derived:"));
    }

    void aDerivedSessionStaysTheSameOverTheTurns()
    {
        const auto derive = [](const char* body, const char* key) {
            const Result<RequestView> view = dialectFor(Api::OpenAiChat).parseRequest("/", body);
            return identify(Api::OpenAiChat, fieldsOf({{"authorization", key}}), *view).session;
        };
        const char* first = R"({"messages":[{"role":"system","content":"S"},{"role":"user","content":"hi"}]})";
        const char* second = R"({"messages":[{"role":"system","content":"S"},{"role":"user","content":"hi"},
            {"role":"assistant","content":"yes?"},{"role":"user","content":"go"}]})";
        const char* other = R"({"messages":[{"role":"system","content":"S"},{"role":"user","content":"ho"}]})";
        QCOMPARE(derive(first, "a"), derive(second, "a"));
        QVERIFY(derive(first, "a") != derive(first, "b"));
        QVERIFY(derive(first, "a") != derive(other, "a"));
        QVERIFY(derive(first, "secret-key").find("secret") == std::string::npos);
    }

    void aBrokenTraceparentIsIgnored_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("too short") << QByteArray("00-0af7651916cd43dd8448eb211c80319c");
        QTest::newRow("upper case") << QByteArray("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01");
        QTest::newRow("all zero") << QByteArray("00-00000000000000000000000000000000-b7ad6b7169203331-01");
        QTest::newRow("no dashes") << QByteArray(60, '0');
    }
    void aBrokenTraceparentIsIgnored()
    {
        QFETCH(QByteArray, value);
        const Identity identity = identify(Api::OpenAiChat, fieldsOf({{"traceparent", value.toStdString()}}), {});
        QVERIFY(identity.traceId.empty());
        QVERIFY(identity.sessionDerived);
    }

private:
    std::vector<ClientRequest> m_requests;
};

} // namespace

LUTHIEN_TEST(tst_identity, TestIdentity)
#include "tst_identity.moc"
