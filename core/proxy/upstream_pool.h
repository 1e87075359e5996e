// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proxy/upstream_connection.h"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <list>
#include <map>
#include <memory>

namespace luthien::proxy {

/// The unused keep-alive connections of one worker, by origin; the one used last is used next. Thread: the worker.
class UpstreamPool
{
public:
    explicit UpstreamPool(boost::asio::io_context& io);

    /// A connection that was quiet and clean to the last, or null.
    [[nodiscard]] std::shared_ptr<UpstreamConnection> take(const Origin& origin);
    void put(std::shared_ptr<UpstreamConnection> connection, std::chrono::milliseconds keepFor);
    void closeAll();
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }

private:
    struct Idle
    {
        std::shared_ptr<UpstreamConnection> connection;
        std::chrono::steady_clock::time_point until;
    };
    void drop(const UpstreamConnection& connection);
    void expire();
    void armExpiry();

    boost::asio::steady_timer m_expiry;
    std::map<Origin, std::list<Idle>> m_idle;
    std::size_t m_size = 0;
    bool m_armed = false;
};

} // namespace luthien::proxy
