// SPDX-License-Identifier: Apache-2.0
#include "conversation/response.h"
#include "core/control/control_fixture.h"
#include "support/descriptor_shortage.h"
#include "support/test_registry.h"

#include <QLocalSocket>
#include <QTemporaryDir>

#include <boost/json.hpp>

#include <sys/stat.h>

using namespace luthien;
using namespace luthien::test;

class TestControlServer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answersEveryRoute();
    void acceptingGoesOnAfterAShortageOfDescriptors();
    void setsAPolicysMode();
    void appliesDefinitions();
    void changesAndDeletesASession();
    void answersApprovals();
    void refusesAnEditThatDoesNotFitTheTool();
    void aStaleAnswerAnswersNothing_data();
    void aStaleAnswerAnswersNothing();
    void triesARuleOnThePast();
    void previewsDoNotHoldUpOthers();
    void programsOfThisUserNeedNoToken();
    void thePortCanBeOff();
    void refusesWhatIsNoMode_data();
    void refusesWhatIsNoMode();
    void tellsWhyItIsNotReady();
    void everyAnswerIsHardened_data();
    void everyAnswerIsHardened();
    void strangersLearnNothing_data();
    void strangersLearnNothing();
    void limitsTheRate();
    void limitsConnections();
};

void TestControlServer::answersEveryRoute()
{
    ControlFixture fixture;
    const SampleCall call;
    fixture.store.add(call);
    QVERIFY(fixture.store.flush());
    ControlClient client(fixture.port);
    QCOMPARE(bodyOf(client.ask(fixture.get("/healthz"))), R"({"status":"ok"})");
    QCOMPARE(bodyOf(client.ask(fixture.get("/readyz"))), R"({"status":"ready"})");

    const auto sessions = boost::json::parse(bodyOf(client.ask(fixture.get("/api/v1/sessions"))));
    QCOMPARE(sessions.at("items").at(0).at("id").as_string(), "sess-1");
    QVERIFY(sessions.at("next").is_null());
    const auto session = boost::json::parse(bodyOf(client.ask(fixture.get("/api/v1/sessions/sess-1"))));
    QCOMPARE(session.at("calls").as_int64(), 1);
    const auto calls = boost::json::parse(bodyOf(client.ask(fixture.get("/api/v1/sessions/sess-1/calls"))));
    QCOMPARE(calls.at("items").at(0).at("id").as_string(), call.id.toString());
    const std::string path = "/api/v1/calls/" + call.id.toString();
    const auto row = boost::json::parse(bodyOf(client.ask(fixture.get(path))));
    QCOMPARE(row.at("status").as_string(), "completed");
    const auto events = boost::json::parse(bodyOf(client.ask(fixture.get(path + "/events"))));
    QCOMPARE(events.at("items").as_array().size(), 4U);
    QCOMPARE(statusOf(client.ask(fixture.get("/api/v1/sessions/none"))), 404);
}

void TestControlServer::setsAPolicysMode()
{
    const ControlFixture fixture;
    ControlClient client(fixture.port);
    const auto set = boost::json::parse(bodyOf(client.ask(fixture.get("/api/v1/policies"))));
    QCOMPARE(set.at("version").as_string(), "v1");
    QCOMPARE(set.at("items").as_array().size(), 1U);
    QCOMPARE(set.at("items").at(0).at("id").as_string(), "sql");
    QCOMPARE(set.at("items").at(0).at("source").as_string(), "file");
    for (const char* mode : {"enforce", "off", "shadow"}) {
        const std::string answer =
            client.ask(fixture.patch("/api/v1/policies/sql", R"({"mode":")" + std::string(mode) + "\"}"));
        QCOMPARE(statusOf(answer), 200);
        QCOMPARE(boost::json::parse(bodyOf(answer)).at("mode").as_string(), mode);
    }
    QCOMPARE(statusOf(client.ask(fixture.patch("/api/v1/policies/other", R"({"mode":"off"})"))), 404);
    QCOMPARE(statusOf(client.ask(fixture.get("/healthz"))), 200); // the connection goes on
}

