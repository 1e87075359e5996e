// SPDX-License-Identifier: Apache-2.0
#include "policy/blocked_calls.h"

#include <algorithm>
#include <iterator>

namespace luthien::policy {

using conversation::Decision;
using conversation::Verdict;

BlockedCalls::BlockedCalls(std::size_t maxCalls)
    : m_maxCalls(maxCalls)
{
}

void BlockedCalls::add(const Decision& decision)
{
    const bool isCarriedOut = decision.mode == conversation::PolicyMode::Enforce && !decision.toolId.empty();
    if (!isCarriedOut || (decision.responseId.empty() && decision.conversationId.empty()))
        return;
    if (decision.verdict == Verdict::Replace)
        answered(decision.conversationId, std::vector{BlockedCall{.id = decision.toolId}});
    if (decision.verdict != Verdict::Block)
        return;
    const std::scoped_lock lock(m_mutex);
    const auto [first, last] = m_byResponse.equal_range(decision.responseId);
    if (std::any_of(first, last, [&](const auto& known) { return known.second->call.id == decision.toolId; }))
        return;
    m_entries.push_back(
        {decision.responseId,
         decision.conversationId,
         {decision.toolId, decision.tool, decision.agentText, decision.policyId, decision.policyVersion}});
    const auto entry = std::prev(m_entries.end());
    if (!entry->responseId.empty())
        m_byResponse.emplace(entry->responseId, entry);
    if (!entry->conversationId.empty())
        m_byConversation.emplace(entry->conversationId, entry);
    if (m_entries.size() > m_maxCalls)
        forget(m_entries.begin());
}

bool BlockedCalls::isEmpty() const
{
    const std::scoped_lock lock(m_mutex);
    return m_entries.empty();
}

std::vector<BlockedCall> BlockedCalls::callsAt(const Index& index, std::string_view id)
{
    std::vector<BlockedCall> calls;
    const auto [first, last] = index.equal_range(id);
    for (auto at = first; at != last; ++at)
        calls.push_back(at->second->call);
    return calls;
}

std::vector<BlockedCall> BlockedCalls::ofResponse(std::string_view responseId) const
{
    const std::scoped_lock lock(m_mutex);
    return callsAt(m_byResponse, responseId);
}

std::vector<BlockedCall> BlockedCalls::ofConversation(std::string_view conversationId) const
{
    const std::scoped_lock lock(m_mutex);
    return callsAt(m_byConversation, conversationId);
}

void BlockedCalls::answered(std::string_view conversationId, std::span<const BlockedCall> calls)
{
    const std::scoped_lock lock(m_mutex);
    auto [at, last] = m_byConversation.equal_range(conversationId);
    while (at != last) {
        const auto entry = at->second;
        const bool isAnswered = std::ranges::find(calls, entry->call.id, &BlockedCall::id) != calls.end();
        at = isAnswered ? m_byConversation.erase(at) : std::next(at);
        if (!isAnswered)
            continue;
        entry->conversationId.clear();
        if (entry->responseId.empty())
            m_entries.erase(entry);
    }
}

void BlockedCalls::unlink(Index& index, const std::string& id, Entries::iterator entry)
{
    const auto [first, last] = index.equal_range(id);
    const auto found = std::find_if(first, last, [entry](const auto& known) { return known.second == entry; });
    if (found != last)
        index.erase(found);
}

void BlockedCalls::forget(Entries::iterator entry)
{
    unlink(m_byResponse, entry->responseId, entry);
    unlink(m_byConversation, entry->conversationId, entry);
    m_entries.erase(entry);
}

} // namespace luthien::policy
