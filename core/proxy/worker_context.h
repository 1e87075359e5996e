// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/metrics.h"
#include "conversation/event_sink.h"
#include "proxy/config.h"
#include "proxy/watched_calls.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace luthien::proxy {

/// What all calls of one worker share. Thread: that worker.
struct WorkerContext
{
    const Clock& clock;
    conversation::EventSink& sink;
    Metrics& metrics;
    const ForwardProxy& forwardProxy;
    std::atomic<std::size_t>& openCalls; ///< read by other threads
    std::uint16_t ownPort = 0;
    std::shared_ptr<const ProxySnapshot> snapshot; ///< the newest; a call keeps the one it began with
    WatchedCalls watched{};
};

} // namespace luthien::proxy
