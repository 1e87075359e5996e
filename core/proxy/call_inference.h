// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "conversation/api.h"
#include "policy/inference.h"
#include "proxy/request_intake.h"

#include <memory>

namespace luthien::proxy {

struct DownstreamEnvironment;

/// Asks models for the policies of one call: each question is a call of its own, through the routes, the connections
/// and the record of the worker. See policy::Inference. Thread: the worker.
class CallInference final : public policy::Inference
{
public:
    /// Both outlive it and its jobs.
    CallInference(DownstreamEnvironment& environment, const PreparedCall& cause);

    [[nodiscard]] std::unique_ptr<policy::InferenceJob> ask(policy::InferenceRequest request, Done done) override;

private:
    DownstreamEnvironment& m_environment;
    const PreparedCall& m_cause;
};

/// The wire format in which a question to that upstream is asked: the call's own at its own upstream, else the usual
/// one of its family; Api::Other = none.
[[nodiscard]] conversation::Api questionApi(const PreparedCall& cause, const Upstream& upstream) noexcept;
/// The question as a call that no policy looks at. The caller's credential goes only to where the caller sent it.
/// Errors: NotFound (no such upstream), Unsupported (nothing is known of how to ask it).
[[nodiscard]] Result<std::unique_ptr<PreparedCall>> prepareQuestion(const PreparedCall& cause,
                                                                    const ForwardProxy& forwardProxy, CallId id,
                                                                    const policy::InferenceRequest& request);

} // namespace luthien::proxy
