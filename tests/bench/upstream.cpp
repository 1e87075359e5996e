// SPDX-License-Identifier: Apache-2.0
// A provider that costs next to nothing: a fixed JSON reply, or a stream of paced events.
//
// Usage: bench_upstream EVENTS_PER_SECOND SECONDS
// Prints its port. A request whose body holds "stream":true gets EVENTS_PER_SECOND * SECONDS events of 173 bytes,
// each in a chunk and a send of its own and with the time of that send in it.

#include "socket.h"

#include <queue>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unordered_map>
#include <vector>

namespace luthien::bench {
namespace {

constexpr std::string_view kJsonBody =
    R"({"id":"chatcmpl-bench","object":"chat.completion","created":1700000000,"model":"bench","choices":[{"index":0,)"
    R"("message":{"role":"assistant","content":"Hello from the benchmark's upstream.","refusal":null},"logprobs":null,)"
    R"("finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21}})";
constexpr std::string_view kStreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                         "Transfer-Encoding: chunked\r\n\r\n";
constexpr std::string_view kStreamEnd =
    R"(data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"bench",)"
    R"("choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
    "\n\ndata: [DONE]\n\n";

struct Pace
{
    std::int64_t intervalNanoseconds;
    int events;
};

struct Connection
{
    Descriptor socket;
    std::string input;
    std::string unsent;
    int eventsLeft = 0;
};

std::string chunk(std::string_view data)
{
    char size[16];
    const int length = std::snprintf(size, sizeof size, "%zx\r\n", data.size());
    return std::string(size, static_cast<std::size_t>(length)).append(data).append("\r\n");
}

std::string event()
{
    char text[256];
    const int length = std::snprintf(
        text, sizeof text,
        R"(data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"bench",)"
        R"("choices":[{"index":0,"delta":{"content":"t=%020lld "},"finish_reason":null}]})"
        "\n\n",
        static_cast<long long>(nowNanoseconds()));
    return chunk({text, static_cast<std::size_t>(length)});
}

/// The size of the first whole request in `input`, or 0.
std::size_t wholeRequest(std::string_view input)
{
    const std::size_t head = input.find("\r\n\r\n");
    if (head == std::string_view::npos)
        return 0;
    std::string lower(input.substr(0, head));
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    const std::size_t field = lower.find("\r\ncontent-length:");
    const std::size_t body = field == std::string::npos ? 0 : std::strtoul(lower.c_str() + field + 17, nullptr, 10);
    return input.size() >= head + 4 + body ? head + 4 + body : 0;
}

class Upstream
{
public:
    explicit Upstream(Pace pace)
        : m_pace(pace)
        , m_listener(listenOn(0))
    {
        m_poller.watch(m_listener, EPOLLIN);
        m_jsonReply =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(kJsonBody.size()) +
            "\r\n\r\n" + std::string(kJsonBody);
    }

    [[noreturn]] void run()
    {
        std::printf("%u\n", portOf(m_listener));
        std::fflush(stdout);
        for (;;) {
            const std::int64_t soon = nowNanoseconds() + 1'000'000'000;
            m_poller.wait(m_due.empty() ? soon : std::min(soon, m_due.top().first),
                          [this](int descriptor, std::uint32_t events) { serve(descriptor, events); });
            sendDueEvents();
        }
    }

private:
    using Due = std::pair<std::int64_t, int>;

    void serve(int descriptor, std::uint32_t events)
    {
        if (descriptor == m_listener.value()) {
            acceptAll();
            return;
        }
        const auto found = m_connections.find(descriptor);
        if (found == m_connections.end())
            return;
        if ((events & (EPOLLHUP | EPOLLERR)) != 0 || !read(found->second))
            m_connections.erase(found);
        else if ((events & EPOLLOUT) != 0)
            send(found->second, {});
    }

    void acceptAll()
    {
        for (Descriptor socket = acceptFrom(m_listener); socket.value() >= 0; socket = acceptFrom(m_listener)) {
            m_poller.watch(socket, EPOLLIN | EPOLLRDHUP);
            const int key = socket.value();
            m_connections.insert_or_assign(key, Connection{.socket = std::move(socket)});
        }
    }

    bool read(Connection& connection)
    {
        char buffer[16 * 1024];
        for (;;) {
            const ssize_t count = recv(connection.socket.value(), buffer, sizeof buffer, 0);
            if (count < 0)
                break;
            if (count == 0)
                return false;
            connection.input.append(buffer, static_cast<std::size_t>(count));
        }
        while (const std::size_t size = wholeRequest(connection.input)) {
            answer(connection, std::string_view(connection.input).substr(0, size));
            connection.input.erase(0, size);
        }
        return errno == EAGAIN;
    }

    void answer(Connection& connection, std::string_view request)
    {
        if (request.find("\"stream\":true") == std::string_view::npos) {
            send(connection, m_jsonReply);
            return;
        }
        connection.eventsLeft = m_pace.events;
        send(connection, kStreamHead);
        m_due.emplace(nowNanoseconds() + m_pace.intervalNanoseconds, connection.socket.value());
    }

    void sendDueEvents()
    {
        const std::int64_t now = nowNanoseconds();
        while (!m_due.empty() && m_due.top().first <= now) {
            const auto [at, descriptor] = m_due.top();
            m_due.pop();
            const auto found = m_connections.find(descriptor);
            if (found == m_connections.end() || found->second.eventsLeft == 0)
                continue; // closed by the other side
            Connection& connection = found->second;
            send(connection, event());
            if (--connection.eventsLeft == 0)
                send(connection, chunk(kStreamEnd) + "0\r\n\r\n");
            else
                m_due.emplace(at + m_pace.intervalNanoseconds, descriptor);
        }
    }

    /// Sends what was left over and then `bytes`; keeps what the socket does not take.
    void send(Connection& connection, std::string_view bytes)
    {
        const bool waited = !connection.unsent.empty();
        if (waited)
            bytes = connection.unsent.append(bytes);
        const ssize_t sent = ::send(connection.socket.value(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        const std::size_t done = sent < 0 ? 0 : static_cast<std::size_t>(sent);
        connection.unsent = std::string(bytes.substr(done));
        if (waited != !connection.unsent.empty())
            m_poller.change(connection.socket,
                            EPOLLIN | EPOLLRDHUP | (connection.unsent.empty() ? 0U : std::uint32_t{EPOLLOUT}));
    }

    Pace m_pace;
    Poller m_poller;
    Descriptor m_listener;
    std::string m_jsonReply;
    std::unordered_map<int, Connection> m_connections;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> m_due;
};

} // namespace
} // namespace luthien::bench

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fprintf(stderr, "usage: bench_upstream EVENTS_PER_SECOND SECONDS\n");
        return 2;
    }
    luthien::bench::allowManyFiles();
    const int perSecond = std::atoi(argv[1]);
    luthien::bench::Upstream(
        {.intervalNanoseconds = 1'000'000'000 / perSecond, .events = perSecond * std::atoi(argv[2])})
        .run();
}
