// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "policy/inference.h"
#include "policy/stream_gate.h"
#include "proxy/config.h"

#include <cstdint>
#include <memory>
#include <string_view>

namespace luthien::proxy {

struct PreparedCall;

enum class ClientClose : std::uint8_t {
    WhenSent, ///< after all that was written has left
    Now,      ///< at once; what is unsent is lost
};

enum class UpstreamClose : std::uint8_t {
    Keep,  ///< the exchange is over and clean: another call may use the connection
    Abort, ///< at once
};

enum class UpstreamChoice : std::uint8_t {
    PooledOrFresh,
    Fresh, ///< a pooled connection has just failed
};

/// How an upstream's side of a connection ended.
enum class StreamEnd : std::uint8_t {
    Orderly, ///< it closed
    Broken,  ///< it was reset, or TLS ended without saying so: what came last may be missing
};

enum class Flow : std::uint8_t { Run, Pause };

/// What a CallHandler can ask of the world. Nothing here calls back into the handler before it has returned.
class CallActions
{
public:
    virtual ~CallActions() = default;

    /// Takes a copy; it leaves when the handler returns.
    virtual void writeToClient(std::string_view bytes) = 0;
    [[nodiscard]] virtual std::size_t unsentToClient() const = 0;
    virtual void setClientFlow(Flow flow) = 0;
    virtual void closeClient(ClientClose how) = 0;

    /// Answered by upstreamOpened() or upstreamFailed().
    virtual void openUpstream(const Origin& origin, UpstreamChoice choice) = 0;
    virtual void writeToUpstream(std::string_view bytes) = 0;
    virtual void setUpstreamFlow(Flow flow) = 0;
    virtual void closeUpstream(UpstreamClose how) = 0;

    /// tick() is wanted at that time, or earlier if an earlier one is already set.
    virtual void wakeAt(SteadyPoint time) = 0;
    /// A function for any thread that leads to CallHandler::resume().
    [[nodiscard]] virtual policy::WakeFunction makeWake(CallId call) = 0;
    /// Asks models for the policies of that call, which outlives it. Null = that cannot be done here.
    [[nodiscard]] virtual std::unique_ptr<policy::Inference> makeInference(const PreparedCall&) { return nullptr; }
};

} // namespace luthien::proxy
