// SPDX-License-Identifier: Apache-2.0
#include "proxy/owed_outputs.h"

#include "protocol/next_turn.h"

#include <span>
#include <utility>

namespace luthien::proxy {

namespace {
/// Shown to the model where the agent's own text about a blocked call is missing.
constexpr std::string_view kNotRun = "The call was blocked by policy and was not run.";

std::string noticeOf(const policy::BlockedCall& call)
{
    return call.notice.empty() ? std::string(kNotRun) : call.notice;
}
} // namespace

OwedOutputs::OwedOutputs(conversation::Api api, std::shared_ptr<policy::BlockedCalls> calls)
    : m_api(api)
    , m_calls(std::move(calls))
{
}

bool OwedOutputs::mayOwe() const
{
    return m_api == conversation::Api::OpenAiResponses && m_calls && !m_calls->isEmpty();
}

std::optional<std::string> OwedOutputs::addTo(std::string_view body)
{
    if (!mayOwe())
        return std::nullopt;
    const protocol::StateReference state = protocol::stateReference(m_api, body);
    std::vector<policy::BlockedCall> owed = m_calls->ofResponse(state.previousResponseId);
    const bool isByResponse = !owed.empty();
    if (!isByResponse)
        owed = m_calls->ofConversation(state.conversationId);
    std::vector<protocol::ToolOutput> outputs;
    for (const policy::BlockedCall& call : owed)
        outputs.push_back({call.id, call.tool, noticeOf(call)});
    auto completed = protocol::withToolOutputs(body, outputs);
    if (outputs.empty() || !completed)
        return std::nullopt;
    const bool isOurs = *completed != body;
    for (policy::BlockedCall& call : owed)
        m_told.push_back({std::move(call), isByResponse ? std::string() : state.conversationId, isOurs});
    return isOurs ? std::optional(std::move(*completed)) : std::nullopt;
}

void OwedOutputs::tell(const policy::BlockedCall& call, const std::string& conversation)
{
    m_told.push_back({call, conversation, true});
}

void OwedOutputs::requestAnswered(unsigned httpStatus, policy::GateOutlet& outlet)
{
    if (httpStatus < 200 || httpStatus >= 300)
        return;
    for (const Told& told : std::exchange(m_told, {})) {
        const policy::BlockedCall& call = told.call;
        if (m_calls && !told.conversation.empty())
            m_calls->answered(told.conversation, std::span(&call, 1));
        if (!told.isOurs)
            continue;
        outlet.decided({.policyId = call.policyId,
                        .policyVersion = call.policyVersion,
                        .mode = conversation::PolicyMode::Enforce,
                        .verdict = conversation::Verdict::Replace,
                        .reason = "The provider still waits for the output of a call that was blocked: it is told.",
                        .tool = call.tool,
                        .toolId = call.id,
                        .conversationId = told.conversation,
                        .final = noticeOf(call)});
    }
}

OwedOutputsGate::OwedOutputsGate(OwedOutputs owed, std::function<std::string_view()> requestBody)
    : m_owed(std::move(owed))
    , m_requestBody(std::move(requestBody))
{
}

Result<std::optional<policy::RequestRuling>> OwedOutputsGate::request(policy::GateOutlet&)
{
    return std::optional(policy::RequestRuling{.body = m_owed.addTo(m_requestBody())});
}

} // namespace luthien::proxy
