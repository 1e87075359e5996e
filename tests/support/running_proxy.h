// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proxy/proxy.h"
#include "support/raw_client.h"
#include "support/recording_sink.h"
#include "support/scripted_upstream.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace luthien::test {

/// A real Proxy on a free port with one upstream of each family at the same address.
class RunningProxy
{
public:
    using Change = std::function<void(proxy::ProxyConfig&, proxy::ProxySnapshot&)>;
    /// Records into recording, unless makeSink names another place.
    explicit RunningProxy(const std::string& upstreamUrl, const Change& change = {}, proxy::SinkFactory makeSink = {})
    {
        proxy::ProxyConfig config{.host = "127.0.0.1", .port = 0, .workers = 1, .forwardProxy = {}, .caFile = {}};
        auto made = std::make_shared<proxy::ProxySnapshot>();
        const auto base = proxy::parseBaseUrl(upstreamUrl).value();
        made->upstreams = {{"anthropic", base, proxy::ApiFamily::Anthropic, {}},
                           {"openai", base, proxy::ApiFamily::OpenAi, {}}};
        if (change)
            change(config, *made);
        snapshot = std::move(made);
        if (!makeSink)
            makeSink = [this](int) { return recording.makeSink(); };
        proxy = std::make_unique<proxy::Proxy>(config, snapshot, std::move(makeSink), metrics);
        const auto listening = proxy->start();
        if (listening)
            port = listening->port;
    }

    /// A request with this body to this path, all headers set that a client must set.
    [[nodiscard]] std::string request(std::string_view body, std::string_view path = "/v1/messages",
                                      std::string_view fields = {}) const
    {
        return "POST " + std::string(path) + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n" +
               std::string(fields) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
    }

    Metrics metrics;
    Recording recording;
    std::shared_ptr<const proxy::ProxySnapshot> snapshot;
    std::uint16_t port = 0;
    std::unique_ptr<proxy::Proxy> proxy;
};

} // namespace luthien::test
