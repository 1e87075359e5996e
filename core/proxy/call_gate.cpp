// SPDX-License-Identifier: Apache-2.0
#include "proxy/call_gate.h"

#include "base/logging.h"

#include <utility>

namespace luthien::proxy {

using conversation::Decision;
using conversation::PolicyMode;
using conversation::Verdict;
using policy::GatedEvent;
using policy::GateOutlet;
using policy::ReleasedBy;
using policy::RequestRuling;

CallGate::CallGate(Parts parts, const OpenReview& open)
    : m_parts(std::move(parts))
    , m_review(open([this](Decision decision) { decided(std::move(decision)); }))
    , m_owed(m_parts.api, m_parts.blockedCalls)
{
}

bool CallGate::isNeeded() const
{
    return m_review != nullptr;
}

bool CallGate::enforces() const noexcept
{
    return m_review->enforcesReply() || m_review->enforcesRequest();
}

void CallGate::decided(Decision decision)
{
    if (m_parts.blockedCalls && mayAskAgain())
        m_blocks.push_back(decision);
    else if (m_parts.blockedCalls)
        m_parts.blockedCalls->add(decision);
    m_outlet->decided(std::move(decision));
}

void CallGate::begin(GateOutlet& outlet)
{
    m_outlet = &outlet;
    if (!isHolding())
        m_releasedBy = ReleasedBy::Policy;
}

/// A wait in which a person is asked is that person's, whoever ends it: his answer, the deadline or the client.
void CallGate::noteWhoIsAsked()
{
    if (m_review->waitsForPerson())
        m_releasedBy = ReleasedBy::Person;
}

// The request

bool CallGate::looksAtRequest() const
{
    return m_review->looksAtRequest() || m_owed.mayOwe();
}

Result<void> CallGate::readRequest()
{
    m_isRequestRead = true;
    m_completedBody = m_owed.addTo(m_parts.requestBody());
    if (!m_review->looksAtRequest())
        return {};
    auto editor = protocol::makeRequestEditor(
        m_parts.api, m_parts.path, m_completedBody ? std::string_view(*m_completedBody) : m_parts.requestBody());
    if (!editor)
        return editor.error();
    m_request = std::move(*editor);
    return {};
}

Result<std::optional<RequestRuling>> CallGate::request(GateOutlet& outlet)
{
    begin(outlet);
    if (m_isRequestRead) {
        m_review->resume();
    } else if (const auto read = readRequest(); !read) {
        if (m_review->enforcesRequest())
            return read.error();
        m_review->requestUnreadable(read.error());
    }
    RequestRuling ruling;
    if (m_review->looksAtRequest()) {
        const auto answer =
            m_review->request(m_request ? std::span(m_request->parts()) : std::span<const conversation::RequestPart>());
        m_isRequestHeld = !answer;
        noteWhoIsAsked();
        if (!answer)
            return std::optional<RequestRuling>();
        ruling.isBlocked = answer->isBlocked;
        ruling.notice = answer->notice;
        if (m_request && !answer->isBlocked && !answer->changes.empty())
            ruling.body = m_request->with(answer->changes);
    }
    if (!ruling.isBlocked && !ruling.body)
        ruling.body = std::exchange(m_completedBody, std::nullopt);
    m_request.reset();
    m_completedBody.reset();
    return std::optional(std::move(ruling));
}

// The reply

bool CallGate::looksAtReply() const
{
    return protocol::canEdit(m_parts.api) &&
           (m_review->guardsTools() || m_review->editsText() || m_review->watchesThinking());
}

bool CallGate::mayAskAgain() const
{
    return m_retries < policy::kMaxRetries && m_review->mayRetry();
}

/// Only the reply itself says whether it is a stream.
void CallGate::beginReply(const GatedEvent& event)
{
    m_editor = event.isWhole ? protocol::makeBodyEditor(m_parts.api, *m_review)
                             : protocol::makeStreamEditor(m_parts.api, *m_review, event.form);
    m_checker = onlyWatches() ? nullptr : protocol::makeStreamChecker(m_parts.api);
    m_turn = mayAskAgain() ? protocol::makeReplyTurn(m_parts.api) : nullptr;
    m_isAltered = m_replyEnded = m_isFinished = m_asksAgain = false;
}

Result<void> CallGate::event(const GatedEvent& event, GateOutlet& outlet)
{
    begin(outlet);
    if (!m_editor)
        beginReply(event);
    const protocol::ReplyEvent reply{
        .type = event.type, .data = event.data, .bytes = event.bytes, .hasData = event.hasData};
    if (m_turn)
        m_turn->event(reply);
    return afterStep(m_editor->event(reply, *this));
}

Result<void> CallGate::replyEnded(GateOutlet& outlet)
{
    begin(outlet);
    m_replyEnded = true;
    m_asksAgain = false;
    return afterStep({});
}

Result<void> CallGate::resume(GateOutlet& outlet)
{
    begin(outlet);
    m_review->resume();
    return afterStep(m_editor ? m_editor->resume(*this) : Result<void>());
}

void CallGate::dropReply(const Error& why, GateOutlet& outlet)
{
    m_outlet = &outlet;
    m_editor.reset();
    m_review->replyUnreadable(why);
}

void CallGate::replyThrownAway()
{
    m_editor.reset();
    m_review->startOver();
}

Result<void> CallGate::afterStep(const Result<void>& step)
{
    noteWhoIsAsked();
    if (!step)
        return step;
    if (m_violation)
        return *m_violation;
    return m_editor && m_replyEnded ? finishReply() : Result<void>();
}

/// What is held when nobody is waited for is a part that never came to its end.
Result<void> CallGate::finishReply()
{
    if (m_isFinished || (m_editor->isHolding() && m_review->isWaiting()))
        return {};
    if (const auto whole = m_editor->end(*this); !whole)
        return whole;
    if (m_violation)
        return *m_violation;
    m_isFinished = true;
    if (m_turn && throwAway())
        return {};
    if (m_checker && m_isAltered) {
        if (const auto whole = m_checker->end(); !whole)
            return Error{ErrorCode::Internal, whole.error().message, whole.error().context};
    }
    m_checker.reset();
    letGo();
    return {};
}

/// Asks the model again if a policy wants that. If the reply cannot be said again it leaves as it is, calls replaced.
bool CallGate::throwAway()
{
    const std::vector<policy::DeniedCall> denied = m_review->retry();
    if (denied.empty())
        return false;
    std::vector<protocol::ToolOutput> outputs;
    for (const policy::DeniedCall& call : denied)
        outputs.push_back({call.id, call.name, call.notice});
    auto next = m_turn->nextRequest(m_parts.requestBody(), outputs);
    if (!next) {
        qCWarning(lcProxy, "a blocked call is replaced, since its model cannot be asked again: %s",
                  next.error().toString().c_str());
        return false;
    }
    m_nextRequest = std::move(*next);
    ++m_retries;
    m_asksAgain = true;
    m_editor.reset();
    m_turn.reset();
    m_checker.reset();
    m_kept.clear();
    m_keptBytes = 0;
    tellBlocks();
    return true;
}

/// The request that asks again says what became of the calls: if the provider takes it nothing is owed for them, after
/// a restart neither. Of a conversation that must be recorded; a reply that was thrown away is not gone on from by its
/// id.
void CallGate::tellBlocks()
{
    m_toldBlocks = std::exchange(m_blocks, {});
    for (const Decision& block : m_toldBlocks) {
        const bool isKept = block.mode == PolicyMode::Enforce && block.verdict == Verdict::Block &&
                            !block.toolId.empty() && !block.conversationId.empty();
        if (isKept)
            m_owed.tell({block.toolId, block.tool, block.agentText, block.policyId, block.policyVersion},
                        block.conversationId);
    }
}

void CallGate::requestAnswered(unsigned httpStatus, GateOutlet& outlet)
{
    m_owed.requestAnswered(httpStatus, outlet);
    if (httpStatus >= 200 && httpStatus < 300)
        m_toldBlocks.clear();
}

std::optional<std::string> CallGate::takeNextRequest()
{
    return std::exchange(m_nextRequest, std::nullopt);
}

void CallGate::letGo()
{
    m_turn.reset();
    for (const Decision& block : std::exchange(m_blocks, {}))
        m_parts.blockedCalls->add(block);
    m_keptBytes = 0;
    for (const Kept& kept : std::exchange(m_kept, {}))
        leave(kept.bytes, kept.asItCame);
}

std::size_t CallGate::heldBytes() const noexcept
{
    return m_keptBytes + (m_editor ? m_editor->heldBytes() : 0);
}

bool CallGate::isHolding() const noexcept
{
    return m_isRequestHeld || m_asksAgain || !m_kept.empty() || (m_editor && m_editor->isHolding());
}

void CallGate::ended(const conversation::CallEnded& event, GateOutlet& outlet)
{
    m_outlet = &outlet;
    m_isRequestHeld = false;
    m_review->ended(event);
    // What could not be said, or was not heard, is owed.
    for (std::vector<Decision>* blocks : {&m_toldBlocks, &m_blocks})
        for (const Decision& block : std::exchange(*blocks, {}))
            m_parts.blockedCalls->add(block);
}

// What leaves

/// What the upstream did against the rules before we touched its reply is between it and its clients.
void CallGate::check(std::string_view type, std::string_view data)
{
    if (!m_checker)
        return;
    const auto valid = m_checker->event(type, data);
    if (valid)
        return;
    if (m_isAltered)
        m_violation = Error{ErrorCode::Internal, valid.error().message, valid.error().context};
    else
        m_checker.reset();
}

void CallGate::leave(std::string_view bytes, bool asItCame)
{
    if (m_violation)
        return;
    if (m_turn) {
        m_keptBytes += bytes.size();
        m_kept.push_back({std::string(bytes), asItCame});
    } else if (asItCame) {
        m_outlet->forward(bytes);
    } else {
        m_outlet->send(bytes);
    }
}

void CallGate::keep(const protocol::ReplyEvent& event)
{
    if (event.hasData)
        check(event.type, event.data);
    leave(event.bytes, true);
}

void CallGate::put(std::string_view type, std::string_view data, std::string_view bytes)
{
    m_isAltered = true;
    check(type, data);
    leave(bytes, false);
}

void CallGate::lose(std::size_t /*bytes*/)
{
    m_isAltered = true; // how much was lost, the outlet counts itself
}

} // namespace luthien::proxy
