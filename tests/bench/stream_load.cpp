// SPDX-License-Identifier: Apache-2.0
#include "chunked_body.h"
#include "load.h"
#include "socket.h"

#include <algorithm>
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
    R"({"model":"bench","stream":true,"messages":[{"role":"user","content":"Stream."}]})";
// Streams start evenly over this time, as people's do, not in one burst.
constexpr std::int64_t kRampNanoseconds = 1'000'000'000;

struct Stream
{
    Descriptor socket;
    bool asked = false;
    bool headRead = false;
    std::string head;
    ChunkedBody framing;
    std::string body;
    bool done = false;
};

class StreamLoad
{
public:
    explicit StreamLoad(const Load& load)
        : m_load(load)
        , m_request("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(load.port) +
                    "\r\nAuthorization: Bearer test-key\r\nContent-Type: application/json\r\nContent-Length: " +
                    std::to_string(kBody.size()) + "\r\n\r\n" + std::string(kBody))
    {
    }

    Result run()
    {
        const std::int64_t start = nowNanoseconds();
        const std::int64_t end = start + std::int64_t{m_load.seconds} * 1'000'000'000;
        while (nowNanoseconds() < end && (m_opened < m_load.connections || !m_streams.empty())) {
            const std::int64_t next = openDue(start);
            m_poller.wait(std::min(next, end),
                          [this](int descriptor, std::uint32_t events) { serve(descriptor, events); });
        }
        m_result.errors += m_streams.size() + static_cast<std::uint64_t>(m_load.connections - m_opened);
        m_result.seconds = static_cast<double>(nowNanoseconds() - start) / 1e9;
        return std::move(m_result);
    }

private:
    /// Opens the streams whose time has come; returns when the next one's is.
    std::int64_t openDue(std::int64_t start)
    {
        const std::int64_t step = kRampNanoseconds / m_load.connections;
        for (; m_opened < m_load.connections && start + m_opened * step <= nowNanoseconds(); ++m_opened) {
            Descriptor socket = connectTo(m_load.port);
            m_poller.watch(socket, EPOLLOUT);
            const int key = socket.value();
            m_streams.emplace(key, Stream{.socket = std::move(socket)});
        }
        return m_opened < m_load.connections ? start + m_opened * step : nowNanoseconds() + kRampNanoseconds;
    }

    void serve(int descriptor, std::uint32_t events)
    {
        Stream& stream = m_streams.at(descriptor);
        if (!stream.asked && (events & (EPOLLHUP | EPOLLERR)) == 0) {
            stream.asked = true;
            m_poller.change(stream.socket, EPOLLIN);
            if (send(stream.socket.value(), m_request.data(), m_request.size(), MSG_NOSIGNAL) < 0)
                stop("send");
            return;
        }
        const bool open = read(stream);
        const bool whole = stream.framing.state() == ChunkedBody::State::Done && stream.done;
        if (open && !whole)
            return;
        whole ? ++m_result.requests : ++m_result.errors;
        m_streams.erase(descriptor);
    }

    bool read(Stream& stream)
    {
        char buffer[16 * 1024];
        const ssize_t count = recv(stream.socket.value(), buffer, sizeof buffer, 0);
        if (count <= 0)
            return count < 0 && errno == EAGAIN;
        std::string_view bytes(buffer, static_cast<std::size_t>(count));
        if (!stream.headRead && !readHead(stream, bytes))
            return stream.head.find("\r\n\r\n") == std::string::npos; // more of the head, or no success
        stream.framing.read(bytes, stream.body);
        readEvents(stream);
        return stream.framing.state() != ChunkedBody::State::Broken;
    }

    /// Leaves in `bytes` what follows the head; false while it is not whole or when it is no success.
    static bool readHead(Stream& stream, std::string_view& bytes)
    {
        const std::size_t before = stream.head.size();
        stream.head.append(bytes);
        const std::size_t end = stream.head.find("\r\n\r\n");
        if (end == std::string::npos)
            return false;
        bytes.remove_prefix(end + 4 - before);
        stream.headRead = stream.head.starts_with("HTTP/1.1 200");
        return stream.headRead;
    }

    void readEvents(Stream& stream)
    {
        for (std::size_t end = stream.body.find("\n\n"); end != std::string::npos; end = stream.body.find("\n\n")) {
            const std::string_view event = std::string_view(stream.body).substr(0, end);
            const std::size_t stamp = event.find("t=");
            if (stamp != std::string_view::npos) {
                const std::int64_t sentAt = std::strtoll(stream.body.c_str() + stamp + 2, nullptr, 10);
                m_result.microseconds.push_back(static_cast<std::uint32_t>((nowNanoseconds() - sentAt) / 1000));
                ++m_result.events;
            }
            stream.done = stream.done || event == "data: [DONE]";
            stream.body.erase(0, end + 2);
        }
    }

    Load m_load;
    std::string m_request;
    Poller m_poller;
    std::unordered_map<int, Stream> m_streams;
    int m_opened = 0;
    Result m_result;
};

} // namespace

Result runStreams(const Load& load)
{
    return StreamLoad(load).run();
}

} // namespace luthien::bench
