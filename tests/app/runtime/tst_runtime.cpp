// SPDX-License-Identifier: Apache-2.0
#include "base/private_file.h"
#include "runtime/instance_file.h"
#include "runtime/runtime.h"
#include "support/full_disk.h"
#include "support/raw_client.h"
#include "support/scripted_upstream.h"
#include "support/test_registry.h"

#include <QElapsedTimer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QUrl>

#include <future>
#include <unistd.h>

using namespace luthien;
using namespace luthien::runtime;

namespace {
test::RawClient::Reply ask(const std::string& url, const std::string& head, const std::string& body = {},
                           const std::string& fields = {})
{
    const std::string authority = url.substr(7);
    test::RawClient client(static_cast<std::uint16_t>(std::stoul(authority.substr(authority.find(':') + 1))));
    client.send(head + " HTTP/1.1\r\nHost: " + authority + "\r\nConnection: close\r\n" + fields +
                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.readReply();
}

constexpr const char* kCallingReply =
    R"({"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_canary","type":"function","function":{"name":"wipe_disk","arguments":"{}"}}]}}]})";
} // namespace

class TestRuntime : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void startsAndStops();
    void startsWithoutControlPort();
    void leavesNothingBehindAfterAnError();
    void aPausedProxyTakesNoCallsUntilItIsResumed();
    void offersTheNextFreePort();
    void secondInstanceIsRefused();
    void policiesAreSwappedWhileCallsRun();
    void aDraftCountsForOneRequest();
    void refusesToStartWithAPolicyItCannotRun();
    void whoeverWaitsForAPersonIsToldAtTheEnd();
    void aFullDiskIsToldAndPasses();
    void aDeletedSessionIsToldToEverybody();

private:
    [[nodiscard]] Paths paths() const { return {.dataDirectory = m_directory->path().toStdString()}; }
    [[nodiscard]] static Config config(Program program)
    {
        Config config = defaultConfig(program);
        config.listen.port = 0;
        config.workers = 1;
        if (config.control)
            config.control->port = 0;
        return config;
    }
    std::unique_ptr<QTemporaryDir> m_directory;
};

void TestRuntime::startsAndStops()
{
    Runtime runtime(config(Program::Daemon), paths(), {});
    QVERIFY(!runtime.isRunning());
    const auto started = runtime.start();
    QVERIFY2(started.hasValue(), started ? "" : started.error().toString().c_str());
    QVERIFY(runtime.isRunning());
    QVERIFY(runtime.addresses().proxy.starts_with("http://127.0.0.1:"));
    QCOMPARE(runningInstance(paths())->control, runtime.addresses().control);
    QVERIFY(runtime.openReader().hasValue());
    QCOMPARE(runtime.storeHealth().state, store::StoreState::Ok);
    QVERIFY(runtime.readiness().isReady && runtime.readiness().detail.empty());
    QCOMPARE(runtime.activeCalls(), 0U);

    runtime.beginDrain();
    QVERIFY(runtime.stop(std::chrono::seconds(5)));
    QVERIFY(!runtime.isRunning());
    QVERIFY(!DataDirectoryLock::isHeld(paths()));
    QCOMPARE(runningInstance(paths()).error().code, ErrorCode::NotFound);
    QVERIFY(!runtime.openReader());
}

void TestRuntime::startsWithoutControlPort()
{
    Runtime runtime(config(Program::Desktop), paths(), {});
    QVERIFY(runtime.start().hasValue());
    QVERIFY(!runtime.addresses().control);
    QVERIFY(!std::filesystem::exists(paths().tokenFile()));
}

void TestRuntime::leavesNothingBehindAfterAnError()
{
    Config refused = config(Program::Daemon);
    refused.listen.host = "0.0.0.0";
    Runtime runtime(refused, paths(), {});
    QCOMPARE(runtime.start().error().code, ErrorCode::InvalidArgument);
    QVERIFY(!DataDirectoryLock::isHeld(paths()));
    QVERIFY(Runtime(config(Program::Daemon), paths(), {}).start().hasValue());
}

