// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "policy/stream_gate.h"
#include "proxy/config.h"

#include <functional>
#include <memory>
#include <string>

namespace luthien::runtime {

/// What new calls see of the configuration, put together anew when a part of it changes: the settings, the policies'
/// gates and, for a while, the upstream of a demonstration. Thread: main.
class LiveSnapshot
{
public:
    using Apply = std::function<void(std::shared_ptr<const proxy::ProxySnapshot>)>;

    explicit LiveSnapshot(std::shared_ptr<const proxy::ProxySnapshot> settings)
        : m_current(std::move(settings))
    {
    }

    [[nodiscard]] std::shared_ptr<const proxy::ProxySnapshot> current() const { return m_current; }
    /// Called with every snapshot from now on.
    void onChange(Apply apply) { m_apply = std::move(apply); }

    void setPrices(std::shared_ptr<const conversation::PriceTable> prices);
    void setLimits(const proxy::Limits& limits);
    void setGates(std::shared_ptr<const policy::GateFactory> gates);
    void setTrials(std::shared_ptr<proxy::TrialChains> trials);
    /// Adds one upstream that is no default and takes nobody's name; returns its own: "demo", "demo-2", ...
    /// Errors: Conflict if it is there already, InvalidArgument if url is none.
    [[nodiscard]] Result<std::string> addDemo(const std::string& url);
    /// Does nothing if there is none.
    void removeDemo();

private:
    void change(const std::function<void(proxy::ProxySnapshot&)>& edit);

    std::shared_ptr<const proxy::ProxySnapshot> m_current;
    Apply m_apply;
    std::string m_demo; ///< name of the upstream; empty = none
};

} // namespace luthien::runtime
