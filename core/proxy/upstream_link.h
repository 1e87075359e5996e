// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proxy/call_actions.h"
#include "proxy/upstream_connection.h"

#include <memory>
#include <string_view>

namespace luthien::proxy {

class UpstreamPool;
struct WorkerContext;

/// The upstream's side of one call after the other: takes a connection from the pool or opens one, and gives it back.
/// Without a connection it does nothing. Thread: the worker.
class UpstreamLink
{
public:
    struct Parts
    {
        UpstreamEnvironment& upstreams;
        UpstreamPool& pool;
        WorkerContext& context;
    };
    /// user hears of each connection until it is closed.
    UpstreamLink(Parts parts, UpstreamUser& user);

    void open(const Origin& origin, UpstreamChoice choice);
    void write(std::string_view bytes);
    void setFlow(Flow flow);
    void close(UpstreamClose how);

private:
    Parts m_parts;
    UpstreamUser& m_user;
    std::shared_ptr<UpstreamConnection> m_connection;
};

} // namespace luthien::proxy
