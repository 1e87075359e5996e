// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/daemon_fixture.h"
#include "base/sha256.h"
#include "support/test_registry.h"

#include <QTcpServer>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace luthien;
using namespace luthien::test;
namespace json = boost::json;

namespace {
/// The value of "json", the last member of an event's line, exactly as it stands there.
std::string rawJson(const std::string& line)
{
    constexpr std::string_view kMember = ",\"json\":";
    const std::size_t begin = line.find(kMember) + kMember.size();
    return line.substr(begin, line.size() - 1 - begin);
}
} // namespace

/// The program as users run it.
class TestLuthiend : public DaemonFixture
{
    Q_OBJECT
private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }
    void recordsACallFromEndToEnd();
    void losesNothingWhenKilled();
    void endsWithZeroOnSignals_data();
    void endsWithZeroOnSignals();
    void refusesInOneLine_data();
    void refusesInOneLine();
    void saysWhoHoldsTheDirectory();
    void offersAFreePort();
    void printsHelpAndVersion();
    void listsAndSetsPolicies();
    void appliesPoliciesFromAFile_data();
    void appliesPoliciesFromAFile();
    void applyingKeepsWhatWasSet_data();
    void applyingKeepsWhatWasSet();
    void checksLinesAgainstAPolicy();
    void backtestsAPolicyOverWhatWasRecorded();
    void aPolicyGoesBackToWhatItWas();
    void runsAProgramThroughTheProxy_data();
    void runsAProgramThroughTheProxy();
};

void TestLuthiend::recordsACallFromEndToEnd()
{
    QVERIFY(serve());
    const std::string data = path("data");
    QCOMPARE(m_ready.at("event").as_string(), "ready");
    QCOMPARE(m_ready.at("data_dir").as_string(), data);
    QCOMPARE(m_ready.at("token_file").as_string(), data + "/control-token");
    QVERIFY(streamACall().find("[DONE]") != std::string::npos);
    QTRY_VERIFY_WITH_TIMEOUT(api("/api/v1/sessions").find(R"("status":"completed")") != std::string::npos, 10'000);

    const Outcome listed = run({QStringLiteral("sessions"), QStringLiteral("--json")});
    QCOMPARE(listed.code, 0);
    const auto session = json::parse(listed.out).as_object();
    QCOMPARE(session.at("calls").as_int64(), 1);
    QCOMPARE(session.at("preview").as_string(), "Say hello");
    const std::string id = session.at("id").as_string().c_str();

    // What was asked is found, in the running instance and beside it.
    QTRY_VERIFY(api("/api/v1/search?q=say%20hel*").find(R"("kind":"user")") != std::string::npos);
    const Outcome found = run({QStringLiteral("search"), QStringLiteral("\"say hello\""), QStringLiteral("--json"),
                               QStringLiteral("--filter"), QStringLiteral("status:completed")});
    QCOMPARE(found.code, 0);
    const auto hit = json::parse(found.out).as_object();
    QCOMPARE(hit.at("session_id").as_string(), id.c_str());
    QCOMPARE(hit.at("snippet").as_string(), "Say hello");
    QCOMPARE(run({QStringLiteral("search"), QStringLiteral("\"open")}).code, 2);

    const auto calls = json::parse(api("/api/v1/sessions/" + id + "/calls"));
    const auto& call = calls.at("items").at(0);
    QCOMPARE(call.at("stop_reason").as_string(), "end_turn");
    QCOMPARE(call.at("response").at("changed_bytes").as_int64(), 0);
    std::string reply;
    for (const std::string& chunk : kChunks)
        reply += chunk;
    QCOMPARE(call.at("response").at("sha256").as_string(), toHex(Sha256::of(reply)));
    QVERIFY(api("/api/v1/events", "hello").find("event: hello") != std::string::npos);

    const QString file = QString::fromStdString(path("e2e.jsonl"));
    const Outcome exported =
        run({QStringLiteral("export"), QStringLiteral("--session"), QString::fromStdString(id),
             QStringLiteral("--format"), QStringLiteral("jsonl"), QStringLiteral("--output"), file});
    QVERIFY2(exported.code == 0, exported.error.c_str());
    QStringList again{QStringLiteral("export"), QStringLiteral("--session"), QString::fromStdString(id),
                      QStringLiteral("--output"), file};
    const Outcome refused = run(again);
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.error.find("--force") != std::string::npos, refused.error.c_str());
    QCOMPARE(run(again << QStringLiteral("--force")).code, 0);
    std::ifstream stream(file.toStdString());
    std::string line;
    std::string before;
    std::string body;
    std::int64_t seq = 0;
    std::int64_t lines = 0;
    while (std::getline(stream, line)) {
        const auto object = json::parse(line).as_object();
        if (object.at("type") == "end") {
            QCOMPARE(object.at("lines").as_int64(), lines);
            QCOMPARE(object.at("sha256").as_string(), toHex(Sha256::of(before)));
            break;
        }
        if (object.at("type") == "event") {
            QCOMPARE(object.at("seq").as_int64(), seq++);
            if (const auto* bytes = object.if_contains("data_base64"))
                body += QByteArray::fromBase64(bytes->as_string().c_str()).toStdString();
            else if (const auto* frame = object.if_contains("frame"))
                body += std::string(frame->at(0).as_string()) + rawJson(line) + std::string(frame->at(1).as_string());
        }
        before += line + '\n';
        ++lines;
    }
    QCOMPARE(body, reply);
    QVERIFY2(before.find("sk-canary") == std::string::npos, "a credential stands in the export");
    const Outcome page =
        run({QStringLiteral("export"), QStringLiteral("--session"), QString::fromStdString(id),
             QStringLiteral("--format"), QStringLiteral("html"), QStringLiteral("--output"), QStringLiteral("-")});
    QCOMPARE(page.code, 0);
    QVERIFY(page.out.find("Say hello") != std::string::npos && page.out.find("Hello") != std::string::npos);
    QVERIFY(page.out.find("Content-Security-Policy") != std::string::npos);
    const Outcome text =
        run({QStringLiteral("export"), QStringLiteral("--session"), QString::fromStdString(id),
             QStringLiteral("--format"), QStringLiteral("markdown"), QStringLiteral("--output"), QStringLiteral("-")});
    QCOMPARE(text.code, 0);
    QVERIFY(text.out.starts_with("# Say hello") && text.out.find("### Assistant") != std::string::npos);
    QCOMPARE(run({QStringLiteral("health")}).code, 0);
}

