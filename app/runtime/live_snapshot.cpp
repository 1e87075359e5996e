// SPDX-License-Identifier: Apache-2.0
#include "runtime/live_snapshot.h"

#include <algorithm>

namespace luthien::runtime {

void LiveSnapshot::setPrices(std::shared_ptr<const conversation::PriceTable> prices)
{
    change([&prices](proxy::ProxySnapshot& snapshot) { snapshot.prices = std::move(prices); });
}

void LiveSnapshot::setLimits(const proxy::Limits& limits)
{
    change([&limits](proxy::ProxySnapshot& snapshot) { snapshot.limits = limits; });
}

void LiveSnapshot::setGates(std::shared_ptr<const policy::GateFactory> gates)
{
    change([&gates](proxy::ProxySnapshot& snapshot) { snapshot.gates = std::move(gates); });
}

void LiveSnapshot::setTrials(std::shared_ptr<proxy::TrialChains> trials)
{
    change([&trials](proxy::ProxySnapshot& snapshot) { snapshot.trials = std::move(trials); });
}

Result<std::string> LiveSnapshot::addDemo(const std::string& url)
{
    if (!m_demo.empty())
        return Error{.code = ErrorCode::Conflict, .message = "a demonstration runs already"};
    auto baseUrl = proxy::parseBaseUrl(url);
    if (!baseUrl)
        return baseUrl.error();
    std::string name = "demo";
    for (int number = 2;
         std::ranges::find(m_current->upstreams, name, &proxy::Upstream::name) != m_current->upstreams.end(); ++number)
        name = "demo-" + std::to_string(number);
    m_demo = name;
    change([&](proxy::ProxySnapshot& snapshot) {
        snapshot.upstreams.push_back({.name = name, .baseUrl = *std::move(baseUrl), .api = proxy::ApiFamily::Other});
    });
    return name;
}

void LiveSnapshot::removeDemo()
{
    if (m_demo.empty())
        return;
    change([this](proxy::ProxySnapshot& snapshot) {
        std::erase_if(snapshot.upstreams, [this](const proxy::Upstream& each) { return each.name == m_demo; });
    });
    m_demo.clear();
}

void LiveSnapshot::change(const std::function<void(proxy::ProxySnapshot&)>& edit)
{
    auto next = std::make_shared<proxy::ProxySnapshot>(*m_current);
    edit(*next);
    m_current = std::move(next);
    if (m_apply)
        m_apply(m_current);
}

} // namespace luthien::runtime
