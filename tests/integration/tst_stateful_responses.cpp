// SPDX-License-Identifier: Apache-2.0
#include "runtime/runtime.h"
#include "support/raw_client.h"
#include "support/stateful_responses.h"
#include "support/test_registry.h"

#include <QObject>
#include <QTemporaryDir>

#include <boost/json.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

using namespace luthien;
using namespace luthien::test;
using conversation::OnBlock;
using policy::PolicyMode;

namespace {
namespace json = boost::json;

/// Asks for two calls, and is content as soon as it has been given the output of one.
ModelReply twoCallsFirst(const json::array& history)
{
    const bool isAnswered = std::ranges::any_of(history, [](const json::value& item) {
        const json::value* type = item.as_object().if_contains("type");
        return type && std::string_view(type->as_string()).ends_with("_output");
    });
    if (isAnswered)
        return {.text = "All is well.", .calls = {}};
    return {.text = "Both.",
            .calls = {{.name = "drop_table", .arguments = "{}"}, {.name = "read_file", .arguments = "{}"}}};
}

/// The reply's response object, whole or from the end of its stream.
json::object responseIn(const std::string& body)
{
    constexpr std::string_view last = "event: response.completed\ndata: ";
    const std::size_t at = body.rfind(last);
    if (at == std::string::npos)
        return json::parse(body).as_object();
    const std::size_t from = at + last.size();
    return json::parse(body.substr(from, body.find('\n', from) - from)).at("response").as_object();
}

/// What an agent sends back for the calls it was given.
json::array outputsFor(const json::object& response)
{
    json::array outputs;
    for (const json::value& item : response.at("output").as_array()) {
        if (item.at("type") == "function_call")
            outputs.push_back({{"type", "function_call_output"}, {"call_id", item.at("call_id")}, {"output", "Fine."}});
    }
    return outputs;
}

json::object message(const char* text)
{
    return {{"type", "message"}, {"role", "user"}, {"content", text}};
}

bool isRefused(const std::string& output)
{
    return output.find("blocked by policy") != std::string::npos || output.find("was not run") != std::string::npos;
}
} // namespace

/// A provider that keeps replies, and an agent that goes on from one in which a call was blocked: everything that both
/// programs are made of, over real sockets.
class TestStatefulResponses : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        m_provider = std::make_unique<StatefulResponses>(twoCallsFirst);
        m_upstream = std::make_unique<ScriptedUpstream>(
            [this](const ScriptedRequest& request) { return m_provider->answer(request); });
    }
    void cleanup()
    {
        m_runtime.reset();
        m_upstream.reset();
    }

    void whoGoesOnFromABlockedCallIsAnswered_data()
    {
        QTest::addColumn<int>("onBlock");
        QTest::addColumn<bool>("stream");
        QTest::addColumn<bool>("inConversation");
        QTest::addColumn<QByteArray>("since");
        for (const OnBlock onBlock : {OnBlock::Replace, OnBlock::End}) {
            for (const bool stream : {true, false}) {
                for (const bool inConversation : {true, false}) {
                    for (const char* since : {"nothing", "restart", "policy off", "policy off, restart"})
                        QTest::addRow("%s, %s, %s, since then: %s", onBlock == OnBlock::End ? "end" : "replace",
                                      stream ? "a stream" : "a body",
                                      inConversation ? "in a conversation" : "by the reply's id", since)
                            << static_cast<int>(onBlock) << stream << inConversation << QByteArray(since);
                }
            }
        }
    }
    void whoGoesOnFromABlockedCallIsAnswered()
    {
        QFETCH(int, onBlock);
        QFETCH(bool, stream);
        QFETCH(bool, inConversation);
        QFETCH(QByteArray, since);
        start(static_cast<OnBlock>(onBlock));
        const json::object asked = ask(stream, inConversation, {}, {message("go")});
        const json::array outputs = outputsFor(asked);
        QCOMPARE(outputs.size(), std::size_t(static_cast<OnBlock>(onBlock) == OnBlock::End ? 0 : 1));
        if (since.startsWith("policy off"))
            QVERIFY(m_runtime->policies().setMode("rules", PolicyMode::Off, "test"));
        if (since.endsWith("restart"))
            start(static_cast<OnBlock>(onBlock));

        std::string previous(asked.at("id").as_string());
        json::array input = outputs;
        for (const char* said : {"and now?", "really?"}) { // what it was told once, it is not told again
            input.push_back(message(said));
            const json::object answer = ask(stream, inConversation, previous, std::exchange(input, {}));
            QCOMPARE(m_provider->refusals(), std::vector<std::string>());
            QCOMPARE(std::string(answer.at("output").at(0).at("content").at(0).at("text").as_string()),
                     std::string("All is well."));
            previous = answer.at("id").as_string();
        }
        const json::array kept = m_provider->kept(inConversation ? "conv_1" : previous);
        std::size_t calls = 0;
        std::size_t told = 0;
        for (const json::value& item : kept) {
            calls += item.at("type") == "function_call" ? 1 : 0;
            told += item.at("type") == "function_call_output" && isRefused(std::string(item.at("output").as_string()))
                        ? 1
                        : 0;
        }
        QCOMPARE(calls, std::size_t(2));
        QCOMPARE(told + outputs.size(), calls);
    }

    /// Or the rows above would show nothing.
    void theProviderRefusesWhoBringsNoOutput()
    {
        start(OnBlock::End);
        const json::object asked = ask(false, false, {}, {message("go")});
        RawClient direct(m_upstream->port());
        const std::string body = json::serialize(
            json::object{{"model", "m"}, {"previous_response_id", asked.at("id")}, {"input", {message("and now?")}}});
        direct.send("POST /v1/responses HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n\r\n" + body);
        QCOMPARE(direct.readReply().status, 400);
        QCOMPARE(m_provider->refusals().size(), std::size_t(1));
    }

