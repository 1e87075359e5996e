// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/inference.h"
#include "policy/policy.h"

#include <chrono>
#include <memory>
#include <optional>

namespace luthien::policy::builtin {

/// How long a question may take in all, and how often it is asked again after a failure that may pass.
struct AttemptPlan
{
    std::chrono::milliseconds timeout{20'000};
    int retries = 2;
};

/// One question to a model, asked again with growing pauses: after a time-out, when nobody could be reached, and after
/// statuses that say "later". Thread: the call's worker. Not to be moved: the answer comes to it.
class InferenceAttempts
{
public:
    /// Asks at once. The context outlives it; context.inference is not null.
    InferenceAttempts(const PolicyContext& context, InferenceRequest request, AttemptPlan plan);
    InferenceAttempts(const InferenceAttempts&) = delete;
    InferenceAttempts& operator=(const InferenceAttempts&) = delete;

    /// The answer, or the last failure; nullopt = not yet: to be asked again after a wake-up, and at due().
    [[nodiscard]] std::optional<Result<InferenceReply>> answer();
    [[nodiscard]] SteadyPoint due() const noexcept;
    /// The last call that was made.
    [[nodiscard]] const CallId& call() const noexcept { return m_call; }

private:
    void ask(SteadyPoint now);
    [[nodiscard]] bool isWorthAnother(const Error& error, SteadyPoint now) const;

    const PolicyContext& m_context;
    InferenceRequest m_request;
    AttemptPlan m_plan;
    SteadyPoint m_deadline;
    SteadyPoint m_nextAt;
    int m_attempts = 0;
    CallId m_call;
    std::optional<Result<InferenceReply>> m_reply;
    std::unique_ptr<InferenceJob> m_job; ///< null = the pause before the next attempt
};

} // namespace luthien::policy::builtin
