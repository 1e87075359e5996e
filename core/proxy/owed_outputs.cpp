// SPDX-License-Identifier: Apache-2.0
#include "proxy/owed_outputs.h"

#include "protocol/next_turn.h"

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

std::optional<std::string> OwedOutputs::addTo(std::string_view body, policy::GateOutlet& outlet)
{
    if (!mayOwe())
        return std::nullopt;
    const protocol::StateReference state = protocol::stateReference(m_api, body);
    m_told = m_calls->ofResponse(state.previousResponseId);
    if (m_told.empty()) {
        m_conversation = state.conversationId;
        m_told = m_calls->ofConversation(m_conversation);
    }
    std::vector<protocol::ToolOutput> outputs;
    for (const policy::BlockedCall& call : m_told)
        outputs.push_back({call.id, call.tool, noticeOf(call)});
    auto completed = protocol::withToolOutputs(body, outputs);
    if (outputs.empty() || !completed || *completed == body)
        return std::nullopt;
    for (const policy::BlockedCall& call : m_told)
        told(call, m_conversation, outlet);
    return std::move(*completed);
}

void OwedOutputs::told(const policy::BlockedCall& call, std::string conversation, policy::GateOutlet& outlet)
{
    outlet.decided({.policyId = call.policyId,
                    .policyVersion = call.policyVersion,
                    .mode = conversation::PolicyMode::Enforce,
                    .verdict = conversation::Verdict::Replace,
                    .reason = "The provider still waits for the output of a call that was blocked: it is told.",
                    .tool = call.tool,
                    .toolId = call.id,
                    .conversationId = std::move(conversation),
                    .final = noticeOf(call)});
}

void OwedOutputs::ended(const conversation::CallEnded& event)
{
    const bool isTaken = event.httpStatus >= 200 && event.httpStatus < 300;
    if (m_calls && isTaken && !m_conversation.empty())
        m_calls->answered(m_conversation, m_told);
}

OwedOutputsGate::OwedOutputsGate(OwedOutputs owed, std::function<std::string_view()> requestBody)
    : m_owed(std::move(owed))
    , m_requestBody(std::move(requestBody))
{
}

Result<std::optional<policy::RequestRuling>> OwedOutputsGate::request(policy::GateOutlet& outlet)
{
    return std::optional(policy::RequestRuling{.body = m_owed.addTo(m_requestBody(), outlet)});
}

void OwedOutputsGate::ended(const conversation::CallEnded& event, policy::GateOutlet&)
{
    m_owed.ended(event);
}

} // namespace luthien::proxy
