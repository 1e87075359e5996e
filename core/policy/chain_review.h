// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/chain.h"
#include "policy/policy_worker.h"
#include "policy/request_line.h"
#include "policy/text_line.h"
#include "policy/tool_line.h"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace luthien::policy {

/// The policies of a chain at work on one call. Thread: the call's worker.
class ChainReview final : public CallReview
{
public:
    /// links = those whose scope has the call in it; chain keeps them alive.
    ChainReview(std::shared_ptr<const Chain> chain, const std::vector<const ChainLink*>& links, VerdictMemory* verdicts,
                ReviewParts parts);

    [[nodiscard]] bool looksAtRequest() const override { return m_request.isNeeded(); }
    [[nodiscard]] std::optional<conversation::RequestAnswer>
    request(std::span<const conversation::RequestPart> parts) override;

    [[nodiscard]] bool guardsTools() const override { return m_guardsTools; }
    [[nodiscard]] bool editsText() const override { return m_editsText; }
    [[nodiscard]] bool watchesThinking() const override { return m_watchesThinking; }
    [[nodiscard]] std::optional<conversation::ToolAnswer> tool(const conversation::ToolCall& call) override;
    void text(std::uint32_t choice, std::uint32_t block, std::string_view part, std::string& out) override;
    [[nodiscard]] bool textEnd(std::uint32_t choice, std::uint32_t block, std::string& out) override;
    void thinking(std::uint32_t choice, std::uint32_t block, std::string_view part) override;

    [[nodiscard]] bool enforcesReply() const override { return m_enforcesReply; }
    [[nodiscard]] bool enforcesRequest() const override { return m_enforcesRequest; }
    [[nodiscard]] SteadyPoint due() const override { return m_place.waits.due(); }
    void resume() override;
    [[nodiscard]] bool isWaiting() const override { return !m_place.waits.isEmpty(); }
    [[nodiscard]] bool waitsForPerson() const noexcept override { return m_place.askedPeople > 0; }
    [[nodiscard]] std::size_t waitingBytes() const noexcept override { return m_place.waits.bytes(); }
    [[nodiscard]] bool mayRetry() const override { return m_asksAgain && m_retries < kMaxRetries; }
    [[nodiscard]] std::vector<DeniedCall> retry() override;
    void startOver() override;
    void requestUnreadable(const Error& why) override { m_request.fail(why); }
    void replyUnreadable(const Error& why) override;
    void ended(const conversation::CallEnded& event) override;

private:
    /// Choice and position of a block. Positions go on over replies that are thrown away: for the policies they are
    /// one reply.
    using BlockKey = std::pair<std::uint32_t, std::uint32_t>;
    /// Behind which call a choice ends, and whose word that is.
    struct End
    {
        std::uint32_t block = 0;
        const PolicyWorker* ender = nullptr;
    };

    [[nodiscard]] BlockKey keyOf(std::uint32_t choice, std::uint32_t block);
    void endAt(BlockKey end, const PolicyWorker& ender);

    std::shared_ptr<const Chain> m_chain;
    ReviewParts m_parts;
    WorkPlace m_place;
    std::deque<PolicyWorker> m_workers;
    RequestLine m_request;
    std::map<BlockKey, ToolLine> m_tools;
    std::map<std::uint32_t, End> m_ends; ///< of the reply at hand, by choice
    std::map<BlockKey, TextLine> m_texts;
    std::vector<TextLine> m_endedTexts; ///< which shadows still think about
    std::uint32_t m_firstBlock = 0;     ///< of the reply at hand
    std::uint32_t m_nextBlock = 0;
    int m_retries = 0;
    bool m_guardsTools = false;
    bool m_editsText = false;
    bool m_watchesThinking = false;
    bool m_enforcesReply = false;
    bool m_enforcesRequest = false;
    bool m_asksAgain = false;
};

} // namespace luthien::policy
