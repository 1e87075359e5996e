// SPDX-License-Identifier: Apache-2.0
#include "policy/chain_review.h"

#include <algorithm>

namespace luthien::policy {

using conversation::OnBlock;
using conversation::RequestAnswer;
using conversation::RequestPart;
using conversation::ToolAnswer;
using conversation::ToolCall;

namespace {
std::deque<PolicyWorker>& hire(std::deque<PolicyWorker>& workers, const std::vector<const ChainLink*>& links,
                               WorkPlace& place)
{
    for (const ChainLink* link : links)
        workers.emplace_back(*link, place);
    return workers;
}
} // namespace

ChainReview::ChainReview(std::shared_ptr<const Chain> chain, const std::vector<const ChainLink*>& links,
                         VerdictMemory* verdicts, ReviewParts parts)
    : m_chain(std::move(chain))
    , m_parts(std::move(parts))
    , m_place{.parts = m_parts, .verdicts = verdicts, .waits = {}, .askedPeople = 0}
    , m_request(hire(m_workers, links, m_place))
{
    for (const ChainLink* link : links) {
        const Interests& interests = link->interests;
        m_guardsTools = m_guardsTools || interests.toolCalls;
        m_editsText = m_editsText || interests.text;
        m_watchesThinking = m_watchesThinking || interests.thinking;
        m_enforcesReply = m_enforcesReply || (link->enforces() && (interests.toolCalls || interests.text));
        m_enforcesRequest = m_enforcesRequest || (link->enforces() && interests.request);
        m_asksAgain =
            m_asksAgain || (link->enforces() && interests.toolCalls && link->definition.onBlock == OnBlock::Retry);
    }
}

std::optional<RequestAnswer> ChainReview::request(std::span<const RequestPart> parts)
{
    return m_request.ask(parts);
}

std::optional<ToolAnswer> ChainReview::tool(const ToolCall& call)
{
    if (!m_guardsTools)
        return ToolAnswer{};
    const BlockKey key = keyOf(call.choice, call.block);
    auto line = m_tools.find(key);
    if (line == m_tools.end())
        line = m_tools.try_emplace(key, m_workers, m_place, call, key.second).first;
    if (const auto end = m_ends.find(key.first); end != m_ends.end() && key.second > end->second.block)
        line->second.leaveOut(*end->second.ender);
    const ToolAnswer* answer = line->second.ask();
    if (!answer)
        return std::nullopt;
    if (answer->isBlocked && answer->onBlock == OnBlock::End)
        endAt(key, *line->second.blocker());
    if (line->second.isLastWord())
        m_asksAgain = false;
    ToolAnswer carriedOut = *answer;
    if (carriedOut.onBlock == OnBlock::Retry && !mayRetry())
        carriedOut.onBlock = OnBlock::Replace;
    return carriedOut;
}

/// Answers need not come in the order of the calls.
void ChainReview::endAt(BlockKey end, const PolicyWorker& ender)
{
    const auto [known, isFirst] = m_ends.try_emplace(end.first, End{end.second, &ender});
    if (!isFirst && known->second.block <= end.second)
        return;
    known->second = {end.second, &ender};
    for (auto line = m_tools.upper_bound(end); line != m_tools.end() && line->first.first == end.first; ++line)
        line->second.leaveOut(ender);
}

void ChainReview::text(std::uint32_t choice, std::uint32_t block, std::string_view part, std::string& out)
{
    if (!m_editsText) {
        out += part;
        return;
    }
    const BlockKey key = keyOf(choice, block);
    m_texts.try_emplace(key, m_workers, key.first, key.second).first->second.text(part, out);
}

bool ChainReview::textEnd(std::uint32_t choice, std::uint32_t block, std::string& out)
{
    const auto line = m_texts.find(keyOf(choice, block));
    if (line == m_texts.end())
        return true;
    if (!line->second.end(out))
        return false;
    if (!line->second.isDone())
        m_endedTexts.push_back(std::move(line->second));
    m_texts.erase(line);
    return true;
}

void ChainReview::thinking(std::uint32_t choice, std::uint32_t block, std::string_view part)
{
    const BlockKey key = keyOf(choice, block);
    for (PolicyWorker& worker : m_workers) {
        if (worker.link().interests.thinking)
            worker.policy().thinking(key.first, key.second, part);
    }
}

void ChainReview::resume()
{
    if (!isWaiting())
        return;
    m_request.askShadows();
    for (auto& [key, line] : m_tools)
        line.askShadows();
    for (auto& [key, line] : m_texts)
        line.askShadows();
    for (TextLine& line : m_endedTexts)
        line.askShadows();
    std::erase_if(m_endedTexts, [](const TextLine& line) { return line.isDone(); });
}

std::vector<DeniedCall> ChainReview::retry()
{
    std::vector<DeniedCall> denied;
    if (!mayRetry())
        return denied;
    std::optional<std::uint32_t> endedChoice; // what is behind an end would not have reached the client anyway
    for (const auto& [key, line] : m_tools) {
        if (key.second < m_firstBlock || key.first == endedChoice || !line.isAnswered() || !line.answer().isBlocked)
            continue;
        if (line.answer().onBlock == OnBlock::End)
            endedChoice = key.first;
        else if (line.answer().onBlock == OnBlock::Retry)
            denied.push_back({key.second - m_firstBlock, line.id(), line.name(), line.answer().notice});
    }
    if (denied.empty())
        return denied;
    ++m_retries;
    startOver();
    return denied;
}

void ChainReview::startOver()
{
    for (auto& [key, line] : m_texts)
        line.withdraw();
    m_texts.clear();
    m_ends.clear();
    m_firstBlock = m_nextBlock;
}

void ChainReview::replyUnreadable(const Error& why)
{
    for (const PolicyWorker& worker : m_workers) {
        const Interests& interests = worker.link().interests;
        if (!worker.enforces() && (interests.toolCalls || interests.text))
            worker.take(worker.decisionOf(worker.failure(why)));
    }
}

void ChainReview::ended(const conversation::CallEnded& event)
{
    m_request.withdraw();
    for (auto& [key, line] : m_tools)
        line.ended(event.status);
    for (auto& [key, line] : m_texts)
        line.withdraw();
    for (TextLine& line : m_endedTexts)
        line.withdraw();
    m_tools.clear();
    m_texts.clear();
    m_endedTexts.clear();
    for (PolicyWorker& worker : m_workers) {
        if (worker.link().interests.end)
            worker.policy().ended(event);
    }
}

ChainReview::BlockKey ChainReview::keyOf(std::uint32_t choice, std::uint32_t block)
{
    const std::uint32_t unique = m_firstBlock + block;
    m_nextBlock = std::max(m_nextBlock, unique + 1);
    return {choice, unique};
}

} // namespace luthien::policy
