// SPDX-License-Identifier: Apache-2.0
#include "proxy/shadowed_gate.h"

#include "base/logging.h"
#include "policy/chain.h"

#include <algorithm>
#include <utility>

namespace luthien::proxy {

using policy::GatedEvent;
using policy::GateOutlet;
using policy::RequestRuling;

namespace {

/// Lets decisions through, and nothing that would reach the client.
class DecisionsOnly final : public GateOutlet
{
public:
    explicit DecisionsOnly(GateOutlet& outlet)
        : m_outlet(outlet)
    {
    }
    void forward(std::string_view) override {}
    void send(std::string_view) override {}
    void decided(conversation::Decision decision) override { m_outlet.decided(std::move(decision)); }

private:
    GateOutlet& m_outlet;
};

} // namespace

ShadowedGate::ShadowedGate(std::unique_ptr<policy::StreamGate> gate, std::unique_ptr<policy::StreamGate> shadows)
    : m_gate(std::move(gate))
    , m_shadows(std::move(shadows))
    , m_isShown(m_shadows->looksAtReply())
{
}

bool ShadowedGate::looksAtRequest() const
{
    return m_gate->looksAtRequest() || m_shadows->looksAtRequest();
}

Result<std::optional<RequestRuling>> ShadowedGate::request(GateOutlet& outlet)
{
    DecisionsOnly decisions(outlet);
    if (m_areShadowsAsked)
        after(m_shadows->resume(decisions), outlet);
    else if (m_shadows->looksAtRequest())
        (void)m_shadows->request(decisions);
    m_areShadowsAsked = true;
    return m_gate->looksAtRequest() ? m_gate->request(outlet) : std::optional(RequestRuling());
}

Result<void> ShadowedGate::event(const GatedEvent& event, GateOutlet& outlet)
{
    DecisionsOnly decisions(outlet);
    if (m_isShown)
        after(m_shadows->event(event, decisions), outlet);
    return m_gate->looksAtReply() ? m_gate->event(event, outlet) : Result<void>();
}

Result<void> ShadowedGate::replyEnded(GateOutlet& outlet)
{
    DecisionsOnly decisions(outlet);
    if (m_isShown)
        after(m_shadows->replyEnded(decisions), outlet);
    return m_gate->looksAtReply() ? m_gate->replyEnded(outlet) : Result<void>();
}

std::optional<std::string> ShadowedGate::takeNextRequest()
{
    std::optional<std::string> next = m_gate->takeNextRequest();
    if (next) {
        m_shadows->replyThrownAway();
        m_isShown = m_shadows->looksAtReply();
    }
    return next;
}

Result<void> ShadowedGate::resume(GateOutlet& outlet)
{
    DecisionsOnly decisions(outlet);
    after(m_shadows->resume(decisions), outlet);
    return m_gate->resume(outlet);
}

void ShadowedGate::dropReply(const Error& why, GateOutlet& outlet)
{
    DecisionsOnly decisions(outlet);
    if (std::exchange(m_isShown, false))
        m_shadows->dropReply(why, decisions);
    m_gate->dropReply(why, outlet);
}

void ShadowedGate::after(const Result<void>& step, GateOutlet& outlet)
{
    const bool isTooMuch = m_shadows->heldBytes() > policy::kMaxArgumentBytes;
    if (!m_isShown || (step && !isTooMuch))
        return;
    const Error why = step ? Error{ErrorCode::TooLarge, "The reply holds more than a call may.", {}} : step.error();
    qCWarning(lcProxy, "policies in shadow mode cannot judge a reply: %s", why.toString().c_str());
    m_isShown = false;
    DecisionsOnly decisions(outlet);
    m_shadows->dropReply(why, decisions);
}

SteadyPoint ShadowedGate::due() const
{
    return std::min(m_gate->due(), m_shadows->due());
}

std::size_t ShadowedGate::waitingBytes() const noexcept
{
    return m_gate->waitingBytes() + m_shadows->waitingBytes() + m_shadows->heldBytes();
}

void ShadowedGate::ended(const conversation::CallEnded& event, GateOutlet& outlet)
{
    DecisionsOnly decisions(outlet);
    m_shadows->ended(event, decisions);
    m_gate->ended(event, outlet);
}

} // namespace luthien::proxy
