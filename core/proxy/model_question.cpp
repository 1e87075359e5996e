// SPDX-License-Identifier: Apache-2.0
#include "proxy/model_question.h"

#include "protocol/prompt.h"

#include <boost/asio/post.hpp>

#include <utility>

namespace luthien::proxy {

namespace asio = boost::asio;
using policy::InferenceReply;

namespace {
/// A verdict is a few lines; what is longer is no answer.
constexpr std::size_t kMaxReplyBytes = std::size_t{1} << 20;
/// How often a sink without room is asked again.
constexpr std::chrono::milliseconds kRoomRetry{50};
} // namespace

class ModelQuestion::Job final : public policy::InferenceJob
{
public:
    Job(CallId call, std::shared_ptr<ModelQuestion> question)
        : m_call(call)
        , m_question(std::move(question))
    {
    }
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;
    ~Job() override { m_question->withdraw(); }
    [[nodiscard]] CallId call() const noexcept override { return m_call; }

private:
    CallId m_call;
    std::shared_ptr<ModelQuestion> m_question;
};

std::unique_ptr<policy::InferenceJob> ModelQuestion::ask(DownstreamEnvironment& environment, CallId id,
                                                         Result<std::unique_ptr<PreparedCall>> prepared, Done done)
{
    auto question = std::make_shared<ModelQuestion>(environment, std::move(done));
    // Posted, so that nobody is called back from within ask().
    if (prepared)
        asio::post(environment.io,
                   [question, call = std::move(*prepared)]() mutable { question->start(std::move(call)); });
    else
        asio::post(environment.io, [question, error = prepared.error()] { question->finish(error); });
    return std::make_unique<Job>(id, std::move(question));
}

ModelQuestion::ModelQuestion(DownstreamEnvironment& environment, Done done)
    : m_environment(environment)
    , m_timer(environment.io)
    , m_upstream({environment.upstreams, environment.pool, environment.context}, *this)
    , m_done(std::move(done))
{
}

void ModelQuestion::start(std::unique_ptr<PreparedCall> prepared)
{
    if (!m_done)
        return; // withdrawn before it was asked
    m_api = prepared->route.api;
    m_timesOutAt = m_environment.context.clock.steady() + prepared->snapshot->limits.total;
    m_call = std::make_unique<Call>(m_environment.context, *this, std::move(prepared));
    run([](Call& call) { call.start(); });
}

void ModelQuestion::withdraw()
{
    m_done = nullptr;
    m_timer.cancel();
    if (m_call && !m_call->isOver())
        m_call->clientGone();
}

template <typename Step>
void ModelQuestion::run(Step step)
{
    const auto self = shared_from_this();
    if (!m_call || m_call->isOver())
        return;
    step(*m_call);
    if (m_reply.size() > kMaxReplyBytes && !m_call->isOver()) {
        m_call->clientGone();
        finish(Error{ErrorCode::InvalidInput, "The model's reply is longer than an answer may be.", {}});
    } else if (m_call->isOver()) {
        finish(answer());
    }
}

void ModelQuestion::finish(Result<InferenceReply> reply)
{
    m_timer.cancel();
    m_reply = {};
    if (const Done done = std::exchange(m_done, nullptr))
        done(std::move(reply)); // may end the job, and with it all but self in run()
}

Result<InferenceReply> ModelQuestion::answer() const
{
    protocol::ResponseReader reader({});
    std::string_view rest = m_reply;
    std::string body;
    auto step = reader.read(rest);
    for (; step.state == protocol::ReadState::Head || step.state == protocol::ReadState::Body;
         step = reader.read(rest)) {
        rest.remove_prefix(step.consumed);
        body += step.body;
    }
    if (step.state != protocol::ReadState::Done) {
        const bool isLate = m_environment.context.clock.steady() >= m_timesOutAt;
        return isLate ? Error{ErrorCode::Timeout, "The model did not answer in time.", {}}
                      : Error{ErrorCode::Unavailable, "The model's reply broke off.", {}};
    }
    const unsigned status = reader.head().status;
    if (status == 504 && m_environment.context.clock.steady() >= m_timesOutAt)
        return Error{ErrorCode::Timeout, "The model did not answer in time.", {}};
    if (status != 200)
        return Error{ErrorCode::Unavailable, "The model could not be asked.", std::to_string(status)};
    auto reply = protocol::promptReply(m_api, body);
    if (!reply)
        return reply.error();
    return InferenceReply{std::move(reply->text), reply->usage};
}

void ModelQuestion::writeToClient(std::string_view bytes)
{
    if (m_reply.size() <= kMaxReplyBytes)
        m_reply += bytes;
}

void ModelQuestion::wakeAt(SteadyPoint time)
{
    if (time >= m_wakeAt)
        return;
    m_wakeAt = time;
    armTimer();
}

void ModelQuestion::armTimer()
{
    m_timer.expires_at(m_wakeAt);
    m_timer.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
        const auto self = weak.lock();
        if (!self || error)
            return;
        self->m_wakeAt = SteadyPoint::max();
        if (self->m_isStalled)
            self->checkRoom();
        self->run([](Call& call) { call.tick(); });
    });
}

void ModelQuestion::checkRoom()
{
    const bool isStalled = !m_environment.context.sink.hasRoom();
    if (isStalled)
        wakeAt(m_environment.context.clock.steady() + kRoomRetry);
    if (isStalled == m_isStalled)
        return;
    m_isStalled = isStalled;
    run([isStalled](Call& call) { call.setStalled(isStalled); });
}

void ModelQuestion::upstreamOpened(bool fromPool)
{
    m_environment.context.metrics.add(fromPool ? Metric::UpstreamReused : Metric::UpstreamConnects);
    run([fromPool](Call& call) { call.upstreamOpened(fromPool); });
}

void ModelQuestion::upstreamFailed(const UpstreamFailure& failure)
{
    run([&failure](Call& call) { call.upstreamFailed(failure); });
}

void ModelQuestion::upstreamBytes(std::string_view bytes)
{
    run([bytes](Call& call) { call.upstreamBytes(bytes); });
    checkRoom();
}

void ModelQuestion::upstreamTook()
{
    run([](Call& call) { call.upstreamTook(); });
}

void ModelQuestion::upstreamClosed(StreamEnd how)
{
    run([how](Call& call) { call.upstreamClosed(how); });
}

} // namespace luthien::proxy
