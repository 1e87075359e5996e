// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proxy/call_actions.h"
#include "proxy/call_handler.h"
#include "proxy/upstream_link.h"
#include "proxy/upstream_pool.h"
#include "proxy/worker_context.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace luthien::proxy {

/// Lets other threads reach a worker that may be gone already. Thread: any.
class WorkerMailbox
{
public:
    explicit WorkerMailbox(boost::asio::io_context& io)
        : m_io(&io)
    {
    }
    void post(std::function<void()> task);
    /// From now on tasks are dropped.
    void shut();

private:
    std::mutex m_mutex;
    boost::asio::io_context* m_io;
};

/// What the client connections of one worker share. Thread: the worker.
struct DownstreamEnvironment
{
    boost::asio::io_context& io;
    std::span<char> readBuffer;
    std::string staging; ///< what one handler run has written; sent when it returns
    WorkerContext& context;
    UpstreamEnvironment& upstreams;
    UpstreamPool& pool;
    std::shared_ptr<WorkerMailbox> mailbox;
    std::function<void(class DownstreamConnection&)> onClosed;
};

/// The socket of one client and its CallHandler: does what the handler asks. Thread: the worker.
class DownstreamConnection final : public CallActions,
                                   public UpstreamUser,
                                   public std::enable_shared_from_this<DownstreamConnection>
{
public:
    DownstreamConnection(DownstreamEnvironment& environment, boost::asio::ip::tcp::socket socket);

    void start();
    void beginDrain();
    /// The client is cut off; its call ends as cancelled.
    void abort();
    [[nodiscard]] bool hasCall() const noexcept { return m_handler.hasCall(); }

    void writeToClient(std::string_view bytes) override;
    [[nodiscard]] std::size_t unsentToClient() const override;
    void setClientFlow(Flow flow) override;
    void closeClient(ClientClose how) override;
    void openUpstream(const Origin& origin, UpstreamChoice choice) override { m_upstream.open(origin, choice); }
    void writeToUpstream(std::string_view bytes) override { m_upstream.write(bytes); }
    void setUpstreamFlow(Flow flow) override { m_upstream.setFlow(flow); }
    void closeUpstream(UpstreamClose how) override { m_upstream.close(how); }
    void wakeAt(SteadyPoint time) override;
    [[nodiscard]] policy::WakeFunction makeWake(CallId call) override;
    [[nodiscard]] std::unique_ptr<policy::Inference> makeInference(const PreparedCall& call) override;

    void upstreamOpened(bool fromPool) override;
    void upstreamFailed(const UpstreamFailure& failure) override;
    void upstreamBytes(std::string_view bytes) override;
    void upstreamTook() override;
    void upstreamClosed(StreamEnd how) override;

private:
    enum class Stage : std::uint8_t {
        Open,
        Closing,   ///< nothing more is read; what is unsent leaves first
        Lingering, ///< all has left; waits for the client to close, so that no reset destroys what it has not read yet
        Closed,    ///< the socket is; records may still be open for policies that only watch
    };

    /// Runs the handler, then sends what it wrote.
    template <typename Step>
    void run(Step step);
    void flush();
    void waitReadable();
    void readable();
    void discard();
    void waitWritable();
    void linger();
    void closeBy(std::chrono::milliseconds time);
    void closeNow();
    void leaveIfDone();
    void armTimer();
    void timedOut();

    DownstreamEnvironment& m_environment;
    boost::asio::ip::tcp::socket m_socket;
    boost::asio::steady_timer m_timer;
    UpstreamLink m_upstream;
    CallHandler m_handler;

    std::string m_unsent;
    std::size_t m_sent = 0; ///< of m_unsent
    SteadyPoint m_wakeAt = SteadyPoint::max();
    SteadyPoint m_closeBy{}; ///< in Stage::Closing and Lingering
    Stage m_stage = Stage::Open;
    std::size_t m_discarded = 0;
    bool m_hasLeft = false; ///< onClosed was told
    bool m_paused = false;
    bool m_waitingToRead = false;
    bool m_waitingToWrite = false;
};

} // namespace luthien::proxy
