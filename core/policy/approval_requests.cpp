// SPDX-License-Identifier: Apache-2.0
#include "policy/approval_requests.h"

#include "policy/notice.h"

namespace luthien::policy {

using conversation::AnsweredBy;
using conversation::PartKind;
using conversation::Verdict;

namespace {

constexpr std::size_t kMaxNameCharacters = 128;

/// Text that agents put among what the person says.
bool isReminder(std::string_view text)
{
    return text.starts_with("<system-reminder>");
}

// With the id of a rule it is told which one answered, or what the answer left behind: answeringRule() reads it again.
constexpr std::string_view kRuleAnswered = "A rule that a person made (";
constexpr std::string_view kRuleMade = "A person, with a rule for what comes (";

std::string whoAnswered(const ApprovalOutcome& outcome)
{
    if (outcome.answeredBy != AnsweredBy::Policy && outcome.rule.isNil())
        return "A person";
    return std::string(outcome.answeredBy == AnsweredBy::Policy ? kRuleAnswered : kRuleMade) + outcome.rule.toString() +
           ")";
}

std::string reasonOf(const ApprovalOutcome& outcome, const ApprovalCause& cause)
{
    if (outcome.isAtTheEnd)
        return "The program ended before anybody answered: " + cause.reason;
    if (outcome.answeredBy == AnsweredBy::Timeout)
        return "Nobody answered in time: " + cause.reason;
    switch (outcome.verb) {
    case ApprovalVerb::Allow:
        return whoAnswered(outcome) + " allowed it.";
    case ApprovalVerb::Edit:
        return whoAnswered(outcome) + " allowed it with other arguments.";
    case ApprovalVerb::Deny:
        break;
    }
    return whoAnswered(outcome) + (outcome.message.empty() ? " denied it." : " denied it: " + outcome.message);
}

} // namespace

CallId answeringRule(std::string_view reason)
{
    constexpr std::size_t kIdLength = 36;
    for (const std::string_view beginning : {kRuleAnswered, kRuleMade})
        if (reason.starts_with(beginning))
            return CallId::parse(reason.substr(beginning.size(), kIdLength)).value_or(CallId());
    return {};
}

void ApprovalRequests::request(std::span<const conversation::RequestPart> parts)
{
    std::string_view last;
    for (const conversation::RequestPart& part : parts)
        if (part.kind == PartKind::UserText && (last.empty() || !isReminder(part.text)))
            last = part.text;
    m_lastUserText = boundedText(last, ApprovalDesk::kMaxUserTextBytes);
}

ApprovalQuestion ApprovalRequests::questionOf(const JudgedCall& call, const ApprovalCause& cause) const
{
    const CallFacts& facts = m_context.facts;
    return {.call = facts.call,
            .session = facts.identity.session,
            .agent = facts.identity.agent,
            .client = facts.identity.client,
            .model = facts.model,
            .upstream = facts.upstream,
            .tool = std::string(call.call.name),
            .toolId = std::string(call.call.id),
            .arguments = std::string(call.call.arguments),
            .isFreeText = call.arguments == nullptr,
            .policyId = m_context.policyId,
            .policyVersion = m_context.policyVersion,
            .policyName = m_context.policyName,
            .rule = cause.rule,
            .reason = cause.reason,
            .matched = cause.matched,
            .lastUserText = m_lastUserText};
}

PolicyVerdict ApprovalRequests::verdictOf(const ApprovalOutcome& outcome, const JudgedCall& call,
                                          const ApprovalCause& cause) const
{
    PolicyVerdict verdict{.reason = reasonOf(outcome, cause),
                          .matched = cause.matched,
                          .answeredBy = outcome.answeredBy,
                          .isRecorded = true,
                          // A rule says so again for as long as it is there, and no longer.
                          .isForOnce = !outcome.rule.isNil()};
    switch (outcome.verb) {
    case ApprovalVerb::Allow:
        break;
    case ApprovalVerb::Edit:
        verdict.verdict = Verdict::Replace;
        verdict.arguments = outcome.arguments;
        break;
    case ApprovalVerb::Deny:
        verdict.verdict = Verdict::Block;
        verdict.isLastWord = outcome.isAtTheEnd; // there will be nobody to ask about another try
        if (!outcome.message.empty())
            verdict.agentText = "[Tool call `" + oneLine(call.call.name, kMaxNameCharacters) +
                                "` was denied by a person: " + outcome.message + "]";
        break;
    }
    return verdict;
}

Result<PolicyVerdict> ApprovalRequests::toolCall(const JudgedCall& call, const ApprovalCause& cause,
                                                 std::chrono::milliseconds timeout)
{
    const std::pair key(call.call.choice, call.call.block);
    auto asked = m_asked.find(key);
    if (asked == m_asked.end()) {
        ApprovalQuestion question = questionOf(call, cause);
        if (const std::optional<ApprovalOutcome> outcome = m_desk.ruled(question))
            return verdictOf(*outcome, call, cause);
        if (m_context.mode != conversation::PolicyMode::Enforce || call.call.executor != conversation::Executor::Client)
            return PolicyVerdict{.reason = "A person would have been asked: " + cause.reason,
                                 .matched = cause.matched,
                                 .isRecorded = true,
                                 // Nobody's answer: the same policy may be enforced when the request is repeated.
                                 .isForOnce = true};
        if (!question.isFreeText && m_context.facts.toolSchema)
            question.toolSchema = m_context.facts.toolSchema(question.tool);
        Result<std::unique_ptr<AskedApproval>> placed = m_desk.ask(std::move(question), m_context.wake, timeout);
        if (!placed)
            return placed.error();
        asked = m_asked.emplace(key, std::move(*placed)).first;
    }
    const std::optional<ApprovalOutcome> outcome = asked->second->outcome();
    if (!outcome)
        return PolicyVerdict{.verdict = Verdict::Hold,
                             .holdUntil = asked->second->deadline(),
                             .reason = cause.reason,
                             .matched = cause.matched,
                             .answeredBy = AnsweredBy::Person};
    m_asked.erase(asked);
    return verdictOf(*outcome, call, cause);
}

} // namespace luthien::policy
