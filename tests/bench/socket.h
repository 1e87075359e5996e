// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <utility>

namespace luthien::bench {

/// A file descriptor that is closed with its owner.
class Descriptor
{
public:
    explicit Descriptor(int value = -1)
        : m_value(value)
    {
    }
    Descriptor(Descriptor&& other) noexcept
        : m_value(std::exchange(other.m_value, -1))
    {
    }
    Descriptor& operator=(Descriptor&& other) noexcept
    {
        std::swap(m_value, other.m_value);
        return *this;
    }
    ~Descriptor();

    [[nodiscard]] int value() const { return m_value; }

private:
    int m_value;
};

/// Ends the program with what failed and errno: a benchmark has nothing to fall back to.
[[noreturn]] void stop(const char* what);

/// Non-blocking sockets on 127.0.0.1. Port 0 listens on any free one.
[[nodiscard]] Descriptor listenOn(std::uint16_t port);
[[nodiscard]] Descriptor acceptFrom(const Descriptor& listener);
[[nodiscard]] Descriptor connectTo(std::uint16_t port);
[[nodiscard]] std::uint16_t portOf(const Descriptor& socket);

/// Raises the soft limit of open files to the hard one.
void allowManyFiles();

/// One epoll instance whose waits end at a point of the monotonic clock.
class Poller
{
public:
    Poller();
    void watch(const Descriptor& descriptor, std::uint32_t events);
    void change(const Descriptor& descriptor, std::uint32_t events);

    /// Calls `handle(descriptor, events)` for each ready descriptor; returns at `deadlineNanoseconds` at the latest.
    template <typename Handler>
    void wait(std::int64_t deadlineNanoseconds, Handler handle)
    {
        const int count = poll(deadlineNanoseconds);
        for (int index = 0; index < count; ++index)
            handle(readyDescriptor(index), readyEvents(index));
    }

private:
    [[nodiscard]] int poll(std::int64_t deadlineNanoseconds);
    [[nodiscard]] int readyDescriptor(int index) const;
    [[nodiscard]] std::uint32_t readyEvents(int index) const;

    Descriptor m_epoll;
};

/// The monotonic clock, which all processes of one machine share.
[[nodiscard]] inline std::int64_t nowNanoseconds()
{
    return std::chrono::steady_clock::now().time_since_epoch().count();
}

} // namespace luthien::bench
