// SPDX-License-Identifier: Apache-2.0
#include "control/live_filter.h"

#include "filter/match.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace luthien::control {

using namespace conversation;
using filter::CallFacts;
using filter::Needs;

namespace {
CallFacts factsOf(const live::Opened& event)
{
    return {.id = event.call,
            .identity = event.identity,
            .upstream = event.upstream,
            .api = event.api,
            .method = event.method,
            .path = event.path,
            .model = event.model,
            .preview = event.preview,
            .stream = event.stream,
            .startedAt = event.at,
            .cause = event.cause,
            .causePolicy = event.causePolicy};
}

StreamEvent stepOf(const live::Delta& delta)
{
    return {.kind = delta.kind,
            .choice = delta.choice,
            .block = delta.block,
            .executor = delta.executor,
            .isRefusal = delta.isRefusal,
            .replaces = delta.replaces,
            .id = delta.id,
            .name = delta.name,
            .text = delta.text,
            .usage = delta.usage,
            .stopReason = delta.stopReason,
            .rawStopReason = delta.rawStopReason};
}

void take(CallFacts& facts, const live::Ended& event)
{
    facts.status = event.status;
    facts.httpStatus = event.httpStatus;
    facts.stopReason = event.stopReason;
    facts.rawStopReason = event.rawStopReason;
    facts.usage = event.usage;
    facts.error = event.error;
    facts.costNanoUsd = event.costNanoUsd;
    facts.endedAt = event.at;
    if (!event.model.empty())
        facts.model = event.model;
}
} // namespace

Result<void> LiveFilter::check(const filter::Expression& expression)
{
    if (!includes(expression.needs(), Needs::Session | Needs::Request))
        return {};
    return Error{
        ErrorCode::Unsupported,
        "a live feed tells neither what was asked (text, asked, result, has:image) nor what is known of sessions "
        "(calls, turns, is:pinned); said:, thinking: and begins: can be asked about",
        "filter"};
}

LiveFilter::LiveFilter(filter::Expression expression, const Clock& clock)
    : m_expression(std::move(expression))
    , m_clock(clock)
{
}

std::vector<live::Event> LiveFilter::pass(const live::Event& event)
{
    if (const auto* const commit = std::get_if<live::Committed>(&event))
        return {committed(*commit)};
    if (const auto* const opened = std::get_if<live::Opened>(&event))
        begin(*opened);
    Call* const call = find(live::callOf(event));
    if (call == nullptr)
        return {};
    std::vector<live::Event> told;
    const bool isNew = !call->isOver && !call->isTold && learn(*call, event) && matches(*call);
    if (isNew && !std::holds_alternative<live::Opened>(event))
        told.emplace_back(call->opened);
    call->isTold = call->isTold || isNew;
    if (call->isTold)
        told.push_back(event);
    if (call->isTold || std::holds_alternative<live::Ended>(event))
        release(*call);
    return told;
}

void LiveFilter::begin(const live::Opened& event)
{
    if (m_order.size() == kMaxCalls) {
        if (Call* const oldest = find(m_order.front()))
            release(*oldest);
        m_calls.erase(m_order.front());
        m_order.pop_front();
    }
    if (m_calls.try_emplace(event.call, Call{.opened = event, .facts = factsOf(event)}).second)
        m_order.push_back(event.call);
}

LiveFilter::Call* LiveFilter::find(const CallId& id)
{
    const auto found = m_calls.find(id);
    return found == m_calls.end() ? nullptr : &found->second;
}

bool LiveFilter::learn(Call& call, const live::Event& event)
{
    if (const auto* const step = std::get_if<live::Delta>(&event))
        return learn(call, *step);
    if (const auto* const decided = std::get_if<live::Decided>(&event)) {
        learn(call, decided->decision);
        return call.searchedBytes <= kMaxSearchedBytes;
    }
    if (const auto* const ended = std::get_if<live::Ended>(&event))
        take(call.facts, *ended);
    return !std::holds_alternative<live::Requested>(event);
}

bool LiveFilter::learn(Call& call, const live::Delta& step)
{
    if (step.direction != Direction::Received)
        return false; // what the upstream said is what is recorded as the reply
    if (!call.facts.firstTokenAt && (step.kind == EventKind::Text || step.kind == EventKind::Thinking))
        call.facts.firstTokenAt = step.at;
    if (step.kind == EventKind::Usage)
        call.facts.usage.update(step.usage);
    if (includes(m_expression.needs(), Needs::Reply))
        addToReply(call, step);
    return isTimeToAsk(call, step.kind);
}

void LiveFilter::learn(Call& call, const Decision& decision)
{
    if (!includes(m_expression.needs(), Needs::Decisions))
        return;
    auto& kept = call.facts.decisions;
    if (kept.size() == kMaxDecisions)
        kept.erase(kept.begin()); // it was asked about as it was made
    kept.push_back(decision);
    kept.back().original.clear(); // of any size, and not looked at
    kept.back().final.clear();
}

void LiveFilter::addToReply(Call& call, const live::Delta& step)
{
    std::size_t bytes = step.id.size() + step.name.size() + step.text.size();
    call.isReplyCut = call.isReplyCut || m_replyBytes + bytes > kMaxReplyBytes;
    if (call.isReplyCut)
        return;
    const std::size_t blocks = call.reply.response().blocks.size();
    call.reply.apply(stepOf(step));
    bytes += (call.reply.response().blocks.size() - blocks) * sizeof(Block);
    call.replyBytes += bytes;
    m_replyBytes += bytes;
}

/// A text may lack the end of a word for as long as nothing else comes, and replies can have a step for every token:
/// looking at all of the reply at each would take the square of its length.
bool LiveFilter::isTimeToAsk(const Call& call, EventKind kind) const
{
    switch (kind) {
    case EventKind::ToolStart:
    case EventKind::ToolEnd:
    case EventKind::Stop:
        return call.searchedBytes <= kMaxSearchedBytes;
    case EventKind::Usage: // some providers tell it with every step
        return !includes(m_expression.needs(), Needs::Reply | Needs::Decisions);
    default:
        return false;
    }
}

bool LiveFilter::matches(Call& call) const
{
    if (includes(m_expression.needs(), Needs::Reply)) {
        call.facts.reply = call.reply.response().blocks;
        call.searchedBytes += call.replyBytes;
    }
    return filter::matches(m_expression, call.facts, m_clock.now());
}

/// Nothing more is asked about it.
void LiveFilter::release(Call& call)
{
    if (call.isOver)
        return;
    call.isOver = true;
    m_replyBytes -= call.replyBytes;
    call.facts = {};
    call.reply = {};
    call.opened = {};
}

live::Committed LiveFilter::committed(const live::Committed& event)
{
    live::Committed told = event;
    std::erase_if(told.calls, [this](const live::TouchedCall& touched) {
        const Call* const call = find(touched.id);
        return call != nullptr && !call->isTold;
    });
    return told;
}

} // namespace luthien::control
