// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/control.h"
#include "support/sample_store.h"

#include <QTcpSocket>

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace luthien::test {

/// Policies that are set without being asked for more than their mode; answers from a thread of its own.
class FakeDesk final : public control::PolicyDesk
{
public:
    ~FakeDesk() override
    {
        for (std::thread& thread : m_threads)
            thread.join();
    }
    [[nodiscard]] control::PolicySet list() const override { return {"v1", {m_entry}}; }
    void setMode(std::string id, policy::PolicyMode mode, SetModeDone done) override
    {
        m_threads.emplace_back([this, id = std::move(id), mode, done = std::move(done)] {
            if (id != m_entry.definition.id)
                return done(Error{ErrorCode::NotFound, "There is no such policy.", id});
            m_entry.definition.mode = mode;
            done(m_entry);
        });
    }

    void setModeOfFile(std::string id, SetModeDone done) override
    {
        setMode(std::move(id), policy::PolicyMode::Shadow, std::move(done));
    }
    void apply(control::PolicyChange change, ApplyDone done) override
    {
        m_threads.emplace_back([change = std::move(change), done = std::move(done)] {
            if (change.ifVersion && *change.ifVersion != "v1")
                return done(Error{ErrorCode::Conflict, "They have changed.", {}});
            control::PolicySet set{.version = "v2"};
            for (const policy::Definition& definition : change.definitions)
                set.entries.push_back({.definition = definition, .version = policy::versionOf(definition)});
            done(set);
        });
    }

private:
    control::PolicyEntry m_entry{.definition = {.id = "sql", .type = "destructive-sql", .config = R"({"classes":[]})"},
                                 .version = "ab",
                                 .source = control::PolicySource::File};
    std::vector<std::thread> m_threads;
};

/// A control port over a store with samples in it.
class ControlFixture
{
public:
    static constexpr const char* kToken = "0123456789abcdef";

    explicit ControlFixture(const std::function<void(control::ControlConfig&)>& change = {})
    {
        control::ControlConfig config{.port = 0, .token = kToken};
        if (change)
            change(config);
        control = std::make_unique<control::Control>(
            config, control::ControlSources{.hub = hub,
                                            .commits = commits,
                                            .clock = clock,
                                            .openReader = [this] { return store.openReader(); },
                                            .database = store.directory(),
                                            .store = &store.store(),
                                            .policies = &desk,
                                            .approvals = &approvals,
                                            .readiness = [this] { return readiness; }});
        const auto started = control->start();
        port = started ? *started : std::uint16_t{0};
    }
    ~ControlFixture() { control.reset(); }

    [[nodiscard]] std::string get(const std::string& target, const std::string& fields = {}) const
    {
        return "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\nAuthorization: Bearer " +
               kToken + "\r\n" + fields + "\r\n";
    }

    /// Sets a policy's mode, or tries to.
    [[nodiscard]] std::string patch(const std::string& target, const std::string& body,
                                    const std::string& fields = "Content-Type: application/json\r\n") const
    {
        return withBody("PATCH", target, body, fields);
    }
    [[nodiscard]] std::string put(const std::string& target, const std::string& body) const
    {
        return withBody("PUT", target, body, "Content-Type: application/json\r\n");
    }
    [[nodiscard]] std::string post(const std::string& target, const std::string& body) const
    {
        return withBody("POST", target, body, "Content-Type: application/json\r\n");
    }
    [[nodiscard]] std::string withBody(const std::string& method, const std::string& target, const std::string& body,
                                       const std::string& fields) const
    {
        return method + ' ' + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
               "\r\nAuthorization: Bearer " + kToken + "\r\n" + fields +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }

    Metrics metrics;
    live::LiveHub hub{metrics};
    live::CommitLog commits;
    SystemClock clock;
    SampleStore store;
    FakeDesk desk;
    policy::ApprovalDesk approvals{clock};
    control::Readiness readiness;
    std::uint16_t port = 0;
    std::unique_ptr<control::Control> control;
};

/// A client that sees the bytes.
class ControlClient
{
public:
    explicit ControlClient(std::uint16_t port, qint64 readBufferBytes = 0)
    {
        socket.setReadBufferSize(readBufferBytes);
        socket.connectToHost(QStringLiteral("127.0.0.1"), port);
        socket.waitForConnected();
    }

    void send(const std::string& bytes)
    {
        socket.write(bytes.data(), static_cast<qint64>(bytes.size()));
        socket.flush();
    }

    /// Everything up to and with text; what came so far if it does not come.
    std::string readThrough(const std::string& text)
    {
        while (m_unread.find(text) == std::string::npos) {
            if (!socket.waitForReadyRead(10'000))
                return std::exchange(m_unread, {});
            m_unread += socket.readAll().toStdString();
        }
        const std::size_t end = m_unread.find(text) + text.size();
        std::string read = m_unread.substr(0, end);
        m_unread.erase(0, end);
        return read;
    }

    /// One whole answer: head and body.
    std::string answer()
    {
        std::string head = readThrough("\r\n\r\n");
        const std::size_t at = head.find("Content-Length: ");
        if (at == std::string::npos)
            return head;
        const std::size_t length = std::stoul(head.substr(at + 16));
        while (m_unread.size() < length && socket.waitForReadyRead(10'000))
            m_unread += socket.readAll().toStdString();
        head += m_unread.substr(0, length);
        m_unread.erase(0, length);
        return head;
    }

    std::string ask(const std::string& request)
    {
        send(request);
        return answer();
    }

    bool waitForClosed()
    {
        return socket.state() == QAbstractSocket::UnconnectedState || socket.waitForDisconnected(10'000);
    }

    QTcpSocket socket;

private:
    std::string m_unread;
};

[[nodiscard]] inline int statusOf(const std::string& answer)
{
    return answer.size() > 12 ? std::stoi(answer.substr(9, 3)) : 0;
}

[[nodiscard]] inline std::string bodyOf(const std::string& answer)
{
    return answer.substr(answer.find("\r\n\r\n") + 4);
}

} // namespace luthien::test
