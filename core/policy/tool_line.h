// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/reply_review.h"
#include "policy/policy_worker.h"

#include <boost/json/value.hpp>

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace luthien::policy {

/// One tool call on its way along the policies: the enforcing ones in order, each seeing the arguments as the one
/// before left them; shadows beside them, seeing what came. Thread: the call's worker.
class ToolLine
{
public:
    /// Asks nobody yet. block = unique among all replies of the call.
    ToolLine(std::deque<PolicyWorker>& workers, WorkPlace& place, const conversation::ToolCall& call,
             std::uint32_t block);

    /// Goes on with the enforcing policies, and begins with the shadows. Null = some enforcing one holds.
    [[nodiscard]] const conversation::ToolAnswer* ask();
    /// Goes on with the shadows that hold.
    void askShadows();
    /// True once ask() has given an answer.
    [[nodiscard]] bool isAnswered() const noexcept { return m_isAnswered; }
    [[nodiscard]] const conversation::ToolAnswer& answer() const noexcept { return m_answer; }
    /// True if it was blocked so that the model must not be asked again.
    [[nodiscard]] bool isLastWord() const noexcept { return m_isLastWord; }
    [[nodiscard]] const std::string& id() const noexcept { return m_id; }
    [[nodiscard]] const std::string& name() const noexcept { return m_name; }
    /// The model's call is over: what waits is withdrawn, and recorded as held if it kept the tool call from the agent.
    void ended(conversation::CallStatus status);
    /// An earlier call of the reply was blocked by that policy so that the reply ends there: this one does not leave,
    /// whatever is said about it. Recorded once, unless the call is blocked itself; enforcing policies are not asked
    /// any more.
    void leaveOut(const PolicyWorker& ender);
    /// The enforcing policy that blocked it; null = none did.
    [[nodiscard]] const PolicyWorker* blocker() const noexcept { return m_blocker; }

private:
    /// One policy of the line.
    struct Station
    {
        PolicyWorker* worker = nullptr;
        bool decides = false;
        bool isDone = false;
        Question question;
    };
    /// Arguments, and what they read as.
    struct Arguments
    {
        std::string text;
        Result<boost::json::value> value;
    };

    [[nodiscard]] conversation::ToolCall callWith(std::string_view arguments) const;
    /// False = it holds.
    bool askStation(Station& station);
    void carryOut(const Station& station, Judgement judgement);
    [[nodiscard]] std::optional<Arguments> replacement(const Station& station, Judgement& judgement) const;
    [[nodiscard]] const Arguments& seenBy(const Station& station) const;
    void record(const Station& station, const Judgement& judgement, std::string agentText, std::string_view final);
    void recordWithdrawn(const Station& station, conversation::CallStatus status);
    void nameCall(conversation::Decision& decision) const;
    void letGo();

    WorkPlace& m_place;
    std::vector<Station> m_stations;
    std::uint32_t m_choice = 0;
    std::uint32_t m_block = 0;
    conversation::Executor m_executor = conversation::Executor::Client;
    bool m_isFreeText = false;
    std::string m_id;
    std::string m_name;
    std::string m_responseId;
    std::string m_conversationId;
    Arguments m_original;
    std::optional<Arguments> m_replaced;
    conversation::ToolAnswer m_answer;
    const PolicyWorker* m_blocker = nullptr;
    bool m_isLastWord = false;
    bool m_isLeftOut = false;
    bool m_isBegun = false;
    bool m_isAnswered = false;
};

} // namespace luthien::policy