void TestControlServer::appliesDefinitions()
{
    const ControlFixture fixture;
    ControlClient client(fixture.port);
    const auto put = [&](const std::string& body) { return client.ask(fixture.put("/api/v1/policies", body)); };
    const std::string one = R"({"policies":[{"id":"n","type":"noop"}],"if_version":)";
    const std::string applied = put(one + "\"v1\"}");
    QCOMPARE(statusOf(applied), 200);
    QCOMPARE(boost::json::parse(bodyOf(applied)).at("version").as_string(), "v2");
    QCOMPARE(boost::json::parse(bodyOf(applied)).at("items").at(0).at("id").as_string(), "n");
    QCOMPARE(statusOf(put(one + "\"v0\"}")), 409);
    const std::string wrong = put(R"({"policies":[{"id":"n"}]})");
    QCOMPARE(statusOf(wrong), 400);
    QVERIFY2(wrong.find("policies[0].type") != std::string::npos, wrong.c_str());
}

void TestControlServer::changesAndDeletesASession()
{
    ControlFixture fixture;
    fixture.store.add(SampleCall());
    QVERIFY(fixture.store.flush());
    ControlClient client(fixture.port);
    const std::string target = "/api/v1/sessions/sess-1";
    const std::string marked = client.ask(fixture.patch(target, R"({"pinned":true,"note":"look again"})"));
    QCOMPARE(statusOf(marked), 200);
    QCOMPARE(boost::json::parse(bodyOf(marked)).at("pinned"), boost::json::value(true));
    QCOMPARE(boost::json::parse(bodyOf(marked)).at("note").as_string(), "look again");
    QVERIFY(boost::json::parse(bodyOf(marked)).at("label").is_null());
    for (const char* wrong : {"{}", "[]", R"({"pinned":1})", R"({"calls":0})"})
        QCOMPARE(statusOf(client.ask(fixture.patch(target, wrong))), 400);
    QCOMPARE(statusOf(client.ask(fixture.patch(target, "{\"label\":\"" + std::string(201, 'x') + "\"}"))), 413);
    QCOMPARE(statusOf(client.ask(fixture.patch("/api/v1/sessions/nobody", R"({"pinned":true})"))), 404);

    QCOMPARE(statusOf(client.ask(fixture.withBody("DELETE", target, "", ""))), 200);
    QCOMPARE(statusOf(client.ask(fixture.get(target))), 404);
    QCOMPARE(statusOf(client.ask(fixture.withBody("DELETE", target, "", ""))), 404);
}

void TestControlServer::answersApprovals()
{
    ControlFixture fixture;
    ControlClient client(fixture.port);
    const auto items = [&](const char* path) {
        return boost::json::parse(bodyOf(client.ask(fixture.get(path)))).at("items").as_array();
    };
    const auto asked = fixture.approvals.ask(
        {.call = CallId::make({}), .session = "s", .tool = "Bash", .arguments = R"({"command":"ls"})", .policyId = "p"},
        [] {});
    QVERIFY(asked);
    const auto pending = items("/api/v1/approvals");
    QCOMPARE(pending.size(), 1U);
    QCOMPARE(pending.at(0).at("tool").as_string(), "Bash");
    const std::string path = "/api/v1/approvals/" + (*asked)->id().toString();
    QCOMPARE(statusOf(client.ask(fixture.post(path, R"({"answer":"perhaps"})"))), 400);
    QVERIFY(!(*asked)->outcome());
    QCOMPARE(statusOf(client.ask(fixture.post(path, R"({"answer":"allow","scope":"tool","for":"always"})"))), 200);
    QCOMPARE((*asked)->outcome()->verb, policy::ApprovalVerb::Allow);
    QCOMPARE(statusOf(client.ask(fixture.post(path, R"({"answer":"deny"})"))), 409);
    QCOMPARE(
        statusOf(client.ask(fixture.post("/api/v1/approvals/" + CallId::make({}).toString(), R"({"answer":"deny"})"))),
        404);
    QVERIFY(items("/api/v1/approvals").empty());

    const auto rules = items("/api/v1/approval-rules");
    QCOMPARE(rules.size(), 1U);
    const std::string rule = "/api/v1/approval-rules/" + boost::json::value_to<std::string>(rules.at(0).at("id"));
    QCOMPARE(statusOf(client.ask(fixture.withBody("DELETE", rule, "", ""))), 200);
    QCOMPARE(statusOf(client.ask(fixture.withBody("DELETE", rule, "", ""))), 404);
    QVERIFY(items("/api/v1/approval-rules").empty());
}

