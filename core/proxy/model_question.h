// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/inference.h"
#include "proxy/call.h"
#include "proxy/downstream_connection.h"
#include "proxy/upstream_link.h"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace luthien::proxy {

/// One question to a model: a Call whose client is memory. Thread: the worker.
class ModelQuestion final : public CallActions, public UpstreamUser, public std::enable_shared_from_this<ModelQuestion>
{
public:
    using Done = policy::Inference::Done;
    /// What could not be prepared is answered like what failed, in its turn.
    [[nodiscard]] static std::unique_ptr<policy::InferenceJob>
    ask(DownstreamEnvironment& environment, CallId id, Result<std::unique_ptr<PreparedCall>> prepared, Done done);

    ModelQuestion(DownstreamEnvironment& environment, Done done);

    void writeToClient(std::string_view bytes) override;
    [[nodiscard]] std::size_t unsentToClient() const override { return 0; }
    void setClientFlow(Flow) override {}
    void closeClient(ClientClose) override {}
    void openUpstream(const Origin& origin, UpstreamChoice choice) override { m_upstream.open(origin, choice); }
    void writeToUpstream(std::string_view bytes) override { m_upstream.write(bytes); }
    void setUpstreamFlow(Flow flow) override { m_upstream.setFlow(flow); }
    void closeUpstream(UpstreamClose how) override { m_upstream.close(how); }
    void wakeAt(SteadyPoint time) override;
    [[nodiscard]] policy::WakeFunction makeWake(CallId) override
    {
        return [] {};
    }

    void upstreamOpened(bool fromPool) override;
    void upstreamFailed(const UpstreamFailure& failure) override;
    void upstreamBytes(std::string_view bytes) override;
    void upstreamTook() override;
    void upstreamClosed(StreamEnd how) override;

private:
    class Job;
    void start(std::unique_ptr<PreparedCall> prepared);
    void withdraw();
    void armTimer();
    void checkRoom();
    template <typename Step>
    void run(Step step);
    [[nodiscard]] Result<policy::InferenceReply> answer() const;
    void finish(Result<policy::InferenceReply> reply);

    DownstreamEnvironment& m_environment;
    boost::asio::steady_timer m_timer;
    UpstreamLink m_upstream;
    std::unique_ptr<Call> m_call;
    Done m_done; ///< null = answered or withdrawn
    conversation::Api m_api = conversation::Api::Other;
    std::string m_reply; ///< wire bytes
    SteadyPoint m_wakeAt = SteadyPoint::max();
    SteadyPoint m_timesOutAt = SteadyPoint::max();
    bool m_isStalled = false;
};

} // namespace luthien::proxy