void TestRuntime::aPausedProxyTakesNoCallsUntilItIsResumed()
{
    Runtime runtime(config(Program::Daemon), paths(), {});
    QVERIFY(runtime.start().hasValue());
    const auto port = static_cast<quint16>(QUrl(QString::fromStdString(runtime.addresses().proxy)).port());
    const auto connects = [port] {
        QTcpSocket agent;
        agent.connectToHost(QHostAddress::LocalHost, port);
        return agent.waitForConnected(5'000);
    };
    runtime.pauseProxy();
    QVERIFY(runtime.isProxyPaused());
    QVERIFY(!connects());
    QCOMPARE(runtime.readiness().state, std::string("paused"));

    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost, port));
    const auto refused = runtime.resumeProxy();
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QVERIFY2(refused.error().message.find("(process " + std::to_string(::getpid())) != std::string::npos,
             refused.error().message.c_str());
    other.close();
    QVERIFY(runtime.resumeProxy());
    QVERIFY(!runtime.isProxyPaused() && runtime.readiness().isReady);
    QVERIFY(connects());
}

void TestRuntime::offersTheNextFreePort()
{
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    Config busy = config(Program::Daemon);
    busy.control->port = taken.serverPort();
    Runtime runtime(busy, paths(), {});
    const auto started = runtime.start();
    QCOMPARE(started.error().code, ErrorCode::Conflict);
    QVERIFY2(started.error().message.find("is free: set control to 127.0.0.1:") != std::string::npos,
             started.error().message.c_str());
    QVERIFY(!DataDirectoryLock::isHeld(paths()));
}

void TestRuntime::secondInstanceIsRefused()
{
    Runtime first(config(Program::Daemon), paths(), {});
    QVERIFY(first.start().hasValue());
    Runtime second(config(Program::Daemon), paths(), {});
    QCOMPARE(second.start().error().code, ErrorCode::Conflict);
    QVERIFY2(runningInstance(paths()).hasValue(), "the loser must not remove the winner's file");
}

