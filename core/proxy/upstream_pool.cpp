// SPDX-License-Identifier: Apache-2.0
#include "proxy/upstream_pool.h"

#include <algorithm>

namespace luthien::proxy {

namespace {
/// Per origin and worker; more idle connections than this are closed rather than kept.
constexpr std::size_t kMaxIdle = 64;
constexpr std::chrono::seconds kExpiryStep{1};
} // namespace

UpstreamPool::UpstreamPool(boost::asio::io_context& io)
    : m_expiry(io)
{
}

std::shared_ptr<UpstreamConnection> UpstreamPool::take(const Origin& origin)
{
    const auto found = m_idle.find(origin);
    if (found == m_idle.end() || found->second.empty())
        return nullptr;
    auto connection = std::move(found->second.back().connection);
    found->second.pop_back();
    --m_size;
    return connection;
}

void UpstreamPool::put(std::shared_ptr<UpstreamConnection> connection, std::chrono::milliseconds keepFor)
{
    std::list<Idle>& idle = m_idle[connection->origin()];
    if (idle.size() >= kMaxIdle) {
        idle.front().connection->close();
        idle.pop_front();
        --m_size;
    }
    UpstreamConnection& parked = *connection;
    idle.push_back({std::move(connection), std::chrono::steady_clock::now() + keepFor});
    ++m_size;
    parked.park([this, &parked] { drop(parked); });
    armExpiry();
}

void UpstreamPool::drop(const UpstreamConnection& connection)
{
    std::list<Idle>& idle = m_idle[connection.origin()];
    const auto found = std::ranges::find(idle, &connection, [](const Idle& entry) { return entry.connection.get(); });
    if (found == idle.end())
        return;
    const auto kept = std::move(found->connection);
    idle.erase(found);
    --m_size;
    kept->close();
}

void UpstreamPool::armExpiry()
{
    if (m_armed || m_size == 0)
        return;
    m_armed = true;
    m_expiry.expires_after(kExpiryStep);
    m_expiry.async_wait([this](const boost::system::error_code& error) {
        m_armed = false;
        if (!error)
            expire();
    });
}

void UpstreamPool::expire()
{
    const auto now = std::chrono::steady_clock::now();
    for (auto& [origin, idle] : m_idle) {
        while (!idle.empty() && idle.front().until <= now) {
            idle.front().connection->close();
            idle.pop_front();
            --m_size;
        }
    }
    std::erase_if(m_idle, [](const auto& entry) { return entry.second.empty(); });
    armExpiry();
}

void UpstreamPool::closeAll()
{
    m_expiry.cancel();
    for (auto& [origin, idle] : m_idle) {
        for (Idle& entry : idle)
            entry.connection->close();
    }
    m_idle.clear();
    m_size = 0;
}

} // namespace luthien::proxy
