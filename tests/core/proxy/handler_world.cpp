// SPDX-License-Identifier: Apache-2.0
#include "handler_world.h"

#include <algorithm>
#include <cstdlib>

namespace luthien::test {

using namespace proxy;

HandlerWorld::HandlerWorld(std::shared_ptr<const policy::GateFactory> gates)
    : context{.clock = clock,
              .sink = *sink,
              .metrics = metrics,
              .forwardProxy = forwardProxy,
              .openCalls = openCalls,
              .ownPort = 4000,
              .snapshot = {}}
{
    auto snapshot = std::make_shared<ProxySnapshot>();
    const BaseUrl base{{.tls = false, .host = "up.test", .port = 80}, {}};
    snapshot->upstreams = {{"anthropic", base, ApiFamily::Anthropic, {}}, {"openai", base, ApiFamily::OpenAi, {}}};
    snapshot->gates = std::move(gates);
    context.snapshot = std::move(snapshot);
    handler = std::make_unique<CallHandler>(context, *this);
    handler->start();
}

void HandlerWorld::configure(const std::function<void(ProxySnapshot&)>& change)
{
    auto snapshot = std::make_shared<ProxySnapshot>(*context.snapshot);
    change(*snapshot);
    context.snapshot = std::move(snapshot);
}

void HandlerWorld::pass(std::chrono::milliseconds time)
{
    const SteadyPoint end = clock.steady() + time;
    while (wake <= end) {
        const auto step =
            std::max(std::chrono::ceil<std::chrono::milliseconds>(wake - clock.steady()), std::chrono::milliseconds(0));
        clock.advance(step);
        wake = SteadyPoint::max();
        handler->tick();
    }
    clock.advance(std::chrono::duration_cast<std::chrono::milliseconds>(end - clock.steady()));
}

void HandlerWorld::ask(std::string_view body)
{
    handler->clientBytes("POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nContent-Length: " +
                         std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
    handler->upstreamOpened(false);
    takeToUpstream();
}

void HandlerWorld::setClientFlow(Flow flow)
{
    log.emplace_back(flow == Flow::Pause ? "pause client" : "resume client");
}

void HandlerWorld::closeClient(ClientClose how)
{
    log.emplace_back(how == ClientClose::Now ? "close client now" : "close client when sent");
}

void HandlerWorld::openUpstream(const Origin& origin, UpstreamChoice choice)
{
    log.emplace_back((choice == UpstreamChoice::Fresh ? "open fresh " : "open ") + origin.authority());
}

void HandlerWorld::setUpstreamFlow(Flow flow)
{
    log.emplace_back(flow == Flow::Pause ? "pause upstream" : "resume upstream");
}

void HandlerWorld::closeUpstream(UpstreamClose how)
{
    log.emplace_back(how == UpstreamClose::Keep ? "keep upstream" : "abort upstream");
}

void HandlerWorld::wakeAt(SteadyPoint time)
{
    wake = std::min(wake, time);
}

policy::WakeFunction HandlerWorld::makeWake(CallId id)
{
    return [this, id] { handler->resume(id); };
}

std::string headerIn(std::string_view wire, std::string_view name)
{
    const std::string_view head = wire.substr(0, wire.find("\r\n\r\n") + 2);
    const std::string start = "\r\n" + std::string(name) + ": ";
    const auto at = head.find(start);
    if (at == std::string_view::npos)
        return {};
    const auto from = at + start.size();
    return std::string(head.substr(from, head.find("\r\n", from) - from));
}

std::string bodyIn(std::string_view wire)
{
    std::string_view rest = wire.substr(std::min(wire.find("\r\n\r\n"), wire.size() - 4) + 4);
    if (headerIn(wire, "Transfer-Encoding") != "chunked")
        return std::string(rest);
    std::string body;
    while (!rest.empty()) {
        const std::size_t size = std::strtoul(std::string(rest.substr(0, rest.find("\r\n"))).c_str(), nullptr, 16);
        rest.remove_prefix(rest.find("\r\n") + 2);
        body += rest.substr(0, size);
        rest.remove_prefix(std::min(size + 2, rest.size()));
    }
    return body;
}

} // namespace luthien::test
