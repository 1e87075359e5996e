// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/scripted_upstream.h"

#include <QObject>
#include <QProcess>
#include <QTcpSocket>
#include <QTemporaryDir>

#include <boost/json.hpp>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace luthien::test {

/// What came of a run of the program.
struct Outcome
{
    int code = -1;
    std::string out;
    std::string error;
};

inline const std::vector<std::string> kChunks{
    R"(data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"}}]})"
    "\n\n",
    R"(data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"content":"lo"}}]})"
    "\n\n",
    R"(data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
    "\n\n",
    "data: [DONE]\n\n"};
inline const std::vector<std::string> kToolCall{
    R"(data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"call_canary","type":"function","function":{"name":"wipe_disk","arguments":"{}"}}]}}]})"
    "\n\n",
    R"(data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]})"
    "\n\n",
    "data: [DONE]\n\n"};
inline constexpr const char* kToolRequest =
    R"({"model":"m","stream":true,"messages":[{"role":"user","content":"Wipe the disk"}]})";
inline constexpr const char* kBody =
    R"({"model":"m","stream":true,"messages":[{"role":"user","content":"Say hello"}]})";

[[nodiscard]] inline std::string request(const std::string& method, const std::string& target,
                                         const std::string& authority, const std::string& fields,
                                         const std::string& body = {})
{
    return method + ' ' + target + " HTTP/1.1\r\nHost: " + authority + "\r\nConnection: close\r\n" + fields +
           (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") + "\r\n" + body;
}

/// Everything until the server closes, or until text has come.
[[nodiscard]] inline std::string talk(const std::string& url, const std::string& bytes, const std::string& until = {})
{
    const std::size_t colon = url.rfind(':');
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), static_cast<quint16>(std::stoi(url.substr(colon + 1))));
    if (!socket.waitForConnected())
        return {};
    socket.write(bytes.data(), static_cast<qint64>(bytes.size()));
    std::string got;
    while ((until.empty() || got.find(until) == std::string::npos) && socket.waitForReadyRead(10'000))
        got += socket.readAll().toStdString();
    return got;
}

[[nodiscard]] inline std::string bodyOf(const std::string& answer)
{
    const std::size_t at = answer.find("\r\n\r\n");
    return at == std::string::npos ? std::string() : answer.substr(at + 4);
}

/// luthiend as users run it: a data directory of its own, a configuration, an upstream that answers Chat.
class DaemonFixture : public QObject
{
protected:
    void begin()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        m_upstream = std::make_unique<ScriptedUpstream>([](const ScriptedRequest& request) {
            return ScriptedReply{.headers = {{"Content-Type", "text/event-stream"}},
                                 .pieces = request.body.find("Wipe") != std::string::npos ? kToolCall : kChunks,
                                 .framing = ScriptedReply::Framing::Chunked};
        });
        std::ofstream(path("config.yaml"))
            << "upstreams:\n  - {name: openai, base_url: " << m_upstream->baseUrl() << ", api: openai}\n";
    }

    void end()
    {
        if (m_server && m_server->state() != QProcess::NotRunning) {
            m_server->kill();
            m_server->waitForFinished();
        }
        m_server.reset();
    }

    /// Runs a sub-command to its end; input is all it can read.
    [[nodiscard]] Outcome run(const QStringList& words, const QByteArray& input = {})
    {
        QProcess process;
        prepare(process);
        process.setArguments(words + QStringList{QStringLiteral("--data-dir"), QString::fromStdString(path("data"))});
        if (const auto at = words.indexOf(QStringLiteral("--")); at >= 0)
            process.setArguments(QStringList{QStringLiteral("--data-dir"), QString::fromStdString(path("data"))} +
                                 words);
        process.start();
        process.write(input);
        process.closeWriteChannel();
        if (!process.waitForFinished(60'000))
            return {};
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
                process.readAllStandardOutput().toStdString(), process.readAllStandardError().toStdString()};
    }

    /// Starts the server; api() asks it.
    [[nodiscard]] bool serve()
    {
        startServing();
        return waitUntilItServes();
    }
    void startServing()
    {
        m_server = std::make_unique<QProcess>();
        prepare(*m_server);
        m_server->setArguments(
            {QStringLiteral("serve"), QStringLiteral("--data-dir"), QString::fromStdString(path("data")),
             QStringLiteral("--config"), QString::fromStdString(path("config.yaml")), QStringLiteral("--listen"),
             QStringLiteral("127.0.0.1:0"), QStringLiteral("--control"), QStringLiteral("127.0.0.1:0")});
        m_server->start();
    }
    [[nodiscard]] bool waitUntilItServes()
    {
        while (!m_server->canReadLine()) {
            if (!m_server->waitForReadyRead(30'000))
                return false;
        }
        m_ready = boost::json::parse(m_server->readLine().toStdString()).as_object();
        return true;
    }

    /// The reply to one call.
    [[nodiscard]] std::string streamACall(const char* body = kBody)
    {
        const std::string proxy = m_ready.at("proxy").as_string().c_str();
        const std::string fields =
            "Content-Type: application/json\r\nAuthorization: Bearer sk-canary\r\nx-session-id: e2e\r\n";
        return talk(proxy, request("POST", "/v1/chat/completions", proxy.substr(7), fields, body));
    }

    [[nodiscard]] std::string api(const std::string& target, const std::string& until = {})
    {
        std::ifstream file(m_ready.at("token_file").as_string().c_str());
        std::string token;
        file >> token;
        const std::string control = m_ready.at("control").as_string().c_str();
        return bodyOf(
            talk(control, request("GET", target, control.substr(7), "Authorization: Bearer " + token + "\r\n"), until));
    }

    [[nodiscard]] std::string path(const char* name) const { return m_directory->path().toStdString() + '/' + name; }

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<ScriptedUpstream> m_upstream;
    std::unique_ptr<QProcess> m_server;
    boost::json::object m_ready;
    QProcessEnvironment m_variables; ///< beside HOME and PATH

private:
    void prepare(QProcess& process) const
    {
        QProcessEnvironment environment;
        environment.insert(QStringLiteral("HOME"), m_directory->path());
        environment.insert(QStringLiteral("PATH"), qEnvironmentVariable("PATH"));
        environment.insert(m_variables);
        process.setProcessEnvironment(environment);
        process.setProgram(qEnvironmentVariable("LUTHIEN_BIN_DIR") + QStringLiteral("/luthiend"));
    }
};

} // namespace luthien::test
