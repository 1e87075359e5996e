// SPDX-License-Identifier: Apache-2.0
#include "policy/tool_line.h"

#include "policy/judged_arguments.h"
#include "policy/notice.h"

#include <algorithm>
#include <utility>

namespace luthien::policy {

using conversation::AnsweredBy;
using conversation::Decision;
using conversation::Executor;
using conversation::ToolAnswer;
using conversation::ToolCall;
using conversation::Verdict;

namespace {
constexpr std::size_t kMaxLabelBytes = 256;
} // namespace

ToolLine::ToolLine(std::deque<PolicyWorker>& workers, WorkPlace& place, const ToolCall& call, std::uint32_t block)
    : m_place(place)
    , m_choice(call.choice)
    , m_block(block)
    , m_executor(call.executor)
    , m_isFreeText(call.isFreeText)
    , m_id(call.id)
    , m_name(call.name)
    , m_responseId(call.responseId)
    , m_conversationId(call.conversationId)
    , m_original{std::string(call.arguments.substr(0, kMaxArgumentBytes)), boost::json::value()}
{
    for (PolicyWorker& worker : workers) {
        if (worker.link().interests.toolCalls && worker.link().scope.includesTool(m_name))
            m_stations.push_back({.worker = &worker,
                                  .decides = worker.enforces() && m_executor == Executor::Client,
                                  .question = {.bytes = m_original.text.size()}});
    }
    if (!m_stations.empty())
        m_original.value = readArguments(call);
}

const ToolAnswer* ToolLine::ask()
{
    if (m_isAnswered)
        return &m_answer;
    bool isHeld = false;
    for (Station& station : m_stations) {
        if (station.isDone)
            continue;
        if (!station.decides) {
            if (!m_isBegun)
                (void)askStation(station);
        } else if (m_answer.isBlocked) {
            station.isDone = true;
        } else if (!isHeld) {
            isHeld = !askStation(station);
        }
    }
    m_isBegun = true;
    if (isHeld)
        return nullptr;
    m_isAnswered = true;
    if (m_replaced && !m_answer.isBlocked)
        m_answer.arguments = m_replaced->text;
    letGo();
    return &m_answer;
}

void ToolLine::askShadows()
{
    for (Station& station : m_stations) {
        if (!station.decides && station.question.isWaiting())
            (void)askStation(station);
    }
    letGo();
}

void ToolLine::ended(conversation::CallStatus status)
{
    for (Station& station : m_stations) {
        if (station.decides && station.question.isWaiting())
            recordWithdrawn(station, status);
        station.worker->withdraw(station.question);
    }
}

/// The call never reached the agent, and nobody said why: a trace of it that is no block.
void ToolLine::recordWithdrawn(const Station& station, conversation::CallStatus status)
{
    const SteadyPoint asked = station.question.askedAt.value_or(station.worker->clock().steady());
    const std::string who = station.question.waitsForPerson ? "a person" : "its policy";
    record(
        station,
        {.verdict = {.verdict = Verdict::Hold,
                     .reason = (status == conversation::CallStatus::Cancelled ? "The client left while it waited for "
                                                                              : "The call ended while it waited for ") +
                               who + ".",
                     .answeredBy = AnsweredBy::Error},
         .latency = std::chrono::duration_cast<std::chrono::microseconds>(station.worker->clock().steady() - asked)},
        {}, {});
}

void ToolLine::leaveOut(const PolicyWorker& ender)
{
    if (m_executor != Executor::Client || m_answer.isBlocked || m_isLeftOut)
        return;
    m_isLeftOut = true;
    for (Station& station : m_stations) {
        if (!station.decides)
            continue;
        station.worker->withdraw(station.question);
        station.isDone = true;
    }
    const std::string notice = "[" + toolSubject(m_name) + " was not run: the reply was ended before it]";
    Decision decision =
        ender.decisionOf({.verdict = {.verdict = Verdict::Block,
                                      .reason = "It stands behind a call that was blocked with on_block end."}});
    nameCall(decision);
    decision.agentText = notice;
    decision.original = boundedText(m_original.text, kMaxRecordedBytes);
    ender.take(std::move(decision));
    if (!m_isAnswered) // should an editor ever think otherwise, it has no leave to let it out
        m_answer = {.isBlocked = true, .notice = notice, .onBlock = conversation::OnBlock::Replace, .arguments = {}};
}

ToolCall ToolLine::callWith(std::string_view arguments) const
{
    return {.choice = m_choice,
            .block = m_block,
            .executor = m_executor,
            .isFreeText = m_isFreeText,
            .id = m_id,
            .name = m_name,
            .arguments = arguments,
            .responseId = m_responseId,
            .conversationId = m_conversationId};
}

const ToolLine::Arguments& ToolLine::seenBy(const Station& station) const
{
    return station.decides && m_replaced ? *m_replaced : m_original;
}

bool ToolLine::askStation(Station& station)
{
    const Arguments& arguments = seenBy(station);
    std::optional<Judgement> judgement =
        station.worker->toolCall(station.question, callWith(arguments.text), arguments.value);
    if (!judgement)
        return false;
    station.isDone = true;
    carryOut(station, std::move(*judgement));
    return true;
}

void ToolLine::carryOut(const Station& station, Judgement judgement)
{
    std::optional<Arguments> replaced;
    if (judgement.verdict.verdict == Verdict::Replace)
        replaced = replacement(station, judgement);
    const std::string notice =
        judgement.verdict.isBlocked() ? station.worker->notice(judgement, toolSubject(m_name)) : std::string();
    if (judgement.isNotable())
        record(station, judgement, notice, replaced ? std::string_view(replaced->text) : std::string_view());
    if (!station.decides)
        return;
    if (judgement.verdict.isBlocked()) {
        m_blocker = station.worker;
        m_isLastWord = judgement.verdict.isLastWord;
        m_answer = {
            .isBlocked = true, .notice = notice, .onBlock = station.worker->link().definition.onBlock, .arguments = {}};
    } else if (replaced) {
        m_replaced = std::move(replaced);
    }
}

/// What the policy wants instead; nullopt if that is the same, or if it must not be.
std::optional<ToolLine::Arguments> ToolLine::replacement(const Station& station, Judgement& judgement) const
{
    PolicyVerdict& verdict = judgement.verdict;
    if (verdict.arguments == seenBy(station).text) {
        verdict.verdict = Verdict::Continue;
        return std::nullopt;
    }
    const CallFacts& facts = m_place.parts.facts;
    Result<boost::json::value> value =
        readReplacement(callWith(verdict.arguments), facts.toolSchema ? facts.toolSchema(m_name) : std::string());
    if (value)
        return Arguments{std::move(verdict.arguments), std::move(value)};
    verdict.verdict = Verdict::Block;
    verdict.answeredBy = AnsweredBy::Error;
    verdict.reason = value.error().message;
    if (!value.error().context.empty())
        verdict.reason += " (" + value.error().context + ")";
    return std::nullopt;
}

void ToolLine::record(const Station& station, const Judgement& judgement, std::string agentText, std::string_view final)
{
    const std::string& judged = seenBy(station).text;
    Decision decision = station.worker->decisionOf(judgement);
    if (m_executor != Executor::Client) {
        decision.mode = PolicyMode::Shadow;
        decision.reason += " The provider runs this tool itself: it could not be stopped here.";
    }
    decision.agentText = std::move(agentText);
    nameCall(decision);
    decision.original = boundedText(judged, kMaxRecordedBytes);
    if (decision.verdict == Verdict::Block)
        decision.final = decision.agentText;
    else if (decision.verdict != Verdict::Hold) // of which nothing left
        decision.final = boundedText(decision.verdict == Verdict::Replace ? final : judged, kMaxRecordedBytes);
    station.worker->take(std::move(decision));
}

void ToolLine::nameCall(Decision& decision) const
{
    decision.tool = boundedText(m_name, kMaxLabelBytes);
    decision.toolId = boundedText(m_id, kMaxLabelBytes);
    decision.responseId = boundedText(m_responseId, kMaxLabelBytes);
    decision.conversationId = boundedText(m_conversationId, kMaxLabelBytes);
}

/// Nobody will be asked about the arguments any more.
void ToolLine::letGo()
{
    if (!m_isAnswered ||
        std::any_of(m_stations.begin(), m_stations.end(), [](const Station& s) { return s.question.isWaiting(); }))
        return;
    m_stations.clear();
    m_original = {{}, boost::json::value()};
    m_replaced.reset();
}

} // namespace luthien::policy
