// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/request_review.h"
#include "policy/policy_worker.h"

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace luthien::policy {

/// A request on its way along the policies: the enforcing ones in order, each seeing the parts as the one before left
/// them; shadows beside them, seeing what came. Thread: the call's worker.
class RequestLine
{
public:
    explicit RequestLine(std::deque<PolicyWorker>& workers);

    [[nodiscard]] bool isNeeded() const noexcept { return m_isNeeded; }
    /// As conversation::RequestReview::request().
    [[nodiscard]] std::optional<conversation::RequestAnswer> ask(std::span<const conversation::RequestPart> parts);
    /// The request cannot be read: that is recorded for the shadows, which are not asked.
    void fail(const Error& why);
    /// Goes on with the shadows that hold.
    void askShadows();
    void withdraw();

private:
    /// One policy of the line.
    struct Station
    {
        PolicyWorker* worker = nullptr;
        bool isDone = false;
        Question question;
    };
    using Parts = std::span<const conversation::RequestPart>;

    /// False = it holds.
    bool askStation(Station& station, Parts parts);
    void carryOut(const Station& station, Judgement judgement, Parts parts);
    void record(const Station& station, const Judgement& judgement, Parts parts, std::string agentText);
    void keepForShadows(Parts parts);

    std::vector<Station> m_stations;
    bool m_isNeeded = false;
    bool m_isBegun = false;
    std::vector<conversation::RequestPart> m_changed;  ///< the parts as they are now, if some policy changed one
    std::vector<conversation::RequestPart> m_original; ///< for shadows that hold
    std::optional<conversation::RequestAnswer> m_answer;
    std::string m_notice;
    bool m_isBlocked = false;
};

} // namespace luthien::policy
