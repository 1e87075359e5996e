// SPDX-License-Identifier: Apache-2.0
#include "daemon/agents.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

#include <boost/json.hpp>

#include <fstream>

using namespace luthien;
using namespace luthien::daemon;

class TestAgents : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyProgramGetsTheVariables();
    void codex_data();
    void codex();
    void openCodeKeepsTheUsersSettings();
    void openCodeRefusesWhatItCannotJoin();
    void tokensReachTheAgents();

private:
    const ProxyAddress m_proxy{.url = "http://127.0.0.1:4000"};
    const ProxyAddress m_guarded{.url = "http://127.0.0.1:4000", .clientToken = "t0k"};
};

void TestAgents::everyProgramGetsTheVariables()
{
    const auto launch = pointedAtProxy(
        {.program = "my-agent", .arguments = {"x"}, .environment = {{"NO_PROXY", "corp"}, {"PATH", "/bin"}}}, m_proxy);
    QCOMPARE(launch->arguments, std::vector<std::string>{"x"});
    const auto& environment = launch->environment;
    QCOMPARE(environment.at("ANTHROPIC_BASE_URL"), "http://127.0.0.1:4000");
    QCOMPARE(environment.at("OPENAI_BASE_URL"), "http://127.0.0.1:4000/v1");
    QCOMPARE(environment.at("GOOGLE_GEMINI_BASE_URL"), "http://127.0.0.1:4000");
    QCOMPARE(environment.at("NO_PROXY"), "corp,127.0.0.1,localhost,::1");
    QCOMPARE(environment.at("no_proxy"), "127.0.0.1,localhost,::1");
    QCOMPARE(environment.at("PATH"), "/bin");
    QVERIFY(!environment.contains("LUTHIEN_CLIENT_TOKEN"));
}

void TestAgents::codex_data()
{
    QTest::addColumn<std::string>("key");
    QTest::addColumn<std::string>("login");
    QTest::addColumn<std::string>("provider");
    const std::string head =
        R"(model_providers.luthien={name="Luthien",wire_api="responses",base_url="http://127.0.0.1:4000)";
    QTest::newRow("with a key in the environment")
        << std::string("sk-x") << std::string(R"({"tokens":{"id_token":"x"}})")
        << head + R"(/v1",env_key="OPENAI_API_KEY"})";
    QTest::newRow("logged in with a key") << std::string() << std::string(R"({"OPENAI_API_KEY":"sk-x","tokens":null})")
                                          << head + R"(/v1",requires_openai_auth=true})";
    QTest::newRow("logged in with a ChatGPT account")
        << std::string() << std::string(R"({"OPENAI_API_KEY":null,"tokens":{"id_token":"x"}})")
        << head + R"(/chatgpt/backend-api/codex",requires_openai_auth=true})";
    QTest::newRow("not logged in") << std::string() << std::string() << head + R"(/v1",requires_openai_auth=true})";
}

void TestAgents::codex()
{
    QFETCH(std::string, key);
    QFETCH(std::string, login);
    QFETCH(std::string, provider);
    const QTemporaryDir home;
    if (!login.empty())
        std::ofstream(home.filePath(QStringLiteral("auth.json")).toStdString()) << login;
    const auto launch =
        pointedAtProxy({.program = "/usr/bin/codex",
                        .arguments = {"exec", "hi"},
                        .environment = {{"CODEX_HOME", home.path().toStdString()}, {"OPENAI_API_KEY", key}}},
                       m_proxy);
    const std::vector<std::string> expected{"-c", R"(model_provider="luthien")", "-c", provider, "exec", "hi"};
    QCOMPARE(launch->arguments, expected);
}

void TestAgents::openCodeKeepsTheUsersSettings()
{
    const auto launch = pointedAtProxy(
        {.program = "opencode",
         .environment = {{"OPENCODE_CONFIG_CONTENT",
                          R"({"theme":"dark","provider":{"openai":{"options":{"timeout":5,"baseURL":"x"}}}})"}}},
        m_proxy);
    const auto config = boost::json::parse(launch->environment.at("OPENCODE_CONFIG_CONTENT"));
    QCOMPARE(config.at("theme").as_string(), "dark");
    const auto& providers = config.at("provider");
    QCOMPARE(providers.at("openai").at("options").at("timeout").as_int64(), 5);
    QCOMPARE(providers.at("openai").at("options").at("baseURL").as_string(), "http://127.0.0.1:4000/v1");
    QCOMPARE(providers.at("anthropic").at("options").at("baseURL").as_string(), "http://127.0.0.1:4000/v1");
    QCOMPARE(providers.at("google").at("options").at("baseURL").as_string(), "http://127.0.0.1:4000/v1beta");
}

void TestAgents::openCodeRefusesWhatItCannotJoin()
{
    const auto launch =
        pointedAtProxy({.program = "opencode", .environment = {{"OPENCODE_CONFIG_CONTENT", "[1]"}}}, m_proxy);
    QCOMPARE(launch.error().code, ErrorCode::InvalidInput);
}

void TestAgents::tokensReachTheAgents()
{
    const auto claude =
        pointedAtProxy({.program = "claude", .environment = {{"ANTHROPIC_CUSTOM_HEADERS", "x-a: 1"}}}, m_guarded);
    QCOMPARE(claude->environment.at("ANTHROPIC_CUSTOM_HEADERS"), "x-a: 1\nx-luthien-token: t0k");
    QCOMPARE(claude->environment.at("LUTHIEN_CLIENT_TOKEN"), "t0k");
    const auto codex = pointedAtProxy({.program = "codex", .environment = {{"OPENAI_API_KEY", "k"}}}, m_guarded);
    QVERIFY(codex->arguments[3].find(R"(env_http_headers={"x-luthien-token"="LUTHIEN_CLIENT_TOKEN"})") !=
            std::string::npos);
    QVERIFY2(codex->arguments[3].find("t0k") == std::string::npos, "everybody can read arguments");
    const auto openCode = pointedAtProxy({.program = "opencode"}, m_guarded);
    QVERIFY(openCode->environment.at("OPENCODE_CONFIG_CONTENT").find(R"("x-luthien-token":"t0k")") !=
            std::string::npos);
    const auto gemini = pointedAtProxy({.program = "gemini"}, m_guarded);
    QCOMPARE(gemini->environment.at("GEMINI_CLI_CUSTOM_HEADERS"), "x-luthien-token:t0k");
}

LUTHIEN_TEST(tst_agents, TestAgents)
#include "tst_agents.moc"
