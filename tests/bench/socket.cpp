// SPDX-License-Identifier: Apache-2.0
#include "socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace luthien::bench {

namespace {

constexpr int kBacklog = 4096;
constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
std::array<epoll_event, 256> ready;

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void sendAtOnce(int socket)
{
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

} // namespace

Descriptor::~Descriptor()
{
    if (m_value >= 0)
        close(m_value);
}

void stop(const char* what)
{
    std::fprintf(stderr, "%s: %s\n", what, std::strerror(errno));
    std::exit(1);
}

Descriptor listenOn(std::uint16_t port)
{
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    setsockopt(socket.value(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const sockaddr_in address = loopback(port);
    if (bind(socket.value(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(socket.value(), kBacklog) != 0)
        stop("listen");
    return socket;
}

Descriptor acceptFrom(const Descriptor& listener)
{
    Descriptor socket(accept4(listener.value(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.value() >= 0)
        sendAtOnce(socket.value());
    else if (errno != EAGAIN && errno != ECONNABORTED)
        stop("accept");
    return socket;
}

Descriptor connectTo(std::uint16_t port)
{
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (socket.value() < 0)
        stop("socket");
    sendAtOnce(socket.value());
    const sockaddr_in address = loopback(port);
    if (connect(socket.value(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
        errno != EINPROGRESS)
        stop("connect");
    return socket;
}

std::uint16_t portOf(const Descriptor& socket)
{
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (getsockname(socket.value(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        stop("getsockname");
    return ntohs(address.sin_port);
}

void allowManyFiles()
{
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

Poller::Poller()
    : m_epoll(epoll_create1(EPOLL_CLOEXEC))
{
}

void Poller::watch(const Descriptor& descriptor, std::uint32_t events)
{
    epoll_event event{.events = events, .data = {.fd = descriptor.value()}};
    if (epoll_ctl(m_epoll.value(), EPOLL_CTL_ADD, descriptor.value(), &event) != 0)
        stop("epoll_ctl");
}

void Poller::change(const Descriptor& descriptor, std::uint32_t events)
{
    epoll_event event{.events = events, .data = {.fd = descriptor.value()}};
    if (epoll_ctl(m_epoll.value(), EPOLL_CTL_MOD, descriptor.value(), &event) != 0)
        stop("epoll_ctl");
}

int Poller::poll(std::int64_t deadlineNanoseconds)
{
    const std::int64_t rest = std::max<std::int64_t>(0, deadlineNanoseconds - nowNanoseconds());
    const timespec timeout{.tv_sec = rest / kNanosecondsPerSecond, .tv_nsec = rest % kNanosecondsPerSecond};
    const int count = epoll_pwait2(m_epoll.value(), ready.data(), static_cast<int>(ready.size()), &timeout, nullptr);
    if (count < 0 && errno != EINTR)
        stop("epoll_wait");
    return count;
}

int Poller::readyDescriptor(int index) const
{
    return ready[static_cast<std::size_t>(index)].data.fd;
}

std::uint32_t Poller::readyEvents(int index) const
{
    return ready[static_cast<std::size_t>(index)].events;
}

} // namespace luthien::bench
