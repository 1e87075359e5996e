// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/http_message.h"
#include "proxy/call.h"
#include "proxy/call_actions.h"
#include "proxy/routes.h"
#include "proxy/worker_context.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace luthien::proxy {

/// Serves one client connection: its requests one after the other, each as a Call. Sans-io: bytes, closings, time and
/// verdicts come in, CallActions go out. Thread: the worker.
class CallHandler
{
public:
    CallHandler(WorkerContext& worker, CallActions& actions);
    /// The client must have been closed before.
    ~CallHandler();

    void start();
    void clientBytes(std::string_view bytes);
    void clientClosed();
    /// Less is unsent to the client than a quarter of what makes us stop reading.
    void clientDrained();
    void upstreamOpened(bool fromPool);
    void upstreamFailed(const UpstreamFailure& failure);
    void upstreamBytes(std::string_view bytes);
    void upstreamTook();
    void upstreamClosed(StreamEnd how);
    /// What the gate of that call waited for may have come.
    void resume(CallId call);
    void tick();
    /// Ends the connection as soon as no call is under way. Policies that only watch get no more time.
    void beginDrain();
    /// Ends the records that are open for policies that only watch.
    void withdraw();

    [[nodiscard]] bool hasCall() const noexcept { return m_call != nullptr; }
    /// True while some call's record is open for policies that only watch: the client may be gone already.
    [[nodiscard]] bool isWatching() const noexcept { return !m_watched.empty(); }

private:
    void consume(std::string_view bytes);
    void awaitMore();
    void requestHead();
    [[nodiscard]] bool takeTrial(std::string_view token);
    void requestBody(std::string_view bytes);
    void requestDone();
    void refuse(const protocol::HttpError& error);
    void afterCall();
    void keepWatched(std::unique_ptr<Call> call);
    void cutOff(Call& call);
    void forgetEnded();
    void checkRoom();
    void updateClientFlow();
    void close();
    [[nodiscard]] SteadyPoint deadline() const;

    WorkerContext& m_worker;
    CallActions& m_actions;
    protocol::RequestReader m_reader;
    std::shared_ptr<const ProxySnapshot> m_snapshot; ///< of the request being read
    CallId m_nextCall;
    std::optional<std::variant<Route, RootPage>> m_destination; ///< set by the head
    std::string m_trial; ///< name of the trial that the request being read is for; empty = none
    std::string m_body;
    std::string m_pending; ///< of the next request, while a call is under way or the client does not take its replies
    std::unique_ptr<Call> m_call;
    std::vector<std::unique_ptr<Call>> m_watched; ///< answered, oldest first
    SteadyPoint m_quietSince{};                   ///< the client's last sign of life that counts
    bool m_readingHead = false;
    bool m_stalled = false;
    bool m_draining = false;
    bool m_closed = false;
    bool m_clientPaused = false;
};

} // namespace luthien::proxy