namespace {
policy::ApprovalQuestion bashQuestion(const std::string& command)
{
    return {.call = CallId::make({}),
            .session = "sess-1",
            .tool = "Bash",
            .arguments = R"({"command":")" + command + R"("})",
            .policyId = "p"};
}
} // namespace

void TestControlServer::refusesAnEditThatDoesNotFitTheTool()
{
    ControlFixture fixture;
    ControlClient client(fixture.port);
    policy::ApprovalQuestion question = bashQuestion("rm x");
    question.toolSchema = "{\"properties\":{\"command\":{\"type\":\"string\"}}}";
    const auto asked = *fixture.approvals.ask(question, [] {});
    const std::string path = "/api/v1/approvals/" + asked->id().toString();
    const auto edit = [&](const std::string& command) {
        return client.ask(fixture.post(path, "{\"answer\":\"edit\",\"arguments\":{\"command\":" + command + "}}"));
    };
    const std::string refused = edit("7");
    QCOMPARE(statusOf(refused), 400);
    QVERIFY2(refused.find("The tool cannot be called with these") != std::string::npos, refused.c_str());
    QVERIFY(!asked->outcome());
    QCOMPARE(statusOf(edit("\"ls\"")), 200);
    QVERIFY(asked->outcome()->verb == policy::ApprovalVerb::Edit);
}

void TestControlServer::aStaleAnswerAnswersNothing_data()
{
    QTest::addColumn<std::string>("fate");
    QTest::newRow("the question was answered") << std::string("answered");
    QTest::newRow("nobody answered in time") << std::string("late");
    QTest::newRow("the client has gone") << std::string("gone");
}

void TestControlServer::aStaleAnswerAnswersNothing()
{
    QFETCH(std::string, fate);
    ControlFixture fixture;
    ControlClient client(fixture.port);
    auto stale = *fixture.approvals.ask(bashQuestion("ls"), [] {}, std::chrono::milliseconds(fate == "late" ? 1 : 0));
    const std::string path = "/api/v1/approvals/" + stale->id().toString();
    if (fate == "answered")
        QCOMPARE(statusOf(client.ask(fixture.post(path, R"({"answer":"deny"})"))), 200);
    if (fate == "late")
        QTRY_VERIFY(stale->outcome());
    if (fate == "gone")
        stale.reset();

    // The next one looks the same, but for what counts.
    const auto next = *fixture.approvals.ask(bashQuestion("rm -rf /"), [] {});
    const std::string wide = R"({"answer":"allow","scope":"tool","for":"always"})";
    QCOMPARE(statusOf(client.ask(fixture.post(path, wide))), 409);
    QVERIFY(!next->outcome());
    QVERIFY(fixture.approvals.rules().empty());
    QCOMPARE(fixture.approvals.pending().size(), std::size_t(1));
}