private:
    /// Once more with the same data directory if something runs.
    void start(OnBlock onBlock)
    {
        if (m_runtime)
            QVERIFY(m_runtime->stop(std::chrono::seconds(5)));
        m_runtime.reset();
        runtime::Config config = runtime::defaultConfig(runtime::Program::Daemon);
        config.listen.port = 0;
        config.workers = 1;
        config.control.reset();
        config.upstreams = {{.name = "openai", .baseUrl = m_upstream->baseUrl(), .api = proxy::ApiFamily::OpenAi}};
        config.policies.push_back({.definition = {.id = "rules",
                                                  .type = "tool-rules",
                                                  .mode = PolicyMode::Enforce,
                                                  .config = R"({"rules":[{"tool":"drop_*","do":"deny"}]})",
                                                  .onBlock = onBlock},
                                   .place = "config.yaml:1"});
        m_runtime = std::make_unique<runtime::Runtime>(
            std::move(config), runtime::Paths{.dataDirectory = m_directory->path().toStdString()},
            runtime::Variables());
        const auto started = m_runtime->start();
        QVERIFY2(started.hasValue(), started ? "" : started.error().toString().c_str());
    }

    json::object ask(bool stream, bool inConversation, const std::string& previous, json::array input)
    {
        json::object request{{"model", "m"}, {"stream", stream}, {"input", std::move(input)}};
        if (inConversation)
            request["conversation"] = {{"id", "conv_1"}};
        else if (!previous.empty())
            request["previous_response_id"] = previous;
        const std::string body = json::serialize(request);
        const std::string& url = m_runtime->addresses().proxy;
        const std::string port = url.substr(url.rfind(':') + 1);
        RawClient client(static_cast<std::uint16_t>(std::stoul(port)));
        client.send("POST /v1/responses HTTP/1.1\r\nHost: 127.0.0.1:" + port +
                    "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
        const auto reply = client.readReply();
        return reply.status == 200 ? responseIn(reply.body)
                                   : json::object{{"id", reply.body}, {"output", json::array()}};
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<StatefulResponses> m_provider;
    std::unique_ptr<ScriptedUpstream> m_upstream;
    std::unique_ptr<runtime::Runtime> m_runtime;
};

LUTHIEN_TEST(tst_stateful_responses, TestStatefulResponses)
#include "tst_stateful_responses.moc"
