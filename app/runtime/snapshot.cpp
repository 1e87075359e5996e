// SPDX-License-Identifier: Apache-2.0
#include "runtime/snapshot.h"

namespace luthien::runtime {

namespace {
proxy::Upstream toUpstream(const UpstreamConfig& config, const Variables& environment,
                           const std::map<std::string, std::string>& secrets)
{
    proxy::Upstream upstream{.name = config.name, .api = config.api};
    if (auto url = proxy::parseBaseUrl(config.baseUrl))
        upstream.baseUrl = *std::move(url);
    if (config.credential.source == Credential::Source::Environment)
        upstream.credential = environment.at(config.credential.name); // loadConfig() has seen it
    else if (config.credential.source == Credential::Source::Secret)
        upstream.credential = secrets.at(config.credential.name); // secretsOf() has
    return upstream;
}
} // namespace

std::shared_ptr<const proxy::ProxySnapshot> makeSnapshot(const Config& config, const Variables& environment,
                                                         const std::map<std::string, std::string>& secrets,
                                                         const std::string& clientToken,
                                                         std::vector<std::uint16_t> guardedPorts)
{
    auto snapshot = std::make_shared<proxy::ProxySnapshot>();
    for (const UpstreamConfig& upstream : config.upstreams)
        snapshot->upstreams.push_back(toUpstream(upstream, environment, secrets));
    snapshot->clients.tokenRequired = config.auth == ClientAuth::Token;
    if (snapshot->clients.tokenRequired)
        snapshot->clients.tokens.push_back(clientToken);
    snapshot->clients.origins = config.origins;
    snapshot->clients.hosts = config.hosts;
    snapshot->limits = config.limits;
    snapshot->guardedPorts = std::move(guardedPorts);
    return snapshot;
}

} // namespace luthien::runtime
