// SPDX-License-Identifier: Apache-2.0
#include "proxy/upstream_link.h"

#include "proxy/upstream_pool.h"
#include "proxy/worker_context.h"

#include <utility>

namespace luthien::proxy {

UpstreamLink::UpstreamLink(Parts parts, UpstreamUser& user)
    : m_parts(parts)
    , m_user(user)
{
}

void UpstreamLink::open(const Origin& origin, UpstreamChoice choice)
{
    m_connection = choice == UpstreamChoice::PooledOrFresh ? m_parts.pool.take(origin) : nullptr;
    if (m_connection) {
        m_connection->takeUp(m_user);
        return;
    }
    m_connection = std::make_shared<UpstreamConnection>(m_parts.upstreams, origin);
    m_connection->open(m_user);
}

void UpstreamLink::write(std::string_view bytes)
{
    if (m_connection)
        m_connection->write(bytes);
}

void UpstreamLink::setFlow(Flow flow)
{
    if (m_connection)
        m_connection->setFlow(flow);
}

void UpstreamLink::close(UpstreamClose how)
{
    const auto connection = std::exchange(m_connection, nullptr);
    if (!connection)
        return;
    // A reply that came before all of the request had left says nothing about the rest of it.
    if (how == UpstreamClose::Keep && !connection->hasUnsent())
        m_parts.pool.put(connection, m_parts.context.snapshot->limits.upstreamKeepAlive);
    else
        connection->close();
}

} // namespace luthien::proxy