void TestLuthiend::losesNothingWhenKilled()
{
    QVERIFY(serve());
    for (int call = 0; call < 5; ++call)
        QVERIFY(streamACall().find("[DONE]") != std::string::npos);
    ::kill(static_cast<pid_t>(m_server->processId()), SIGKILL);
    QVERIFY(m_server->waitForFinished());
    const Outcome listed = run({QStringLiteral("sessions"), QStringLiteral("--json")});
    QVERIFY2(listed.code == 0, listed.error.c_str());
    QCOMPARE(json::parse(listed.out).at("calls").as_int64(), 5);
    QVERIFY(serve());
    const auto sessions = json::parse(api("/api/v1/sessions"));
    QCOMPARE(sessions.at("items").at(0).at("calls").as_int64(), 5);
}

void TestLuthiend::endsWithZeroOnSignals_data()
{
    QTest::addColumn<int>("number");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
}

void TestLuthiend::endsWithZeroOnSignals()
{
    QFETCH(int, number);
    QVERIFY(serve());
    ::kill(static_cast<pid_t>(m_server->processId()), number);
    QVERIFY(m_server->waitForFinished(20'000));
    QCOMPARE(m_server->exitStatus(), QProcess::NormalExit);
    QCOMPARE(m_server->exitCode(), 0);
    QVERIFY(!std::filesystem::exists(path("data") + "/run/instance.json"));
    const QByteArray log = m_server->readAllStandardError();
    QVERIFY2(log.contains("luthien.runtime stopped; everything recorded is in the database\n"), log.constData());
}

void TestLuthiend::refusesInOneLine_data()
{
    QTest::addColumn<std::string>("config");
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("code");
    QTest::addColumn<std::string>("message");
    const auto row = [](const char* name, const std::string& config, const QString& words, int code,
                        const char* message) {
        QTest::newRow(name) << config << words.split(QLatin1Char(' ')) << code << std::string(message);
    };
    const QString served = QStringLiteral("serve --listen 127.0.0.1:0 --control off --config CONFIG");
    row("a setting nobody knows", "listen: 127.0.0.1:0\nlimts: 1\n", served, 2,
        "config.yaml:2: unknown setting 'limts'");
    row("a policy that cannot be run", "policies:\n  - {id: a, type: pii}\n", served, 2, "config.yaml:2: policy 'a'");
    row("anonymous access from outside", "", QStringLiteral("serve --listen 0.0.0.0:0"), 2, "clients.auth none is for");
    row("a password where everybody sees it", "", QStringLiteral("serve --database postgresql://me:secret@h/db"), 2,
        "a password must not stand in the URL");
    row("a configuration that is not there", "", QStringLiteral("serve --config /no/such.yaml"), 2,
        "cannot read the configuration file");
    row("an address that is none", "", QStringLiteral("serve --listen 4000"), 2, "--listen: '4000' is not an address");
    row("a command nobody knows", "", QStringLiteral("sevre"), 2, "there is no command 'sevre'");
    row("an export without a session", "", QStringLiteral("export --output -"), 2, "export needs --session ID");
    row("a format that comes later", "", QStringLiteral("export --session s --output - --format har"), 2,
        "this version");
    row("nothing recorded", "", QStringLiteral("sessions"), 1, "nothing was recorded here yet");
    row("nobody there", "", QStringLiteral("health"), 1, "no instance is running here");
}

void TestLuthiend::refusesInOneLine()
{
    QFETCH(std::string, config);
    QFETCH(QStringList, words);
    QFETCH(int, code);
    QFETCH(std::string, message);
    std::ofstream(path("config.yaml")) << config;
    words.replaceInStrings(QStringLiteral("CONFIG"), QString::fromStdString(path("config.yaml")));
    const Outcome outcome = run(words);
    QCOMPARE(outcome.code, code);
    QVERIFY2(outcome.error.find(message) != std::string::npos, outcome.error.c_str());
    QCOMPARE(std::ranges::count(outcome.error, '\n'), 1);
    QVERIFY(outcome.out.empty());
}

void TestLuthiend::saysWhoHoldsTheDirectory()
{
    QVERIFY(serve());
    const Outcome second = run({QStringLiteral("serve"), QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0")});
    QCOMPARE(second.code, 1);
    const std::string expected = "is in use by luthiend, process " + std::to_string(m_server->processId());
    QVERIFY2(second.error.find(expected) != std::string::npos, second.error.c_str());
}

void TestLuthiend::offersAFreePort()
{
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    const std::string address = "127.0.0.1:" + std::to_string(taken.serverPort());
    const Outcome outcome = run({QStringLiteral("serve"), QStringLiteral("--control"), QStringLiteral("off"),
                                 QStringLiteral("--listen"), QString::fromStdString(address)});
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.error.find(address + ": is in use by tst_app_daemon (process " + std::to_string(::getpid()) +
                                "); 127.0.0.1:") != std::string::npos,
             outcome.error.c_str());
    QVERIFY(outcome.error.find("is free: --listen 127.0.0.1:") != std::string::npos);
}

void TestLuthiend::printsHelpAndVersion()
{
    QVERIFY(run({QStringLiteral("--version")}).out.starts_with("luthiend 0."));
    const Outcome help = run({QStringLiteral("serve"), QStringLiteral("--help")});
    QCOMPARE(help.code, 0);
    QVERIFY(help.out.find("--listen HOST:PORT") != std::string::npos);
}

void TestLuthiend::listsAndSetsPolicies()
{
    std::ofstream(path("config.yaml"), std::ios::app)
        << "policies:\n  - {id: sql, type: destructive-sql, mode: enforce}\n  - {id: idle, type: noop}\n";
    const auto policy = [this](const QString& words) {
        return run(QStringLiteral("policy %1 --config %2")
                       .arg(words, QString::fromStdString(path("config.yaml")))
                       .split(QLatin1Char(' ')));
    };
    const Outcome fresh = policy(QStringLiteral("list"));
    QVERIFY2(fresh.code == 0, fresh.error.c_str());
    QVERIFY2(!std::filesystem::exists(path("data")), "looking makes nothing");
    QCOMPARE(std::ranges::count(fresh.out, '\n'), 3);
    QCOMPARE(policy(QStringLiteral("set-mode sql shadow")).code, 0);
    auto shown = json::parse(policy(QStringLiteral("show sql")).out).as_object();
    QCOMPARE(shown.at("mode").as_string(), "shadow");
    QVERIFY(shown.at("overridden").as_bool());
    QCOMPARE(policy(QStringLiteral("set-mode none off")).code, 1);
    QCOMPARE(policy(QStringLiteral("set-mode sql maybe")).code, 2);
    QCOMPARE(policy(QStringLiteral("show")).code, 2);

    QVERIFY(serve());
    const auto served = json::parse(api("/api/v1/policies"));
    QCOMPARE(served.at("items").at(0).at("mode").as_string(), "shadow");
    const Outcome set = policy(QStringLiteral("set-mode idle shadow"));
    QVERIFY2(set.code == 0, set.error.c_str());
    QCOMPARE(json::parse(api("/api/v1/policies")).at("items").at(1).at("mode").as_string(), "shadow");
    QCOMPARE(policy(QStringLiteral("set-mode none off")).code, 1);
    m_server->terminate();
    QVERIFY(m_server->waitForFinished());
    QCOMPARE(policy(QStringLiteral("set-mode sql file")).code, 0);
    shown = json::parse(policy(QStringLiteral("show sql")).out).as_object();
    QCOMPARE(shown.at("mode").as_string(), "enforce");
    QVERIFY(!shown.at("overridden").as_bool());
}

void TestLuthiend::appliesPoliciesFromAFile_data()
{
    QTest::addColumn<bool>("isServing");
    QTest::newRow("while nothing runs") << false;
    QTest::newRow("beside a running instance") << true;
}

void TestLuthiend::appliesPoliciesFromAFile()
{
    QFETCH(bool, isServing);
    QVERIFY(!isServing || serve());
    const auto policy = [this](const QString& words) { return run((QStringLiteral("policy ") + words).split(u' ')); };
    const auto ids = [&policy] {
        std::string all;
        std::istringstream lines(policy(QStringLiteral("list --json")).out);
        for (std::string line; std::getline(lines, line);)
            all += json::value_to<std::string>(json::parse(line).at("id")) + ' ';
        return all;
    };
    const QString file = QString::fromStdString(path("p.yaml"));
    std::ofstream(path("p.yaml")) << "policies:\n  - {id: a, type: noop}\n  - {id: b, type: all-caps, mode: shadow}\n";
    const Outcome applied = policy(QStringLiteral("apply ") + file);
    QVERIFY2(applied.code == 0, applied.error.c_str());
    QCOMPARE(ids(), std::string("a b "));
    std::ofstream(path("p.yaml")) << "id: c\ntype: noop\n";
    QCOMPARE(policy(QStringLiteral("apply ") + file).code, 0);
    QCOMPARE(ids(), std::string("a b c "));
    std::ofstream(path("p.yaml")) << "id: d\ntype: nothing-like-it\n";
    const Outcome refused = policy(QStringLiteral("apply %1 --replace").arg(file));
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.error.find("policies[d].type") != std::string::npos, refused.error.c_str());
    QCOMPARE(ids(), std::string("a b c "));
    std::ofstream(path("p.yaml")) << "- {id: c, type: noop}\n- {id: a, type: noop}\n";
    QCOMPARE(policy(QStringLiteral("apply %1 --replace").arg(file)).code, 0);
    QCOMPARE(ids(), std::string("c a "));
}

void TestLuthiend::applyingKeepsWhatWasSet_data()
{
    appliesPoliciesFromAFile_data();
}

void TestLuthiend::applyingKeepsWhatWasSet()
{
    QFETCH(bool, isServing);
    QVERIFY(!isServing || serve());
    const auto policy = [this](const QString& words) { return run((QStringLiteral("policy ") + words).split(u' ')); };
    const QString file = QString::fromStdString(path("p.yaml"));
    const auto apply = [&](const char* text, const char* options = "") {
        std::ofstream(path("p.yaml")) << text;
        return policy((QStringLiteral("apply ") + file + QLatin1String(options)));
    };
    /// The columns of one line but the version.
    const auto told = [](const Outcome& outcome) {
        std::string all;
        std::istringstream lines(outcome.out);
        for (std::string id, version, mode, what; lines >> id >> version >> mode >> what;)
            all += id + ' ' + mode + ' ' + what + '\n';
        return all;
    };
    const char* const both = "- {id: a, type: noop}\n- {id: b, type: all-caps, mode: shadow}\n";
    QCOMPARE(told(apply(both)), std::string("a enforce new\nb shadow new\n"));
    QCOMPARE(policy(QStringLiteral("set-mode a off")).code, 0);
    QCOMPARE(policy(QStringLiteral("set-mode b off")).code, 0);
    QCOMPARE(told(apply(both)), std::string("a off unchanged\nb shadow changed\n"));
    QCOMPARE(told(apply("{id: a, type: noop, name: Other}")), std::string("a off changed\n"));
    QCOMPARE(told(apply("{id: c, type: noop}", " --replace")),
             std::string("c enforce new\na off removed\nb shadow removed\n"));

    const Outcome wrong = apply("- id: j\n  type: llm-judge\n  config:\n    upstream: nowhere\n");
    QCOMPARE(wrong.code, 1);
    QVERIFY2(wrong.error.find("p.yaml:4: policies[j].config.upstream: There is no upstream 'nowhere'") !=
                 std::string::npos,
             wrong.error.c_str());

    QCOMPARE(policy(QStringLiteral("remove c")).code, 0);
    QCOMPARE(policy(QStringLiteral("list")).out, std::string("no policies\n"));
    const Outcome again = policy(QStringLiteral("remove c"));
    QCOMPARE(again.code, 1);
    QVERIFY2(again.error.find("no policy with the id 'c'") != std::string::npos, again.error.c_str());
}

void TestLuthiend::checksLinesAgainstAPolicy()
{
    std::ofstream(path("p.yaml")) << "- {id: sql, type: destructive-sql}\n"
                                     "- {id: js, type: javascript, config: {source: 'function onText(block) { return "
                                     "{verdict: \"replace\", text: block.text + \"!\"}; }'}}\n";
    const auto check = [this](const char* lines) {
        std::ofstream(path("lines.jsonl")) << lines;
        return run({QStringLiteral("check"), QStringLiteral("--policy"), QString::fromStdString(path("p.yaml")),
                    QStringLiteral("--input"), QString::fromStdString(path("lines.jsonl"))});
    };
    const Outcome fine = check("{\"tool\":\"Bash\",\"arguments\":{\"command\":\"ls\"}}\n{\"text\":\"Hello\"}\n");
    QVERIFY2(fine.code == 0, fine.error.c_str());
    std::istringstream lines(fine.out);
    std::string line;
    std::getline(lines, line);
    QCOMPARE(json::parse(line).at("verdict").as_string(), "continue");
    std::getline(lines, line);
    QCOMPARE(json::parse(line).at("line").as_int64(), 2);
    QCOMPARE(json::parse(line).at("replaced").as_string(), "Hello!");
    const Outcome blocked = check("{\"tool\":\"Bash\",\"arguments\":{\"command\":\"sqlite3 x.db 'DROP TABLE a'\"}}\n");
    QCOMPARE(blocked.code, 3);
    QCOMPARE(json::parse(blocked.out).at("policy").as_string(), "sql");
    QCOMPARE(check("what\n").code, 1);
}

void TestLuthiend::backtestsAPolicyOverWhatWasRecorded()
{
    QCOMPARE(run({QStringLiteral("demo"), QStringLiteral("db-drop"), QStringLiteral("--unprotected")}).code, 0);
    std::ofstream(path("p.yaml")) << "- {id: sql, type: destructive-sql}\n"
                                     "- {id: limit, type: rate-limit, config: {requests: 1}}\n";
    const Outcome tested = run({QStringLiteral("backtest"), QStringLiteral("--policy"),
                                QString::fromStdString(path("p.yaml")), QStringLiteral("--json")});
    QVERIFY2(tested.code == 0, tested.error.c_str());
    std::istringstream lines(tested.out);
    std::vector<json::value> told;
    for (std::string line; std::getline(lines, line);)
        told.push_back(json::parse(line));
    QVERIFY(told.size() >= 3U);
    QCOMPARE(told.front().at("type").as_string(), "not_backtested");
    QCOMPARE(told.front().at("policy").as_string(), "limit");
    told.erase(told.begin());
    QCOMPARE(told.front().at("type").as_string(), "change");
    QCOMPARE(told.front().at("was").as_string(), "continue");
    QCOMPARE(told.front().at("would").as_string(), "block");
    QCOMPARE(told.back().at("type").as_string(), "summary");
    QCOMPARE(told.back().at("would_block").as_int64(), 1);

    const auto ask = [this](const QString& since) {
        return run({QStringLiteral("backtest"), QStringLiteral("--policy"), QString::fromStdString(path("p.yaml")),
                    QStringLiteral("--since"), since});
    };
    for (const char* since : {"7d", "12h", "30m", "2020-01-01", "2020-01-01T00:00:00.000000Z"}) {
        const Outcome words = ask(QString::fromLatin1(since));
        QVERIFY2(words.out.starts_with("limit is not backtested: a rate-limit counts calls"), words.out.c_str());
        QVERIFY2(words.out.find("continue -> block  sql") != std::string::npos, since);
        QVERIFY2(words.out.find(" 1 would be blocked, ") != std::string::npos, since);
    }
    QVERIFY(ask(QStringLiteral("2099-01-01")).out.find(" 0 would be blocked, ") != std::string::npos);
    for (const char* wrong : {"7", "7w", "yesterday", "-1d"}) {
        const Outcome refused = ask(QString::fromLatin1(wrong));
        QVERIFY2(refused.code != 0 && refused.error.find("--since is a day") != std::string::npos, wrong);
    }
}

void TestLuthiend::aPolicyGoesBackToWhatItWas()
{
    const auto policy = [this](const QString& words) { return run((QStringLiteral("policy ") + words).split(u' ')); };
    const QString file = QString::fromStdString(path("p.yaml"));
    const auto apply =
        [&](const char* reason) {
            std::ofstream(path("p.yaml"))
                << "id: rules\ntype: tool-rules\nconfig: {rules: [{tool: 'rm*', do: deny, reason: '" << reason
                << "'}]}\n";
            return policy(QStringLiteral("apply ") + file).code;
        };
    const auto reason = [&] {
        const auto shown = json::parse(policy(QStringLiteral("show rules")).out);
        return json::value_to<std::string>(shown.at("config").at("rules").at(0).at("reason"));
    };
    QCOMPARE(apply("first"), 0);
    QCOMPARE(apply("second"), 0);
    QCOMPARE(policy(QStringLiteral("set-mode rules shadow")).code, 0);
    std::istringstream history(policy(QStringLiteral("history rules --json")).out);
    std::vector<json::value> steps;
    for (std::string line; std::getline(history, line);)
        steps.push_back(json::parse(line));
    QCOMPARE(steps.size(), 3U); // newest first: the mode, the second, the first
    QCOMPARE(steps[0].at("version"), steps[1].at("version"));
    QCOMPARE(steps[0].at("mode").as_string(), "shadow");
    QCOMPARE(steps[2].at("source").as_string(), "cli");
    const std::string diff = policy(QStringLiteral("diff rules")).out;
    QVERIFY2(diff.find("- /config/rules/0/reason: \"first\"\n+ /config/rules/0/reason: \"second\"\n") !=
                 std::string::npos,
             diff.c_str());
    const auto version = QString::fromStdString(json::value_to<std::string>(steps[2].at("version"))).left(12);
    QCOMPARE(policy(QStringLiteral("rollback rules ") + version).code, 0);
    QCOMPARE(reason(), std::string("first"));
    QCOMPARE(json::parse(policy(QStringLiteral("show rules")).out).at("mode").as_string(), "shadow");
    QCOMPARE(policy(QStringLiteral("rollback rules 0123456789")).code, 1);
    QCOMPARE(policy(QStringLiteral("rollback rules 01")).code, 2);
    QCOMPARE(policy(QStringLiteral("history none")).code, 1);
}

void TestLuthiend::runsAProgramThroughTheProxy_data()
{
    QTest::addColumn<bool>("isServing");
    QTest::newRow("beside a running instance") << true;
    QTest::newRow("with a proxy of its own") << false;
}

void TestLuthiend::runsAProgramThroughTheProxy()
{
    QFETCH(bool, isServing);
    if (isServing)
        QVERIFY(serve());
    const Outcome outcome = run({QStringLiteral("run"), QStringLiteral("--"), QStringLiteral("sh"),
                                 QStringLiteral("-c"), QStringLiteral("echo $ANTHROPIC_BASE_URL; umask; exit 7")});
    QVERIFY2(outcome.code == 7, outcome.error.c_str());
    const std::string url = outcome.out.substr(0, outcome.out.find('\n'));
    if (isServing)
        QCOMPARE(url, m_ready.at("proxy").as_string());
    QVERIFY(url.starts_with("http://127.0.0.1:"));
    QVERIFY2(outcome.out.find("0077") == std::string::npos, "the agent keeps its own umask");
    const Outcome killed = run({QStringLiteral("run"), QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"),
                                QStringLiteral("kill -9 $$")});
    QCOMPARE(killed.code, 128 + SIGKILL);
    const Outcome missing = run({QStringLiteral("run"), QStringLiteral("--"), QStringLiteral("no-such-agent")});
    QCOMPARE(missing.code, 1);
    QVERIFY2(missing.error.find("no-such-agent: cannot be started") != std::string::npos, missing.error.c_str());
}

LUTHIEN_TEST(tst_luthiend, TestLuthiend)
#include "tst_luthiend.moc"
