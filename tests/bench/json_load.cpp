// SPDX-License-Identifier: Apache-2.0
#include "load.h"
#include "socket.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unordered_map>

namespace luthien::bench {

namespace {

constexpr std::string_view kBody =
    R"({"model":"bench","messages":[{"role":"system","content":"You are a benchmark."},)"
    R"({"role":"user","content":"Say hello to the person who reads this."}],"temperature":0})";

struct Connection
{
    Descriptor socket;
    std::string input;
    std::int64_t sentAt = 0;
};

class JsonLoad
{
public:
    explicit JsonLoad(const Load& load)
        : m_request("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(load.port) +
                    "\r\nAuthorization: Bearer test-key\r\nContent-Type: application/json\r\nContent-Length: " +
                    std::to_string(kBody.size()) + "\r\n\r\n" + std::string(kBody))
    {
        for (int index = 0; index < load.connections; ++index) {
            Descriptor socket = connectTo(load.port);
            m_poller.watch(socket, EPOLLIN | EPOLLOUT);
            const int key = socket.value();
            m_connections.emplace(key, Connection{.socket = std::move(socket)});
        }
    }

    Result run(int seconds)
    {
        const std::int64_t start = nowNanoseconds();
        const std::int64_t end = start + std::int64_t{seconds} * 1'000'000'000;
        while (nowNanoseconds() < end && !m_connections.empty())
            m_poller.wait(end, [this](int descriptor, std::uint32_t events) { serve(descriptor, events); });
        m_result.seconds = static_cast<double>(nowNanoseconds() - start) / 1e9;
        return std::move(m_result);
    }

private:
    void serve(int descriptor, std::uint32_t events)
    {
        Connection& connection = m_connections.at(descriptor);
        if ((events & EPOLLOUT) != 0 && connection.sentAt == 0) {
            m_poller.change(connection.socket, EPOLLIN);
            ask(connection);
        }
        if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && !read(connection)) {
            ++m_result.errors;
            m_connections.erase(descriptor);
        }
    }

    void ask(Connection& connection)
    {
        connection.sentAt = nowNanoseconds();
        const ssize_t sent = send(connection.socket.value(), m_request.data(), m_request.size(), MSG_NOSIGNAL);
        if (sent != static_cast<ssize_t>(m_request.size()))
            ++m_result.errors;
    }

    bool read(Connection& connection)
    {
        char buffer[16 * 1024];
        const ssize_t count = recv(connection.socket.value(), buffer, sizeof buffer, 0);
        if (count <= 0)
            return count < 0 && errno == EAGAIN;
        connection.input.append(buffer, static_cast<std::size_t>(count));
        const std::size_t head = connection.input.find("\r\n\r\n");
        if (head == std::string::npos)
            return true;
        const std::size_t length = lengthOf(connection.input.substr(0, head));
        if (length == 0 || !connection.input.starts_with("HTTP/1.1 200"))
            return false;
        if (connection.input.size() < head + 4 + length)
            return true;
        connection.input.erase(0, head + 4 + length);
        ++m_result.requests;
        m_result.microseconds.push_back(static_cast<std::uint32_t>((nowNanoseconds() - connection.sentAt) / 1000));
        ask(connection);
        return true;
    }

    static std::size_t lengthOf(const std::string& head)
    {
        for (const std::string_view name : {"\r\nContent-Length:", "\r\ncontent-length:"}) {
            const std::size_t field = head.find(name);
            if (field != std::string::npos)
                return std::strtoul(head.c_str() + field + name.size(), nullptr, 10);
        }
        return 0;
    }

    std::string m_request;
    Poller m_poller;
    std::unordered_map<int, Connection> m_connections;
    Result m_result;
};

} // namespace

Result runJson(const Load& load)
{
    return JsonLoad(load).run(load.seconds);
}

} // namespace luthien::bench
