// SPDX-License-Identifier: Apache-2.0
#include "support/running_proxy.h"
#include "support/scripted_policy.h"
#include "support/test_registry.h"

#include <QObject>

#include <boost/json.hpp>

using namespace luthien;
using namespace luthien::test;
using conversation::Api;
using conversation::CallStatus;
using conversation::PolicyMode;
using conversation::Verdict;
using policy::PolicyVerdict;

namespace {
namespace json = boost::json;

struct Asked
{
    Api api;
    const char* path;
    const char* body; ///< odd blanks and numbers must survive
    const char* reply;
};
const std::vector<Asked> kAsked = {
    {Api::AnthropicMessages, "/v1/messages",
     R"({"model" : "m","max_tokens":1e2,"system":"be good","messages":[ {"role":"user","content":"CANARY"} ]})",
     R"({"type":"message","content":[]})"},
    {Api::OpenAiChat, "/v1/chat/completions",
     R"({"messages":[{"content":[{"type":"text","text":"CANARY"}],"role":"user"}],"model":"m","temperature":1.0})",
     R"({"object":"chat.completion","choices":[]})"},
    {Api::OpenAiResponses, "/v1/responses", R"({"model":"m","input":"CANARY","x":{"y":[ 1, 2.50 ]}})",
     R"({"object":"response","output":[]})"},
    {Api::Gemini, "/v1beta/models/m:generateContent",
     R"({"contents":[{"parts":[{"text":"CANARY"}],"role":"user"}], "generationConfig":{"topP":0.10}})",
     R"({"candidates":[]})"},
    {Api::Ollama, "/api/chat", R"({"model":"m","messages":[{"role":"user","content":"CANARY"}],"stream":false })",
     R"({"model":"m","message":{"role":"assistant","content":""},"done":true})"},
};

/// Where each API's clients look for what went wrong.
std::string faultIn(Api api, const json::value& body, std::string_view message)
{
    const json::value& error = body.at("error");
    if (api == Api::Ollama)
        return error == json::value(json::string(message)) ? "" : "no text";
    if (error.at("message") != json::value(json::string(message)))
        return "another message";
    switch (api) {
    case Api::AnthropicMessages:
        return body.at("type") == "error" && error.at("type") == "invalid_request_error" &&
                       error.at("details").at("code") == "blocked_by_policy"
                   ? ""
                   : "no error of Messages";
    case Api::Gemini:
        return error.at("code") == 400 && error.at("status") == "INVALID_ARGUMENT" ? "" : "no error of Gemini";
    default:
        return error.at("type") == "invalid_request_error" && error.at("code") == "blocked_by_policy"
                   ? ""
                   : "no error of OpenAI";
    }
}
} // namespace

