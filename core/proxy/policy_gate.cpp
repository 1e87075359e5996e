// SPDX-License-Identifier: Apache-2.0
#include "proxy/policy_gate.h"

#include "protocol/reply_editor.h"

#include <utility>

namespace luthien::proxy {

namespace {
using conversation::Api;
using policy::Chain;
using policy::GatedEvent;
using policy::GateOutlet;
using protocol::ReplyEditor;

/// One reply: its events go to the editor of its API, the editor asks the policies, and what both make of it goes to
/// the outlet.
class PolicyGate final : public policy::StreamGate, private protocol::EditedReply
{
public:
    PolicyGate(const Chain& chain, Api api, const Clock& clock)
        : m_api(api)
        , m_onlyWatches(!chain.enforces())
        , m_review(chain.open(
              {.takeDecision = [this](conversation::Decision decision) { m_outlet->decided(std::move(decision)); },
               .clock = clock}))
    {
    }

    [[nodiscard]] bool isNeeded() const { return m_review->guardsTools() || m_review->editsText(); }

    [[nodiscard]] bool onlyWatches() const noexcept override { return m_onlyWatches; }
    [[nodiscard]] Result<void> event(const GatedEvent& event, GateOutlet& outlet) override
    {
        // Only the reply itself says whether it is a stream.
        if (!m_editor)
            m_editor = event.isWhole ? protocol::makeBodyEditor(m_api, *m_review)
                                     : protocol::makeStreamEditor(m_api, *m_review);
        m_outlet = &outlet;
        return m_editor->event({.type = event.type, .data = event.data, .bytes = event.bytes, .hasData = event.hasData},
                               *this);
    }
    [[nodiscard]] Result<void> replyEnded(GateOutlet& outlet) override
    {
        m_outlet = &outlet;
        return m_editor ? m_editor->end(*this) : Result<void>();
    }
    [[nodiscard]] Result<void> resume(GateOutlet& outlet) override
    {
        m_outlet = &outlet;
        return m_editor ? m_editor->resume(*this) : Result<void>();
    }
    [[nodiscard]] std::size_t heldBytes() const noexcept override { return m_editor ? m_editor->heldBytes() : 0; }
    [[nodiscard]] bool isHolding() const noexcept override { return m_editor && m_editor->isHolding(); }

private:
    void keep(const protocol::ReplyEvent& event) override { m_outlet->forward(event.bytes); }
    void put(std::string_view /*type*/, std::string_view /*data*/, std::string_view bytes) override
    {
        m_outlet->send(bytes);
    }
    void lose(std::size_t /*bytes*/) override {} // the outlet counts what came and was not forwarded

    Api m_api;
    bool m_onlyWatches;
    GateOutlet* m_outlet = nullptr; ///< of the step under way; decisions are taken only within one
    std::unique_ptr<conversation::ReplyReview> m_review;
    std::unique_ptr<ReplyEditor> m_editor; ///< made by the first event
};

class PolicyGates final : public policy::GateFactory
{
public:
    explicit PolicyGates(std::shared_ptr<const Chain> chain)
        : m_chain(std::move(chain))
    {
    }

    [[nodiscard]] bool enforces() const noexcept override { return m_chain->enforces(); }
    [[nodiscard]] bool understands(Api api) const noexcept override { return protocol::canEdit(api); }
    [[nodiscard]] std::unique_ptr<policy::StreamGate> open(const policy::GatedCall& call,
                                                           policy::WakeFunction /*wake*/) const override
    {
        if (!understands(call.api))
            return nullptr;
        auto gate = std::make_unique<PolicyGate>(*m_chain, call.api, call.clock);
        return gate->isNeeded() ? std::move(gate) : nullptr;
    }

private:
    std::shared_ptr<const Chain> m_chain;
};
} // namespace

std::shared_ptr<const policy::GateFactory> makePolicyGates(std::shared_ptr<const Chain> chain)
{
    if (!chain || chain->isEmpty())
        return nullptr;
    return std::make_shared<PolicyGates>(std::move(chain));
}

} // namespace luthien::proxy