/// Three calls' worth of a demonstration: the model's stream is under way when the mode changes.
void TestRuntime::policiesAreSwappedWhileCallsRun()
{
    Config desktop = config(Program::Desktop);
    desktop.upstreams.push_back({.name = "demo", .baseUrl = "http://127.0.0.1:9", .api = proxy::ApiFamily::Other});
    Runtime runtime(desktop, paths(), {});
    QVERIFY(runtime.start().hasValue());
    QCOMPARE(runtime.policies().states().size(), 1U);
    demo::DbDrop drop(runtime.demoRoute());
    std::optional<demo::DbDropOutcome> outcome;
    QObject::connect(&drop, &demo::DbDrop::finished, &drop, [&](const demo::DbDropOutcome& end) { outcome = end; });
    const demo::DbDropOptions options{.directory = paths().dataDirectory / "demo",
                                      .pace = std::chrono::milliseconds(1)};
    drop.start(options);
    QTRY_VERIFY_WITH_TIMEOUT(outcome.has_value(), 30'000);
    QVERIFY2(outcome->isTableGone(), "a shadow changes nothing");

    outcome.reset();
    const auto enforce = QObject::connect(&drop, &demo::DbDrop::progressed, &drop, [&](const auto& progress) {
        if (progress.step != demo::DbDropStep::ToolRan)
            return;
        qint64 fastest = std::numeric_limits<qint64>::max(); // of several: other programs run here too
        for (const auto mode : {policy::PolicyMode::Enforce, policy::PolicyMode::Off, policy::PolicyMode::Enforce}) {
            QElapsedTimer timer;
            timer.start();
            QVERIFY(runtime.policies().setMode("destructive-sql", mode, "test"));
            fastest = std::min(fastest, timer.elapsed());
        }
        QVERIFY2(fastest <= 10, "the target for a policy swap");
    });
    drop.start(options);
    QTRY_VERIFY_WITH_TIMEOUT(outcome.has_value(), 30'000);
    QVERIFY(outcome->isUntouched());
    QVERIFY(outcome->dropAttempt()->wasStopped());
    QVERIFY2(outcome->answer.starts_with("Yes."), "the agent goes on after the block");
    QObject::disconnect(enforce);

    QVERIFY(runtime.stop(std::chrono::seconds(5)));
    QVERIFY2(!runtime.demoRoute().open("http://127.0.0.1:9"), "nothing runs any more");
    Runtime again(desktop, paths(), {});
    QVERIFY(again.start().hasValue());
    QCOMPARE(again.policies().states()[0].definition.mode, policy::PolicyMode::Enforce);
}

/// The chain in force lets the call pass, the draft blocks it; nothing else changes.
void TestRuntime::aDraftCountsForOneRequest()
{
    std::atomic<bool> wasTokenSeen = false;
    const test::ScriptedUpstream upstream([&wasTokenSeen](const test::ScriptedRequest& request) {
        wasTokenSeen = wasTokenSeen || !request.header("x-luthien-trial").empty();
        return test::ScriptedReply{.headers = {{"Content-Type", "application/json"}}, .pieces = {kCallingReply}};
    });
    Config daemon = config(Program::Daemon);
    daemon.upstreams = {{.name = "openai", .baseUrl = upstream.baseUrl(), .api = proxy::ApiFamily::OpenAi}};
    Runtime runtime(daemon, paths(), {});
    QVERIFY(runtime.start().hasValue());
    const auto call = [&](const std::string& fields) {
        return ask(runtime.addresses().proxy, "POST /v1/chat/completions",
                   "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"go\"}]}",
                   fields + "x-session-id: s\r\n");
    };
    const auto isStopped = [](const test::RawClient::Reply& reply) {
        return reply.status == 200 && reply.body.find("was blocked by policy") != std::string::npos;
    };
    const auto token = runtime.tryDraft({.id = "no-wiping",
                                         .type = "tool-rules",
                                         .mode = policy::PolicyMode::Off,
                                         .config = "{\"rules\":[{\"tool\":\"wipe_disk\",\"do\":\"deny\"}]}"});
    QVERIFY2(token.hasValue(), token ? "" : token.error().toString().c_str());
    QVERIFY(!isStopped(call({})));
    const std::string field = "x-luthien-trial: " + *token + "\r\n";
    QVERIFY(isStopped(call(field)));
    QCOMPARE(call(field).status, 403);
    QVERIFY(!isStopped(call({})));
    QVERIFY(!wasTokenSeen);
    QVERIFY(runtime.policies().find("no-wiping") == nullptr);
    QVERIFY(!runtime.tryDraft({.id = "a", .type = "pii"}));
}

void TestRuntime::refusesToStartWithAPolicyItCannotRun()
{
    Config bad = config(Program::Daemon);
    bad.policies.push_back({.definition = {.id = "a", .type = "pii"}, .place = "config.yaml:2"});
    Runtime runtime(bad, paths(), {});
    const auto started = runtime.start();
    QVERIFY2(started.error().toString().starts_with("config.yaml:2: policy 'a': type: "),
             started.error().toString().c_str());
    QCOMPARE(started.error().code, ErrorCode::InvalidArgument);
    QVERIFY(!DataDirectoryLock::isHeld(paths()));
}

/// As when the window is closed: nothing is waited for, but the client reads why.
void TestRuntime::whoeverWaitsForAPersonIsToldAtTheEnd()
{
    const test::ScriptedUpstream upstream([](const test::ScriptedRequest&) {
        return test::ScriptedReply{.headers = {{"Content-Type", "application/json"}}, .pieces = {kCallingReply}};
    });
    Config asking = config(Program::Desktop);
    asking.upstreams = {{.name = "openai", .baseUrl = upstream.baseUrl(), .api = proxy::ApiFamily::OpenAi}};
    policy::Definition ask{.id = "ask", .type = "approval", .mode = policy::PolicyMode::Enforce};
    asking.policies.push_back({.definition = ask, .place = "config.yaml:2"});
    Runtime runtime(asking, paths(), {});
    QVERIFY(runtime.start().hasValue());
    const std::string authority = runtime.addresses().proxy.substr(7);
    auto asked = std::async(std::launch::async, [authority] {
        test::RawClient client(static_cast<std::uint16_t>(std::stoul(authority.substr(authority.find(':') + 1))));
        const std::string body = R"({"model":"m","messages":[{"role":"user","content":"go"}]})";
        client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: " + authority +
                    "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
        return client.readReply();
    });
    QTRY_COMPARE(runtime.approvals().pending().size(), std::size_t(1));

    QElapsedTimer time;
    time.start();
    QVERIFY2(runtime.stop(std::chrono::milliseconds(0)), "the reply was cut off");
    QVERIFY2(time.elapsed() < 2000, qPrintable(QString::number(time.elapsed())));
    const auto reply = asked.get();
    QVERIFY(reply.complete);
    QVERIFY2(reply.body.find("[Tool call `wipe_disk` was blocked by policy]") != std::string::npos, reply.body.c_str());
    QVERIFY2(reply.body.find("call_canary") == std::string::npos, reply.body.c_str());
}

void TestRuntime::aFullDiskIsToldAndPasses()
{
    const test::ScriptedUpstream upstream([](const test::ScriptedRequest&) {
        return test::ScriptedReply{.headers = {{"Content-Type", "application/json"}}, .pieces = {kCallingReply}};
    });
    Config daemon = config(Program::Daemon);
    daemon.upstreams = {{.name = "openai", .baseUrl = upstream.baseUrl(), .api = proxy::ApiFamily::OpenAi}};
    Runtime runtime(daemon, paths(), {});
    QVERIFY(runtime.start().hasValue());
    const auto readyz = [&] { return ask(*runtime.addresses().control, "GET /readyz"); };
    QCOMPARE(readyz().body, std::string("{\"status\":\"ready\"}"));

    const auto call = [&] {
        return ask(runtime.addresses().proxy, "POST /v1/chat/completions",
                   "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"go\"}]}");
    };
    QCOMPARE(call().status, 200); // the worker's journal has its file from now on
    test::full_disk::refuse(paths().dataDirectory.string(), 1, 1'000'000);
    QCOMPARE(call().status, 200);
    QTRY_COMPARE_WITH_TIMEOUT(readyz().status, 503, 20'000);
    QVERIFY2(readyz().body.find("urn:luthien:problem:disk_full") != std::string::npos, readyz().body.c_str());
    QCOMPARE(runtime.storeHealth().state, store::StoreState::DiskFull);

    test::full_disk::free();
    QTRY_COMPARE_WITH_TIMEOUT(readyz().body, std::string("{\"status\":\"ready\"}"), 20'000);
    const auto reader = runtime.openReader();
    const auto recorded = [&] {
        std::int64_t calls = 0;
        const auto page = (*reader)->sessions({}, 10);
        for (const store::SessionRow& session : page->items)
            calls += session.calls;
        return calls;
    };
    QTRY_COMPARE_WITH_TIMEOUT(recorded(), 2, 20'000);
}

void TestRuntime::aDeletedSessionIsToldToEverybody()
{
    const test::ScriptedUpstream upstream([](const test::ScriptedRequest&) {
        return test::ScriptedReply{.headers = {{"Content-Type", "application/json"}}, .pieces = {kCallingReply}};
    });
    Config daemon = config(Program::Daemon);
    daemon.upstreams = {{.name = "openai", .baseUrl = upstream.baseUrl(), .api = proxy::ApiFamily::OpenAi}};
    Runtime runtime(daemon, paths(), {});
    QVERIFY(runtime.start().hasValue());
    QCOMPARE(ask(runtime.addresses().proxy, "POST /v1/chat/completions",
                 "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"go\"}]}")
                 .status,
             200);
    const auto reader = runtime.openReader();
    std::string session;
    const auto isOver = [&] {
        const auto page = (*reader)->sessions({}, 10);
        if (page->items.empty() || page->items[0].status == conversation::CallStatus::Open)
            return false;
        session = page->items[0].id;
        return true;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isOver(), 20'000);

    const auto listener = runtime.hub().subscribe([] {});
    const auto token = loadOrMakeToken(paths().tokenFile());
    const auto deleted = ask(*runtime.addresses().control, "DELETE /api/v1/sessions/" + session, {},
                             "Authorization: Bearer " + *token + "\r\n");
    QVERIFY2(deleted.status == 200, deleted.body.c_str());
    std::vector<std::string> told;
    for (const live::Event& event : listener->drain().events) {
        if (const auto* const commit = std::get_if<live::Committed>(&event))
            told.insert(told.end(), commit->sessions.begin(), commit->sessions.end());
    }
    QCOMPARE(told, std::vector{session});
}

LUTHIEN_TEST(tst_runtime, TestRuntime)
#include "tst_runtime.moc"
