// SPDX-License-Identifier: Apache-2.0
#include "demo/agent.h"
#include "support/scripted_upstream.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

#include <optional>

using namespace luthien;
using namespace luthien::demo;
using luthien::test::ScriptedReply;
using luthien::test::ScriptedRequest;
using luthien::test::ScriptedUpstream;

/// The agent beside models that do what the demo's own never does.
class TestAgent : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void endsWhenTheModelNeverDoes();
    void refusesOtherPrograms();
    void asksBackOnce();

private:
    void talkTo(const std::function<std::string(const ScriptedRequest&)>& model);
    std::vector<ToolOutput> m_outputs;
    std::vector<std::string> m_requests;
    std::optional<Error> m_error;
};

void TestAgent::talkTo(const std::function<std::string(const ScriptedRequest&)>& model)
{
    m_outputs.clear();
    m_error.reset();
    bool isOver = false;
    const ScriptedUpstream upstream([&model](const ScriptedRequest& request) {
        return ScriptedReply{.headers = {{"Content-Type", "application/json"}}, .pieces = {model(request)}};
    });
    QTemporaryDir directory;
    auto shop = Shop::make(directory.path().toStdString());
    Agent agent({.url = upstream.baseUrl(), .clientToken = {}}, {.form = ReplyForm::Whole, .session = "s"}, *shop,
                nullptr);
    connect(&agent, &Agent::ran, this,
            [this](const std::string&, const ToolOutput& output) { m_outputs.push_back(output); });
    connect(&agent, &Agent::finished, this, [&isOver] { isOver = true; });
    connect(&agent, &Agent::failed, this, [&](const Error& error) {
        m_error = error;
        isOver = true;
    });
    agent.start();
    QTRY_VERIFY_WITH_TIMEOUT(isOver, 20'000);
    m_requests.clear();
    for (const ScriptedRequest& request : upstream.requests())
        m_requests.push_back(request.body);
}

void TestAgent::endsWhenTheModelNeverDoes()
{
    talkTo([](const ScriptedRequest&) {
        return messagesFormat().replyBody({.text = "again", .command = "sqlite3 shop.db 'SELECT 1'"}, "m");
    });
    QVERIFY(m_error.has_value());
    QCOMPARE(m_error->code, ErrorCode::TooLarge);
    QVERIFY(m_requests.size() < 20);
}

void TestAgent::refusesOtherPrograms()
{
    talkTo([](const ScriptedRequest& request) {
        const bool isFirst = request.body.find("tool_result") == std::string::npos;
        return messagesFormat().replyBody(
            {.text = "hm", .command = isFirst ? std::optional<std::string>("touch /tmp/x") : std::nullopt}, "m");
    });
    QVERIFY(!m_error);
    QCOMPARE(m_outputs.size(), 1U);
    QVERIFY(m_outputs[0].isError);
    QCOMPARE(m_outputs[0].text, std::string("touch: command not found"));
}

void TestAgent::asksBackOnce()
{
    talkTo([](const ScriptedRequest&) { return messagesFormat().replyBody({.text = "Hello", .command = {}}, "m"); });
    QVERIFY(!m_error);
    QCOMPARE(m_requests.size(), 2U);
    QVERIFY(m_requests[0].find(kQuestion) == std::string::npos);
    QVERIFY(m_requests[1].find(kQuestion) != std::string::npos);
}

LUTHIEN_TEST(tst_agent, TestAgent)
#include "tst_agent.moc"
