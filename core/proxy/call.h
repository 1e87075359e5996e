// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/inference.h"
#include "protocol/http_message.h"
#include "proxy/call_actions.h"
#include "proxy/call_recorder.h"
#include "proxy/judged_reply.h"
#include "proxy/reply_relay.h"
#include "proxy/reply_tap.h"
#include "proxy/request_intake.h"
#include "proxy/worker_context.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace luthien::proxy {

/// Why an upstream could not be reached, as one word for clients' logs and one sentence.
struct UpstreamFailure
{
    std::string code; ///< "upstream_unreachable", "upstream_tls", "upstream_is_self", "upstream_timeout", "bad_reply"
    std::string message;
    unsigned status = 502;
};

/// One call from its complete request to its end. Sans-io: see CallActions. Thread: the worker.
class Call
{
public:
    Call(WorkerContext& worker, CallActions& actions, std::unique_ptr<PreparedCall> prepared);

    void start();
    void upstreamOpened(bool fromPool);
    void upstreamFailed(const UpstreamFailure& failure);
    void upstreamBytes(std::string_view bytes);
    void upstreamTook();
    void upstreamClosed(StreamEnd how);
    void clientGone();
    void clientDrained();
    void resume();
    /// Looks at the deadlines and asks for the next wake-up.
    void tick();
    /// The sink has no room: nothing more is read until it has.
    void setStalled(bool stalled);
    void closeAfterwards() noexcept { m_relay.closeAfterwards(); }

    /// Policies that only watch get no more time: the record ends now. The client must have all of its reply.
    void withdraw();

    [[nodiscard]] bool isOver() const noexcept { return m_stage == Stage::Over; }
    /// The client has all it will get: its connection is free for another call.
    [[nodiscard]] bool isAnswered() const noexcept { return m_stage >= Stage::Watched; }
    /// What is in memory for policies that have not said their last word.
    [[nodiscard]] std::size_t watchedBytes() const;
    [[nodiscard]] bool keepsClient() const noexcept { return m_relay.keepsClient(); }
    [[nodiscard]] CallId id() const noexcept { return m_prepared->id; }

private:
    enum class Stage : std::uint8_t {
        Judged,   ///< a gate looks at the request; nothing has been sent
        Opening,  ///< waiting for a connection
        Asked,    ///< the request is on its way
        Replying, ///< the reply's head has come
        Held,     ///< the reply has come, a gate still holds some of it
        Watched,  ///< the client has its reply, policies that only watch have not said their last word
        Over,
    };

    [[nodiscard]] std::unique_ptr<policy::StreamGate> openGate();
    [[nodiscard]] std::optional<protocol::HttpError> refusal() const;
    void judgeRequest();
    void changeRequest(std::string body);
    void openUpstream(UpstreamChoice choice);
    void askAgain(std::string body);
    void replyHead();
    void replyDone(bool connectionClean);
    void replyBroken(const UpstreamFailure& failure);
    void breakOff(const protocol::HttpError& error, conversation::CallStatus status);
    void tellWhole(const protocol::HttpError& error);
    void tellInStream(const protocol::HttpError& error);
    void finishReply();
    void end(const CallOutcome& outcome);
    void afterStep();
    void updateFlow();
    [[nodiscard]] SteadyPoint deadline() const;
    [[nodiscard]] SteadyPoint gateDue() const;
    void deadlinePassed();

    WorkerContext& m_worker;
    CallActions& m_actions;
    std::unique_ptr<PreparedCall> m_prepared;
    CallRecorder m_recorder;
    ReplyRelay m_relay;
    std::unique_ptr<policy::Inference> m_inference;
    JudgedReply m_judged;
    ReplyTap m_tap;
    protocol::ResponseReader m_reader;

    Stage m_stage = Stage::Opening;
    bool m_fromPool = false;
    std::optional<std::chrono::microseconds> m_connectTime; ///< absent = the connection was there already
    bool m_heardUpstream = false;
    bool m_stalled = false;
    bool m_clientBehind = false;
    bool m_paused = false;
    unsigned m_status = 0;
    CallOutcome m_outcome;                 ///< in Stage::Watched
    std::optional<TimePoint> m_answeredAt; ///< in Stage::Watched
    SteadyPoint m_startedAt{};
    std::optional<std::chrono::microseconds> m_addedBefore; ///< besides what was held; absent = it never left
    SteadyPoint m_stageSince{};                             ///< last sign of life in this stage
};

} // namespace luthien::proxy
