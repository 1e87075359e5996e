// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proxy/call_handler.h"
#include "support/recording_sink.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::test {

class FakeClock final : public Clock
{
public:
    [[nodiscard]] TimePoint now() const override { return TimePoint(std::chrono::hours(500'000)) + m_passed; }
    [[nodiscard]] SteadyPoint steady() const override { return SteadyPoint(std::chrono::hours(1)) + m_passed; }
    void advance(std::chrono::milliseconds by) { m_passed += by; }

private:
    std::chrono::milliseconds m_passed{};
};

/// A CallHandler with nothing real around it: what it does is text that a test can compare.
class HandlerWorld final : public proxy::CallActions
{
public:
    /// One upstream of each family at "http://up.test", and this gate.
    explicit HandlerWorld(std::shared_ptr<const policy::GateFactory> gates = nullptr);

    /// Changes the snapshot that the next request sees.
    void configure(const std::function<void(proxy::ProxySnapshot&)>& change);
    /// Lets time pass and wakes the handler at each time it has asked for.
    void pass(std::chrono::milliseconds time);
    /// A POST to /v1/messages, the connection to the upstream made, all of it sent: ready for a reply.
    void ask(std::string_view body = R"({"model":"claude","stream":true,"messages":[]})");
    std::string takeToClient() { return std::exchange(toClient, {}); }
    std::string takeToUpstream() { return std::exchange(toUpstream, {}); }
    [[nodiscard]] RecordedCall call(std::size_t index = 0) const { return recording.calls().at(index); }

    void writeToClient(std::string_view bytes) override { toClient += bytes; }
    [[nodiscard]] std::size_t unsentToClient() const override { return unsent; }
    void setClientFlow(proxy::Flow flow) override;
    void closeClient(proxy::ClientClose how) override;
    void openUpstream(const proxy::Origin& origin, proxy::UpstreamChoice choice) override;
    void writeToUpstream(std::string_view bytes) override { toUpstream += bytes; }
    void setUpstreamFlow(proxy::Flow flow) override;
    void closeUpstream(proxy::UpstreamClose how) override;
    void wakeAt(SteadyPoint time) override;
    [[nodiscard]] policy::WakeFunction makeWake(CallId id) override;

    FakeClock clock;
    Recording recording;
    Metrics metrics;
    proxy::ForwardProxy forwardProxy;
    std::atomic<std::size_t> openCalls{0};
    std::unique_ptr<conversation::EventSink> sink = recording.makeSink();
    proxy::WorkerContext context;
    std::vector<std::string> log; ///< what was asked for besides bytes, in order
    std::string toClient;
    std::string toUpstream;
    std::size_t unsent = 0;
    SteadyPoint wake = SteadyPoint::max();
    std::unique_ptr<proxy::CallHandler> handler;
};

/// The value of a header in wire bytes, or empty.
[[nodiscard]] std::string headerIn(std::string_view wire, std::string_view name);
/// The body behind the head in wire bytes, chunks joined.
[[nodiscard]] std::string bodyIn(std::string_view wire);

} // namespace luthien::test
