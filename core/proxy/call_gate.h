// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/blocked_calls.h"
#include "policy/chain.h"
#include "policy/stream_gate.h"
#include "protocol/next_turn.h"
#include "protocol/reply_editor.h"
#include "protocol/request_editor.h"
#include "protocol/stream_checker.h"
#include "proxy/owed_outputs.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::proxy {

/// One call and the policies of a chain: its request is shown to them in parts and spliced, its reply goes to the
/// editor of its API, which asks them, and what both make of it goes to the outlet. While a reply may have to be thrown
/// away nothing of it leaves before it is complete. Thread: the call's worker.
class CallGate final : public policy::StreamGate, private protocol::EditedReply
{
public:
    struct Parts
    {
        conversation::Api api = conversation::Api::Other;
        std::string path;
        std::function<std::string_view()> requestBody;
        bool changesArguments = false;
        std::shared_ptr<policy::BlockedCalls> blockedCalls; ///< may be null
    };
    /// Makes the review around what takes its decisions; null = no policy is interested.
    using OpenReview = std::function<std::unique_ptr<policy::CallReview>(policy::DecisionTaker)>;
    CallGate(Parts parts, const OpenReview& open);

    /// False = no policy is interested in anything this call can show.
    [[nodiscard]] bool isNeeded() const;

    [[nodiscard]] bool enforces() const noexcept override;
    [[nodiscard]] bool onlyWatches() const noexcept override { return !m_review->enforcesReply(); }
    [[nodiscard]] bool looksAtRequest() const override;
    [[nodiscard]] Result<std::optional<policy::RequestRuling>> request(policy::GateOutlet& outlet) override;
    [[nodiscard]] bool needsRequest() const override { return m_parts.changesArguments || mayAskAgain(); }
    void requestAnswered(unsigned httpStatus, policy::GateOutlet& outlet) override;
    [[nodiscard]] bool looksAtReply() const override;
    [[nodiscard]] Result<void> event(const policy::GatedEvent& event, policy::GateOutlet& outlet) override;
    [[nodiscard]] Result<void> replyEnded(policy::GateOutlet& outlet) override;
    [[nodiscard]] std::optional<std::string> takeNextRequest() override;
    [[nodiscard]] Result<void> resume(policy::GateOutlet& outlet) override;
    void dropReply(const Error& why, policy::GateOutlet& outlet) override;
    void replyThrownAway() override;
    [[nodiscard]] SteadyPoint due() const override { return m_review->due(); }
    [[nodiscard]] std::size_t heldBytes() const noexcept override;
    [[nodiscard]] bool isHolding() const noexcept override;
    [[nodiscard]] policy::ReleasedBy releasedBy() const noexcept override { return m_releasedBy; }
    [[nodiscard]] bool isWaiting() const override { return m_review->isWaiting(); }
    [[nodiscard]] std::size_t waitingBytes() const noexcept override { return m_review->waitingBytes(); }
    void ended(const conversation::CallEnded& event, policy::GateOutlet& outlet) override;

private:
    /// What leaves when the whole reply may.
    struct Kept
    {
        std::string bytes;
        bool asItCame = false;
    };

    void begin(policy::GateOutlet& outlet);
    void decided(conversation::Decision decision);
    void noteWhoIsAsked();
    [[nodiscard]] Result<void> readRequest();
    [[nodiscard]] bool mayAskAgain() const;
    void beginReply(const policy::GatedEvent& event);
    [[nodiscard]] Result<void> afterStep(const Result<void>& step);
    [[nodiscard]] Result<void> finishReply();
    [[nodiscard]] bool throwAway();
    void tellBlocks();
    void letGo();
    void check(std::string_view type, std::string_view data);
    void leave(std::string_view bytes, bool asItCame);
    void keep(const protocol::ReplyEvent& event) override;
    void put(std::string_view type, std::string_view data, std::string_view bytes) override;
    void lose(std::size_t bytes) override;

    Parts m_parts;
    policy::GateOutlet* m_outlet = nullptr; ///< of the step under way; decisions are taken only within one
    std::unique_ptr<policy::CallReview> m_review;
    policy::ReleasedBy m_releasedBy = policy::ReleasedBy::Policy;

    bool m_isRequestRead = false;
    bool m_isRequestHeld = false;
    OwedOutputs m_owed;
    std::optional<std::string> m_completedBody; ///< the request with the outputs its provider waits for
    std::unique_ptr<protocol::RequestEditor> m_request;

    std::unique_ptr<protocol::ReplyEditor> m_editor; ///< made by the first event
    std::unique_ptr<protocol::ReplyTurn> m_turn;     ///< of a reply that may have to be thrown away
    std::vector<Kept> m_kept;
    std::size_t m_keptBytes = 0;
    std::vector<conversation::Decision> m_blocks;     ///< of this reply, while it may have to be thrown away
    std::vector<conversation::Decision> m_toldBlocks; ///< in the request that asks again, until the provider takes it
    std::optional<std::string> m_nextRequest;
    int m_retries = 0;
    bool m_asksAgain = false; ///< another reply is awaited
    bool m_replyEnded = false;
    bool m_isFinished = false;

    std::unique_ptr<protocol::StreamChecker>
        m_checker; ///< of an enforced reply, until the upstream itself breaks rules
    bool m_isAltered = false;
    std::optional<Error> m_violation;
};

} // namespace luthien::proxy
