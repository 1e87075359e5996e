// SPDX-License-Identifier: Apache-2.0
// Times one streamed Messages call through a CallHandler, sockets and store left out: with no policies, with policies
// in shadow and enforced. Prints one JSON line a row.
#include "policy/builtin/builtin.h"
#include "policy/chain.h"
#include "protocol/sse_parser.h"
#include "proxy/call_handler.h"
#include "proxy/policy_gate.h"
#include "report.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace luthien;

constexpr int kEvents = 5000;
constexpr int kRounds = 21;

class NoSink final : public conversation::EventSink
{
public:
    void opened(const conversation::CallOpened&) override {}
    void request(const conversation::RequestRecorded&) override {}
    void wire(const conversation::WireEvent&) override {}
    void decided(const conversation::Decision&) override {}
    void ended(const conversation::CallEnded&) override {}
    [[nodiscard]] bool hasRoom() const override { return true; }
};

class NoActions final : public proxy::CallActions
{
public:
    void writeToClient(std::string_view bytes) override { written += bytes.size(); }
    [[nodiscard]] std::size_t unsentToClient() const override { return 0; }
    void setClientFlow(proxy::Flow) override {}
    void closeClient(proxy::ClientClose) override {}
    void openUpstream(const proxy::Origin&, proxy::UpstreamChoice) override {}
    void writeToUpstream(std::string_view) override {}
    void setUpstreamFlow(proxy::Flow) override {}
    void closeUpstream(proxy::UpstreamClose) override {}
    void wakeAt(SteadyPoint) override {}
    [[nodiscard]] policy::WakeFunction makeWake(CallId) override { return {}; }

    std::size_t written = 0;
};

/// CPU time of this thread: what others do on the machine does not count.
double threadNanoseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

std::string chunk(const std::string& bytes)
{
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
    return size + bytes + "\r\n";
}

/// Text of seven bytes an event, each in a read of its own: what is worst for the cost of an event.
std::vector<std::string> reads()
{
    std::vector<std::string> all = {
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n",
        chunk(protocol::sseEvent("message_start", R"({"type":"message_start","message":{"id":"m","model":"c",)"
                                                  R"("content":[],"usage":{"input_tokens":1}}})")),
        chunk(protocol::sseEvent("content_block_start", R"({"type":"content_block_start","index":0,)"
                                                        R"("content_block":{"type":"text","text":""}})"))};
    for (int i = 0; i < kEvents; ++i)
        all.push_back(chunk(protocol::sseEvent("content_block_delta",
                                               R"({"type":"content_block_delta","index":0,"delta":{"type":)"
                                               R"("text_delta","text":"seven ."}})")));
    return all;
}

double nanosecondsAnEvent(const std::shared_ptr<const policy::GateFactory>& gates,
                          const std::vector<std::string>& pieces)
{
    const SystemClock clock;
    Metrics metrics;
    NoSink sink;
    NoActions actions;
    const proxy::ForwardProxy forwardProxy;
    std::atomic<std::size_t> openCalls{0};
    auto snapshot = std::make_shared<proxy::ProxySnapshot>();
    snapshot->upstreams = {{"a", {{.tls = false, .host = "up.test", .port = 80}, {}}, proxy::ApiFamily::Anthropic, {}}};
    snapshot->gates = gates;
    proxy::WorkerContext context{.clock = clock,
                                 .sink = sink,
                                 .metrics = metrics,
                                 .forwardProxy = forwardProxy,
                                 .openCalls = openCalls,
                                 .ownPort = 4000,
                                 .snapshot = snapshot};
    proxy::CallHandler handler(context, actions);
    handler.start();
    handler.clientBytes("POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nContent-Length: 43\r\n\r\n"
                        R"({"model":"c","stream":true,"messages":[]}  )");
    handler.upstreamOpened(false);
    const double start = threadNanoseconds();
    for (const std::string& piece : pieces)
        handler.upstreamBytes(piece);
    const double took = threadNanoseconds() - start;
    handler.clientClosed();
    return actions.written > 0 ? took / kEvents : -1;
}

void measure(bench::Report& report, const char* name, const std::vector<policy::Definition>& definitions)
{
    const auto chain = policy::Chain::build(policy::builtin::registry(), definitions);
    const auto gates = proxy::makePolicyGates(chain.value());
    const std::vector<std::string> pieces = reads();
    std::vector<double> samples;
    for (int round = 0; round < kRounds; ++round)
        samples.push_back(nanosecondsAnEvent(gates, pieces));
    std::ranges::sort(samples);
    report.beginRow();
    std::printf("{\"policies\":\"%s\",\"events\":%d,\"ns_per_event_p50\":%.0f,\"ns_per_event_min\":%.0f}", name,
                kEvents, samples[samples.size() / 2], samples.front());
}

} // namespace

int main()
{
    using conversation::PolicyMode;
    const auto one = [](const char* type, PolicyMode mode) {
        return std::vector<policy::Definition>{{.id = "p", .type = type, .mode = mode}};
    };
    bench::Report report;
    measure(report, "none", {});
    measure(report, "noop enforced", one("noop", PolicyMode::Enforce));
    measure(report, "destructive-sql in shadow", one("destructive-sql", PolicyMode::Shadow));
    measure(report, "destructive-sql enforced", one("destructive-sql", PolicyMode::Enforce));
    measure(report, "all-caps enforced", one("all-caps", PolicyMode::Enforce));
}