void TestControlServer::triesARuleOnThePast()
{
    ControlFixture fixture;
    conversation::Response reply;
    for (const char* command : {"git status", "git push", "ls"})
        reply.blocks.push_back({.kind = conversation::BlockKind::ToolUse,
                                .id = "t",
                                .name = "Bash",
                                .text = std::string(R"({"command":")") + command + R"("})"});
    fixture.store.add({.reply = toJson(reply)});
    QVERIFY(fixture.store.flush());
    const auto asked = *fixture.approvals.ask(bashQuestion("git status -s"), [] {});
    ControlClient client(fixture.port);
    const std::string path = "/api/v1/approvals/" + asked->id().toString() + "/preview";
    const auto preview = [&](const std::string& body) {
        return boost::json::parse(bodyOf(client.ask(fixture.post(path, body))));
    };
    const std::string since = R"("since":"2020-01-01T00:00:00.000000Z"})";
    const auto alike = preview(R"({"scope":"pattern",)" + since);
    QCOMPARE(alike.at("tool_calls").as_int64(), 3);
    QCOMPARE(alike.at("matched").as_int64(), 1); // of the pattern that is suggested first
    QCOMPARE(alike.at("newest").at(0).at("arguments").as_string(), reply.blocks[0].text);
    QCOMPARE(alike.at("rule").at("scope").as_string(), "pattern");
    QCOMPARE(preview(R"({"scope":"tool",)" + since).at("matched").as_int64(), 3);
    QCOMPARE(preview(R"({"scope":"call",)" + since).at("matched").as_int64(), 0);
    QVERIFY2(!asked->outcome() && fixture.approvals.rules().empty(), "a preview answers nothing");

    QCOMPARE(statusOf(client.ask(fixture.post(path, R"({"scope":"pattern","pattern":{"glob":"nothing like it"}})"))),
             400);
    QCOMPARE(statusOf(client.ask(fixture.withBody("POST", path, R"({"scope":"tool"})", ""))), 415);
    QVERIFY(fixture.approvals.answer(asked->id(), {.verb = policy::ApprovalVerb::Allow,
                                                   .scope = policy::ApprovalScope::Session,
                                                   .duration = policy::ApprovalDuration::Hour1}));
    QCOMPARE(statusOf(client.ask(fixture.post(path, R"({"scope":"tool"})"))), 409);
    const std::string rule = "/api/v1/approval-rules/" + fixture.approvals.rules().front().id.toString() + "/preview";
    QCOMPARE(boost::json::parse(bodyOf(client.ask(fixture.get(rule)))).at("rule").at("scope").as_string(), "session");
    QCOMPARE(statusOf(client.ask(fixture.get("/api/v1/approval-rules/" + CallId::make({}).toString() + "/preview"))),
             404);
}

void TestControlServer::previewsDoNotHoldUpOthers()
{
    ControlFixture fixture;
    for (int i = 0; i < 3; ++i)
        fixture.store.add({.id = CallId::make(fromMicros(i)), .reply = R"({"blocks":[]})"});
    QVERIFY(fixture.store.flush());
    const auto asked = *fixture.approvals.ask(bashQuestion("ls"), [] {});
    const std::string request =
        fixture.post("/api/v1/approvals/" + asked->id().toString() + "/preview", R"({"scope":"tool"})");
    std::vector<std::unique_ptr<ControlClient>> clients;
    for (int i = 0; i < 8; ++i) {
        clients.push_back(std::make_unique<ControlClient>(fixture.port));
        clients.back()->send(request);
    }
    ControlClient other(fixture.port);
    QCOMPARE(statusOf(other.ask(fixture.get("/api/v1/sessions"))), 200);
    clients.back().reset(); // gives up
    int answered = 0;
    for (const auto& client : clients) {
        if (!client)
            continue;
        const int status = statusOf(client->answer());
        QVERIFY(status == 200 || status == 503); // too many wait
        answered += status == 200 ? 1 : 0;
    }
    QVERIFY(answered >= 1);
}

void TestControlServer::programsOfThisUserNeedNoToken()
{
    const QTemporaryDir directory;
    const std::string path = directory.filePath(QStringLiteral("control.sock")).toStdString();
    const ControlFixture fixture([&path](control::ControlConfig& config) { config.socketPath = path; });
    struct stat status{};
    QCOMPARE(::stat(path.c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);
    QLocalSocket socket;
    socket.connectToServer(QString::fromStdString(path));
    QVERIFY(socket.waitForConnected());
    for (int i = 0; i < 2; ++i) { // the connection goes on
        socket.write("GET /api/v1/policies HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QByteArray answer;
        while (!answer.contains("\"next\":null}") && socket.waitForReadyRead())
            answer += socket.readAll();
        QVERIFY2(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer.constData());
    }
}

void TestControlServer::thePortCanBeOff()
{
    const QTemporaryDir directory;
    const std::string path = directory.filePath(QStringLiteral("control.sock")).toStdString();
    const ControlFixture fixture([&path](control::ControlConfig& config) {
        config.host.clear();
        config.socketPath = path;
    });
    QCOMPARE(fixture.port, std::uint16_t{0});
    QLocalSocket socket;
    socket.connectToServer(QString::fromStdString(path));
    QVERIFY(socket.waitForConnected());
}

void TestControlServer::refusesWhatIsNoMode_data()
{
    QTest::addColumn<std::string>("body");
    QTest::addColumn<std::string>("fields");
    QTest::addColumn<int>("status");
    const std::string json = "Content-Type: application/json\r\n";
    const auto row = [](const char* name, const std::string& body, const std::string& fields, int status) {
        QTest::newRow(name) << body << fields << status;
    };
    row("JSON with a charset is fine", R"({"mode":"off"})", "Content-Type: Application/JSON ; charset=utf-8\r\n", 200);
    row("a body after a question is fine", R"({"mode":"off"})", json + "Expect: 100-continue\r\n", 100);
    row("another mode", R"({"mode":"on"})", json, 400);
    row("a mode that is no text", R"({"mode":1})", json, 400);
    row("two modes", R"({"mode":"off","mode":"enforce"})", json, 400);
    row("more than a mode", R"({"mode":"off","id":"x"})", json, 400);
    row("no object", R"("off")", json, 400);
    row("no JSON", "mode=off", json, 400);
    row("nothing", "", json, 400);
    row("a form of a page", "mode=off", "Content-Type: application/x-www-form-urlencoded\r\n", 415);
    row("no type", R"({"mode":"off"})", "", 415);
    row("a page", R"({"mode":"off"})", json + "Origin: http://evil.example\r\n", 403);
}

void TestControlServer::refusesWhatIsNoMode()
{
    QFETCH(std::string, body);
    QFETCH(std::string, fields);
    QFETCH(int, status);
    const ControlFixture fixture;
    ControlClient client(fixture.port);
    QCOMPARE(statusOf(client.ask(fixture.patch("/api/v1/policies/sql", body, fields))), status);
}

void TestControlServer::tellsWhyItIsNotReady()
{
    ControlFixture fixture;
    fixture.readiness = {.isReady = false, .state = "disk_full", .detail = "The disk is full."};
    ControlClient client(fixture.port);
    const std::string answer = client.ask(fixture.get("/readyz"));
    QCOMPARE(statusOf(answer), 503);
    QVERIFY(bodyOf(answer).find("urn:luthien:problem:disk_full") != std::string::npos);
    QVERIFY(bodyOf(answer).find("The disk is full.") != std::string::npos);
    fixture.readiness = {.state = "database_unavailable", .detail = "The database cannot be written."};
    const std::string degraded = client.ask(fixture.get("/readyz"));
    QCOMPARE(statusOf(degraded), 200);
    QCOMPARE(bodyOf(degraded),
             R"({"status":"degraded","state":"database_unavailable","detail":"The database cannot be written."})");
    QCOMPARE(statusOf(client.ask(fixture.get("/healthz"))), 200);
}

void TestControlServer::everyAnswerIsHardened_data()
{
    QTest::addColumn<std::string>("target");
    QTest::addColumn<int>("status");
    QTest::newRow("an answer") << std::string("/api/v1/sessions") << 200;
    QTest::newRow("an error") << std::string("/nothing") << 404;
    QTest::newRow("the stream") << std::string("/api/v1/events") << 200;
}

void TestControlServer::everyAnswerIsHardened()
{
    QFETCH(std::string, target);
    QFETCH(int, status);
    const ControlFixture fixture;
    ControlClient client(fixture.port);
    const std::string answer = client.ask(fixture.get(target));
    QCOMPARE(statusOf(answer), status);
    for (const char* field : {"Content-Security-Policy: default-src 'none'", "X-Content-Type-Options: nosniff\r\n",
                              "Cache-Control: no-store\r\n"})
        QVERIFY2(answer.find(field) != std::string::npos, field);
    QVERIFY(answer.find("Access-Control-") == std::string::npos);
    if (status != 200)
        QVERIFY(answer.find("Content-Type: application/problem+json\r\n") != std::string::npos);
}

void TestControlServer::strangersLearnNothing_data()
{
    QTest::addColumn<std::string>("request");
    QTest::addColumn<int>("status");
    const std::string ours = "Host: 127.0.0.1:PORT\r\n";
    const std::string token = std::string("Authorization: Bearer ") + ControlFixture::kToken + "\r\n";
    const auto row = [](const char* name, const std::string& request, int status) {
        QTest::newRow(name) << request << status;
    };
    row("health needs no token", "GET /healthz HTTP/1.1\r\n" + ours + "\r\n", 200);
    row("a rebound name gets no health", "GET /healthz HTTP/1.1\r\nHost: evil.example:PORT\r\n\r\n", 421);
    row("no token", "GET /api/v1/sessions HTTP/1.1\r\n" + ours + "\r\n", 401);
    row("no token, no path", "GET /nothing HTTP/1.1\r\n" + ours + "\r\n", 401);
    row("no token, no method", "POST /api/v1/sessions HTTP/1.1\r\n" + ours + "Content-Length: 0\r\n\r\n", 401);
    row("a page with the token", "GET /api/v1/sessions HTTP/1.1\r\n" + ours + token + "Origin: http://a\r\n\r\n", 403);
    row("a preflight", "OPTIONS /api/v1/sessions HTTP/1.1\r\n" + ours + "Origin: http://a\r\n\r\n", 403);
    row("the method is not allowed", "DELETE /api/v1/sessions HTTP/1.1\r\n" + ours + token + "\r\n", 405);
    row("another server's path", "GET http://evil.example/healthz HTTP/1.1\r\n" + ours + "\r\n", 400);
}

void TestControlServer::strangersLearnNothing()
{
    QFETCH(std::string, request);
    QFETCH(int, status);
    const ControlFixture fixture;
    for (std::size_t at = request.find("PORT"); at != std::string::npos; at = request.find("PORT"))
        request.replace(at, 4, std::to_string(fixture.port));
    ControlClient client(fixture.port);
    const std::string answer = client.ask(request);
    QCOMPARE(statusOf(answer), status);
    QCOMPARE(answer.find("Allow: GET\r\n") != std::string::npos, status == 405);
    QCOMPARE(answer.find("WWW-Authenticate: Bearer\r\n") != std::string::npos, status == 401);
}

void TestControlServer::limitsTheRate()
{
    const ControlFixture fixture(
        [](control::ControlConfig& config) { config.requests = {.perSecond = 0.001, .burst = 3}; });
    ControlClient client(fixture.port);
    for (int asked = 0; asked < 3; ++asked)
        QCOMPARE(statusOf(client.ask(fixture.get("/healthz"))), 200);
    const std::string answer = client.ask(fixture.get("/healthz"));
    QCOMPARE(statusOf(answer), 429);
    QVERIFY(answer.find("Retry-After: 1\r\n") != std::string::npos);
}

void TestControlServer::limitsConnections()
{
    const ControlFixture fixture([](control::ControlConfig& config) { config.connections = 2; });
    ControlClient first(fixture.port);
    ControlClient second(fixture.port);
    QCOMPARE(statusOf(first.ask(fixture.get("/healthz"))), 200);
    QCOMPARE(statusOf(second.ask(fixture.get("/healthz"))), 200);
    ControlClient third(fixture.port);
    QVERIFY(third.waitForClosed());
    QCOMPARE(statusOf(first.ask(fixture.get("/healthz"))), 200);
}

void TestControlServer::acceptingGoesOnAfterAShortageOfDescriptors()
{
    const ControlFixture fixture;
    ControlClient earlier(fixture.port); // a thread that is still starting would need descriptors of its own
    QCOMPARE(statusOf(earlier.ask(fixture.get("/healthz"))), 200);
    QTcpSocket client;
    QVERIFY(client.bind(QHostAddress::LocalHost)); // has its descriptor already
    {
        const DescriptorShortage shortage;
        client.connectToHost(QHostAddress::LocalHost, fixture.port);
        QTRY_COMPARE(client.state(), QAbstractSocket::ConnectedState);
        QCOMPARE(statusOf(earlier.ask(fixture.get("/healthz"))), 200); // who is in is served all the same
    }
    client.write(QByteArray::fromStdString(fixture.get("/healthz")));
    QTRY_VERIFY(client.bytesAvailable() > 0);
    QVERIFY(client.readAll().startsWith("HTTP/1.1 200 "));
}

LUTHIEN_TEST(tst_control_server, TestControlServer)
#include "tst_control_server.moc"
