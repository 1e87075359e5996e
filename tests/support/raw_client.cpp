// SPDX-License-Identifier: Apache-2.0
#include "support/raw_client.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cstdlib>
#include <netinet/in.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

namespace luthien::test {

using std::chrono::steady_clock;

RawClient::RawClient(std::uint16_t port, int receiveBufferBytes)
    : m_descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    if (receiveBufferBytes > 0)
        ::setsockopt(m_descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBufferBytes, sizeof receiveBufferBytes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    m_closed = ::connect(m_descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0;
}

RawClient::~RawClient()
{
    close();
}

void RawClient::close()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
    m_descriptor = -1;
    m_closed = true;
}

void RawClient::send(std::string_view bytes) const
{
    while (!bytes.empty()) {
        const auto count = ::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0)
            return; // the peer has closed: what it answered is what the test looks at
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

bool RawClient::readMore(steady_clock::time_point until)
{
    if (m_closed)
        return false;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now()).count();
    pollfd entry{m_descriptor, POLLIN, 0};
    if (left <= 0 || ::poll(&entry, 1, static_cast<int>(left)) <= 0)
        return false;
    char buffer[16 * 1024];
    const auto count = ::recv(m_descriptor, buffer, sizeof buffer, 0);
    if (count <= 0) {
        m_closed = true;
        return false;
    }
    m_input.append(buffer, static_cast<std::size_t>(count));
    return true;
}

std::string RawClient::readUntil(std::string_view text, std::chrono::milliseconds deadline)
{
    const auto until = steady_clock::now() + deadline;
    while (m_input.find(text) == std::string::npos && readMore(until))
        ;
    return m_input;
}

std::string RawClient::Reply::header(std::string_view name) const
{
    std::size_t at = head.find("\r\n");
    while (at != std::string::npos && at + 2 < head.size()) {
        at += 2;
        const auto end = std::min(head.find("\r\n", at), head.size());
        const auto colon = head.find(':', at);
        if (colon != std::string::npos && colon < end && colon - at == name.size() &&
            strncasecmp(head.data() + at, name.data(), name.size()) == 0)
            return head.substr(std::min(colon + 2, end), end - std::min(colon + 2, end));
        at = head.find("\r\n", at);
    }
    return {};
}

bool RawClient::takeChunked(std::string& body, steady_clock::time_point until)
{
    for (;;) {
        std::size_t line = 0;
        while ((line = m_input.find("\r\n")) == std::string::npos) {
            if (!readMore(until))
                return false;
        }
        const std::size_t size = std::strtoul(m_input.c_str(), nullptr, 16);
        while (m_input.size() < line + 2 + size + 2) {
            if (!readMore(until)) {
                body += m_input.substr(line + 2, size);
                return false;
            }
        }
        body += m_input.substr(line + 2, size);
        m_input.erase(0, line + 2 + size + 2);
        if (size == 0)
            return true;
    }
}

RawClient::Reply RawClient::readReply(bool isHead, std::chrono::milliseconds deadline)
{
    const auto until = steady_clock::now() + deadline;
    Reply reply;
    std::size_t end = 0;
    while ((end = m_input.find("\r\n\r\n")) == std::string::npos) {
        if (!readMore(until))
            return reply;
    }
    reply.head = m_input.substr(0, end + 2);
    m_input.erase(0, end + 4);
    reply.status = std::atoi(reply.head.c_str() + reply.head.find(' '));
    if (reply.header("Transfer-Encoding") == "chunked") {
        reply.complete = isHead || takeChunked(reply.body, until);
        return reply;
    }
    const std::string announced = reply.header("Content-Length");
    const bool none = isHead || reply.status == 204 || reply.status == 304 || reply.status / 100 == 1;
    const std::size_t length = none ? 0 : announced.empty() ? std::string::npos : std::stoul(announced);
    while (m_input.size() < length && readMore(until))
        ;
    const std::size_t taken = std::min(length, m_input.size());
    reply.body = m_input.substr(0, taken);
    m_input.erase(0, taken);
    reply.complete = length == std::string::npos ? m_closed : taken == length;
    return reply;
}

bool RawClient::isClosedByPeer(std::chrono::milliseconds deadline)
{
    const auto until = steady_clock::now() + deadline;
    while (!m_closed && readMore(until))
        ;
    return m_closed && m_input.empty();
}

} // namespace luthien::test
