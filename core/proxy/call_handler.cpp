// SPDX-License-Identifier: Apache-2.0
#include "proxy/call_handler.h"

#include "proxy/access.h"
#include "proxy/local_reply.h"
#include "proxy/trial_chains.h"

#include <algorithm>

namespace luthien::proxy {

using protocol::HttpError;
using protocol::ReadState;

namespace {
/// How often a sink without room is asked again.
constexpr std::chrono::milliseconds kRoomRetry{50};
/// Unsent bytes towards a client at which its next request waits.
constexpr std::size_t kHighWater = 256 * 1024;
/// Calls of one client whose records may wait for policies that only watch; beyond, the oldest ends.
constexpr std::size_t kMaxWatched = 16;
constexpr std::string_view kRootBody = R"({"name":"luthien","status":"ok"})";

/// As the record has it: the trial's name, not its token.
protocol::RequestHead withTrial(protocol::RequestHead head, std::string_view name)
{
    head.fields.set(kTrialField, name);
    return head;
}
} // namespace

CallHandler::CallHandler(WorkerContext& worker, CallActions& actions)
    : m_worker(worker)
    , m_actions(actions)
    , m_reader({.headBytes = worker.snapshot->limits.headerBytes})
    , m_snapshot(worker.snapshot)
{
}

CallHandler::~CallHandler()
{
    for (const auto& call : m_watched)
        m_worker.watched.remove(call->id());
}

void CallHandler::start()
{
    m_quietSince = m_worker.clock.steady();
    m_actions.wakeAt(deadline());
}

void CallHandler::clientBytes(std::string_view bytes)
{
    m_worker.metrics.add(Metric::BytesFromClients, bytes.size());
    if (m_closed)
        return;
    if (m_call || !m_pending.empty()) {
        m_pending += bytes;
        updateClientFlow();
        return;
    }
    // A head that trickles in does not keep the connection: its clock starts with its first byte.
    if (m_reader.isIdle() || !m_readingHead)
        m_quietSince = m_worker.clock.steady();
    consume(bytes);
    checkRoom();
}

void CallHandler::consume(std::string_view bytes)
{
    while (!m_closed && !m_call && m_actions.unsentToClient() <= kHighWater) {
        const protocol::ReadStep step = m_reader.read(bytes);
        bytes.remove_prefix(step.consumed);
        switch (step.state) {
        case ReadState::NeedMore:
            awaitMore();
            return;
        case ReadState::Head:
            requestHead();
            break;
        case ReadState::Body:
            requestBody(step.body);
            break;
        case ReadState::Done:
            requestDone();
            break;
        case ReadState::Failed:
            refuse(m_reader.error());
            break;
        }
    }
    if (!m_closed)
        m_pending.assign(bytes);
    updateClientFlow();
}

void CallHandler::awaitMore()
{
    m_readingHead = !m_destination && !m_reader.isIdle();
    m_actions.wakeAt(deadline());
    updateClientFlow();
}

void CallHandler::requestHead()
{
    m_snapshot = m_worker.snapshot;
    m_nextCall = CallId::make(m_worker.clock.now());
    m_trial.clear();
    const protocol::RequestHead& head = m_reader.head();
    if (const auto refusal = checkAccess(m_snapshot->clients, m_worker.ownPort, head)) {
        refuse(*refusal);
        return;
    }
    if (head.fields.has(kTrialField) && !takeTrial(head.fields.value(kTrialField))) {
        refuse({403, "trial_refused", "This is no trial of this proxy, or it was used, or is too old."});
        return;
    }
    auto found = findRoute(*m_snapshot, head);
    if (const auto* error = std::get_if<HttpError>(&found)) {
        refuse(*error);
        return;
    }
    if (auto* route = std::get_if<Route>(&found))
        m_destination = std::move(*route);
    else
        m_destination = RootPage{};
    if (head.framing == protocol::BodyFraming::Length && head.contentLength > m_snapshot->limits.requestBodyBytes)
        requestBody({});
    else if (head.expectsContinue)
        m_actions.writeToClient("HTTP/1.1 100 Continue\r\n\r\n");
}

/// This request, and no other, then passes the trial's policies.
bool CallHandler::takeTrial(std::string_view token)
{
    auto trial = m_snapshot->trials ? m_snapshot->trials->take(token, m_worker.clock.steady()) : std::nullopt;
    if (!trial)
        return false;
    auto snapshot = std::make_shared<ProxySnapshot>(*m_snapshot);
    snapshot->gates = std::move(trial->gates);
    m_snapshot = std::move(snapshot);
    m_trial = std::move(trial->name);
    return true;
}

void CallHandler::requestBody(std::string_view bytes)
{
    const std::size_t limit = m_snapshot->limits.requestBodyBytes;
    const protocol::RequestHead& head = m_reader.head();
    const bool announced = head.framing == protocol::BodyFraming::Length && head.contentLength > limit;
    if (announced || m_body.size() + bytes.size() > limit) {
        refuse({413, "payload_too_large", "The request body is larger than " + std::to_string(limit) + " bytes."});
        return;
    }
    m_body += bytes;
}

void CallHandler::requestDone()
{
    m_readingHead = false;
    auto destination = std::exchange(m_destination, std::nullopt);
    if (std::holds_alternative<RootPage>(*destination)) {
        const protocol::RequestHead& head = m_reader.head();
        const bool keep = head.keepAlive && head.minorVersion >= 1 && !m_draining;
        m_actions.writeToClient(toWire({.status = 200,
                                        .body = std::string(kRootBody),
                                        .call = {},
                                        .isHead = head.method == "HEAD",
                                        .after = keep ? AfterReply::KeepOpen : AfterReply::Close}));
        m_body = {};
        m_reader.reset();
        if (!keep)
            close();
        return;
    }
    const auto prepare = [&](const protocol::RequestHead& head) {
        return prepareCall(m_snapshot, m_worker.forwardProxy, m_nextCall, std::get<Route>(std::move(*destination)),
                           head, std::exchange(m_body, {}));
    };
    auto prepared = m_trial.empty() ? prepare(m_reader.head()) : prepare(withTrial(m_reader.head(), m_trial));
    m_reader.reset();
    m_call = std::make_unique<Call>(m_worker, m_actions, std::move(prepared));
    if (m_draining)
        m_call->closeAfterwards();
    m_call->setStalled(m_stalled);
    m_call->start();
    afterCall();
}

/// Answers what will not become a call. What the client is still sending is not read, so the connection ends.
void CallHandler::refuse(const HttpError& error)
{
    m_worker.metrics.add(Metric::RequestsRejected);
    const protocol::RequestHead& head = m_reader.head();
    if (m_nextCall.isNil())
        m_nextCall = CallId::make(m_worker.clock.now());
    LocalReply reply = errorReply(errorApiFor(*m_snapshot, head), error, m_nextCall);
    reply.isHead = head.method == "HEAD";
    reply.after = AfterReply::Close;
    m_actions.writeToClient(toWire(reply));
    close();
}

void CallHandler::close()
{
    m_closed = true;
    m_actions.closeClient(ClientClose::WhenSent);
}

void CallHandler::clientClosed()
{
    m_closed = true;
    if (m_call) {
        m_call->clientGone();
        m_call.reset();
    }
    m_actions.closeClient(ClientClose::Now);
}

void CallHandler::clientDrained()
{
    if (m_call)
        m_call->clientDrained();
    else if (!m_pending.empty())
        consume(std::exchange(m_pending, {}));
}

void CallHandler::upstreamOpened(bool fromPool)
{
    if (!m_call)
        return;
    m_call->upstreamOpened(fromPool);
    checkRoom();
}

void CallHandler::upstreamFailed(const UpstreamFailure& failure)
{
    if (!m_call)
        return;
    m_call->upstreamFailed(failure);
    afterCall();
}

void CallHandler::upstreamBytes(std::string_view bytes)
{
    if (!m_call)
        return;
    m_call->upstreamBytes(bytes);
    checkRoom();
    afterCall();
}

void CallHandler::upstreamTook()
{
    if (m_call)
        m_call->upstreamTook();
}

void CallHandler::upstreamClosed(StreamEnd how)
{
    if (!m_call)
        return;
    m_call->upstreamClosed(how);
    afterCall();
}

void CallHandler::resume(CallId call)
{
    if (m_call && m_call->id() == call) {
        m_call->resume();
        afterCall();
        return;
    }
    const auto watched = std::ranges::find(m_watched, call, &Call::id);
    if (watched == m_watched.end())
        return;
    (*watched)->resume();
    forgetEnded();
}

/// If the client has its reply: the next request, or the end of the connection.
void CallHandler::afterCall()
{
    if (!m_call || !m_call->isAnswered())
        return;
    const bool keep = m_call->keepsClient() && !m_draining;
    keepWatched(std::exchange(m_call, nullptr));
    m_nextCall = {};
    m_quietSince = m_worker.clock.steady();
    if (m_closed)
        return;
    if (!keep) {
        close();
        return;
    }
    m_actions.wakeAt(deadline());
    consume(std::exchange(m_pending, {}));
}

void CallHandler::keepWatched(std::unique_ptr<Call> call)
{
    if (m_draining)
        call->withdraw();
    if (call->isOver())
        return;
    Call& watched = *call;
    m_watched.push_back(std::move(call));
    if (m_watched.size() > kMaxWatched) {
        cutOff(*m_watched.front());
        forgetEnded(); // or the worker's bound would cut it off once more
    }
    // Whoever else is over the worker's bound hears of it by his own connection, which may have nothing else open.
    m_worker.watched.add(watched.id(), watched.watchedBytes(),
                         [this, &watched, wake = m_actions.makeWake(watched.id())] {
                             cutOff(watched);
                             wake();
                         });
    forgetEnded();
}

void CallHandler::cutOff(Call& call)
{
    m_worker.metrics.add(Metric::WatchedCallsCutOff);
    call.withdraw();
}

void CallHandler::forgetEnded()
{
    std::erase_if(m_watched, [this](const auto& call) {
        if (call->isOver())
            m_worker.watched.remove(call->id());
        return call->isOver();
    });
}

void CallHandler::withdraw()
{
    for (const auto& call : m_watched)
        call->withdraw();
    forgetEnded();
}

void CallHandler::checkRoom()
{
    const bool stalled = !m_worker.sink.hasRoom();
    if (stalled)
        m_actions.wakeAt(m_worker.clock.steady() + kRoomRetry);
    if (stalled == m_stalled)
        return;
    if (stalled)
        m_worker.metrics.add(Metric::JournalStalls);
    m_stalled = stalled;
    m_quietSince = m_worker.clock.steady();
    if (m_call)
        m_call->setStalled(stalled);
    updateClientFlow();
}

void CallHandler::updateClientFlow()
{
    // While a call is under way the client is read only to notice that it leaves; a next request already here ends
    // that.
    const bool pause = !m_closed && (m_stalled || !m_pending.empty());
    if (pause == m_clientPaused)
        return;
    m_clientPaused = pause;
    m_actions.setClientFlow(pause ? Flow::Pause : Flow::Run);
}

SteadyPoint CallHandler::deadline() const
{
    const Limits& limits = m_worker.snapshot->limits;
    const bool idle = m_reader.isIdle() && !m_destination;
    return m_quietSince + (idle ? limits.keepAlive : limits.requestRead);
}

void CallHandler::tick()
{
    if (m_stalled)
        checkRoom();
    for (const auto& call : m_watched)
        call->tick();
    forgetEnded();
    if (m_call) {
        m_call->tick();
        afterCall();
        return;
    }
    if (m_closed || m_stalled)
        return;
    if (m_worker.clock.steady() < deadline()) {
        m_actions.wakeAt(deadline());
        return;
    }
    if (m_reader.isIdle() && !m_destination)
        close();
    else
        refuse({408, "request_timeout", "The request did not arrive in time."});
}

void CallHandler::beginDrain()
{
    m_draining = true;
    withdraw();
    if (m_call)
        m_call->closeAfterwards();
    else if (m_reader.isIdle() && !m_closed)
        close();
}

} // namespace luthien::proxy