/// What policies say about requests, before anything of them is sent.
class TestRequestVerdicts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_script.request = [](const auto&, auto parts) -> Result<PolicyVerdict> {
            PolicyVerdict verdict;
            for (std::size_t i = 0; i < parts.size(); ++i) {
                if (parts[i].text == "CANARY")
                    verdict = {.verdict = Verdict::Replace, .reason = "Hidden.", .changes = {{i, "a \"b\"\n\u00e9"}}};
                else if (parts[i].text == "EVIL")
                    return PolicyVerdict{.verdict = Verdict::Block, .reason = "It is evil."};
            }
            return verdict;
        };
    }
    void init()
    {
        m_upstream = std::make_unique<ScriptedUpstream>([](const ScriptedRequest& request) {
            const auto asked =
                std::ranges::find_if(kAsked, [&](const Asked& each) { return request.target == each.path; });
            return ScriptedReply{.headers = {{"Content-Type", "application/json"}}, .pieces = {asked->reply}};
        });
        const auto gates = proxy::makePolicyGates(chainOf(m_script, {.id = "p", .mode = PolicyMode::Enforce}));
        m_running =
            std::make_unique<RunningProxy>(m_upstream->baseUrl(), [&gates](auto&, proxy::ProxySnapshot& snapshot) {
                const auto base = snapshot.upstreams.front().baseUrl;
                snapshot.upstreams.push_back({"gemini", base, proxy::ApiFamily::Gemini, {}});
                snapshot.upstreams.push_back({"ollama", base, proxy::ApiFamily::Ollama, {}});
                snapshot.gates = gates;
            });
    }

    void aBlockedRequestIsRefusedInItsApi_data() { addRows(); }
    void aBlockedRequestIsRefusedInItsApi()
    {
        QFETCH(int, row);
        const Asked& asked = kAsked[static_cast<std::size_t>(row)];
        RawClient client(m_running->port);
        for (int i = 0; i < 2; ++i) { // on one connection: it stays good
            client.send(m_running->request(with(asked, "\"EVIL\""), asked.path));
            const auto reply = client.readReply();
            QCOMPARE(reply.status, 400);
            QCOMPARE(reply.header("content-type"), std::string("application/json"));
            QCOMPARE(reply.header("x-should-retry"), std::string("false"));
            const std::string fault = faultIn(asked.api, json::parse(reply.body), "[Request was blocked by policy]");
            QVERIFY2(fault.empty(), (fault + ": " + reply.body).c_str());
        }
        QVERIFY2(m_upstream->requests().empty() && m_upstream->connections() == 0, "nothing reaches the upstream");
        QVERIFY(m_running->recording.waitForEnded(2));
        const RecordedCall call = m_running->recording.calls().front();
        QCOMPARE(call.ended->status, CallStatus::Blocked);
        QCOMPARE(call.decisions.size(), std::size_t(1));
        QCOMPARE(call.decisions[0].decision.verdict, Verdict::Block);
        QCOMPARE(call.decisions[0].decision.reason, std::string("It is evil."));
        QCOMPARE(call.requestBody, with(asked, "\"EVIL\""));
    }

    void aChangedRequestReachesTheUpstreamToTheByte_data() { addRows(); }
    void aChangedRequestReachesTheUpstreamToTheByte()
    {
        QFETCH(int, row);
        const Asked& asked = kAsked[static_cast<std::size_t>(row)];
        RawClient client(m_running->port);
        client.send(m_running->request(asked.body, asked.path));
        const auto reply = client.readReply();
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.body, std::string(asked.reply));
        const auto requests = m_upstream->requests();
        QCOMPARE(requests.size(), std::size_t(1));
        const std::string changed = with(asked, "\"a \\\"b\\\"\\n\u00e9\"");
        QCOMPARE(requests[0].body, changed);
        QCOMPARE(requests[0].header("content-length"), std::to_string(changed.size()));
        QVERIFY(m_running->recording.waitForEnded(1));
        const RecordedCall call = m_running->recording.calls().front();
        QCOMPARE(call.requestBody, std::string(asked.body));
        QCOMPARE(call.sentRequests.size(), std::size_t(1));
        QCOMPARE(call.sentRequests[0].body, changed);
        QVERIFY(call.ended->request.changedBytes > 0);
    }

    void whatIsFineReachesTheUpstreamAsItIs_data() { addRows(); }
    void whatIsFineReachesTheUpstreamAsItIs()
    {
        QFETCH(int, row);
        const Asked& asked = kAsked[static_cast<std::size_t>(row)];
        RawClient client(m_running->port);
        client.send(m_running->request(with(asked, "\"\\u0068ello\""), asked.path));
        QCOMPARE(client.readReply().status, 200);
        QCOMPARE(m_upstream->requests().at(0).body, with(asked, "\"\\u0068ello\""));
        QVERIFY(m_running->recording.waitForEnded(1));
        QCOMPARE(m_running->recording.calls().front().ended->request.changedBytes, std::uint64_t(0));
    }

private:
    static void addRows()
    {
        QTest::addColumn<int>("row");
        for (std::size_t row = 0; row < kAsked.size(); ++row)
            QTest::newRow(std::string(conversation::apiName(kAsked[row].api)).c_str()) << static_cast<int>(row);
    }
    static std::string with(const Asked& asked, const std::string& text)
    {
        std::string body = asked.body;
        return body.replace(body.find("\"CANARY\""), std::string_view("\"CANARY\"").size(), text);
    }

    PolicyScript m_script;
    std::unique_ptr<ScriptedUpstream> m_upstream;
    std::unique_ptr<RunningProxy> m_running;
};

LUTHIEN_TEST(tst_request_verdicts, TestRequestVerdicts)
#include "tst_request_verdicts.moc"
