// SPDX-License-Identifier: Apache-2.0
#include "policy/policy_worker.h"

#include "policy/notice.h"

#include <algorithm>
#include <utility>

namespace luthien::policy {

using conversation::AnsweredBy;
using conversation::Decision;
using conversation::RequestPart;
using conversation::ToolCall;
using conversation::Verdict;

namespace {

constexpr std::size_t kMaxReasonBytes = 2000;
constexpr std::size_t kMaxAgentTextBytes = 4000;
constexpr std::size_t kMaxMatches = 64;

/// A text with its length in front of it.
void add(std::string& all, std::string_view text)
{
    all += std::to_string(text.size());
    all += ':';
    all += text;
}

std::string judgedCall(const ToolCall& call)
{
    std::string all = call.isFreeText ? "text " : "tool ";
    add(all, call.name);
    add(all, call.arguments);
    return all;
}

std::string judgedRequest(std::span<const RequestPart> parts)
{
    Sha256 hash;
    for (const RequestPart& part : parts) {
        std::string head(partKindName(part.kind));
        head += ' ' + std::to_string(part.message) + ' ';
        add(head, part.toolId);
        add(head, part.toolName);
        head += std::to_string(part.text.size()) + ':';
        hash.add(head);
        hash.add(part.text);
    }
    return "request " + toHex(hash.finish());
}

} // namespace

PolicyWorker::PolicyWorker(const ChainLink& link, WorkPlace& place)
    : m_link(link)
    , m_place(place)
    , m_context{.facts = place.parts.facts,
                .clock = place.parts.clock,
                .wake = place.parts.wake,
                .inference = place.parts.inference,
                .policyId = link.definition.id,
                .policyVersion = link.version,
                .policyName = link.title,
                .mode = link.definition.mode}
    , m_call(link.policy->open(m_context))
{
}

template <typename Ask>
std::optional<Judgement> PolicyWorker::ask(Question& question, Ask&& askPolicy)
{
    const SteadyPoint start = m_place.parts.clock.steady();
    if (!question.askedAt)
        question.askedAt = start;
    Result<PolicyVerdict> said = askPolicy();
    if (said && said->verdict == Verdict::Hold) {
        const Result<void> held = hold(question, said->holdUntil, start);
        if (held) {
            question.waitsForPerson = said->answeredBy == AnsweredBy::Person;
            m_place.askedPeople += question.waitsForPerson ? 1 : 0;
            return std::nullopt;
        }
        said = held.error();
    }
    const bool saidPerson = question.waitsForPerson;
    withdraw(question);
    Judgement judgement;
    judgement.latency = std::chrono::duration_cast<std::chrono::microseconds>(m_place.parts.clock.steady() -
                                                                              *question.askedAt + question.spentBefore);
    if (m_link.latency && !saidPerson)
        m_link.latency->add(judgement.latency);
    judgement.verdict = said ? std::move(*said) : verdictOf(said.error());
    return judgement;
}

template <typename Judged, typename Ask>
std::optional<Judgement> PolicyWorker::askOnce(Question& question, Judged&& judged, Ask&& askPolicy)
{
    if (!m_link.interests.remembersVerdicts || !m_place.verdicts)
        return ask(question, askPolicy);
    const std::string what = judged();
    const VerdictSubject subject{.session = m_place.parts.facts.identity.session,
                                 .requestHash = m_place.parts.facts.requestHash,
                                 .policyVersion = m_link.version,
                                 .judged = what};
    if (!question.askedAt) {
        if (std::optional<PolicyVerdict> known = m_place.verdicts->find(subject))
            return Judgement{.verdict = std::move(*known), .isRepeat = true};
    }
    std::optional<Judgement> judgement = ask(question, askPolicy);
    if (judgement && judgement->isNotable()) // what nobody is told of, nobody was asked about
        m_place.verdicts->remember(subject, judgement->verdict);
    return judgement;
}

std::optional<Judgement> PolicyWorker::toolCall(Question& question, const ToolCall& call,
                                                const Result<boost::json::value>& arguments)
{
    if (!arguments)
        return Judgement{.verdict = verdictOf(arguments.error())};
    return askOnce(
        question, [&] { return judgedCall(call); },
        [&] { return m_call->toolCall({call, call.isFreeText ? nullptr : &*arguments}); });
}

std::optional<Judgement> PolicyWorker::request(Question& question, std::span<const RequestPart> parts)
{
    return askOnce(question, [&] { return judgedRequest(parts); }, [&] { return m_call->request(parts); });
}

std::optional<Judgement> PolicyWorker::textEnd(Question& question, std::uint32_t choice, std::uint32_t block,
                                               std::string& out)
{
    return ask(question, [&] { return m_call->textEnd(choice, block, out); });
}

Result<void> PolicyWorker::hold(Question& question, SteadyPoint until, SteadyPoint now)
{
    // Whoever lets his own deadline pass without an answer would be waited for forever.
    const bool isUnnamed = until == SteadyPoint::max();
    const bool isOverdue = question.isWaiting() && *question.waitsUntil <= now;
    until = std::min(until, *question.askedAt + (isUnnamed ? WaitList::kUnnamed : WaitList::kLongest));
    if (until <= now || (isOverdue && isUnnamed))
        return Error{ErrorCode::Timeout, "The policy did not answer in the time it asked for.", {}};
    withdraw(question);
    if (!m_place.waits.add(until, question.bytes))
        return Error{ErrorCode::TooLarge, "Too much of this call waits for policies.", {}};
    question.waitsUntil = until;
    return {};
}

void PolicyWorker::withdraw(Question& question)
{
    if (!question.isWaiting())
        return;
    m_place.waits.remove(*question.waitsUntil, question.bytes);
    question.waitsUntil.reset();
    m_place.askedPeople -= question.waitsForPerson ? 1 : 0;
    question.waitsForPerson = false;
}

PolicyVerdict PolicyWorker::verdictOf(const Error& error) const
{
    PolicyVerdict verdict;
    verdict.verdict = m_link.definition.onError == OnError::Block ? Verdict::Block : Verdict::Continue;
    verdict.answeredBy = AnsweredBy::Error;
    verdict.reason = error.message;
    if (!error.context.empty())
        verdict.reason += " (" + error.context + ")";
    return verdict;
}

std::string PolicyWorker::notice(const Judgement& judgement, std::string_view subject) const
{
    const PolicyVerdict& verdict = judgement.verdict;
    if (!verdict.agentText.empty())
        return std::string(boundedText(verdict.agentText, kMaxAgentTextBytes));
    return blockNotice(m_link.definition.agentText, subject, m_link.title, verdict.reason);
}

Decision PolicyWorker::decisionOf(const Judgement& judgement) const
{
    const PolicyVerdict& verdict = judgement.verdict;
    Decision decision{.policyId = m_link.definition.id,
                      .policyVersion = m_link.version,
                      .mode = m_link.definition.mode,
                      .verdict = verdict.verdict,
                      .answeredBy = verdict.answeredBy,
                      .score = verdict.score,
                      .reason = std::string(boundedText(verdict.reason, kMaxReasonBytes)),
                      .inference = verdict.inference,
                      .isRepeat = judgement.isRepeat,
                      .matched = verdict.matched,
                      .latency = judgement.latency};
    decision.matched.resize(std::min(decision.matched.size(), kMaxMatches));
    return decision;
}

} // namespace luthien::policy
