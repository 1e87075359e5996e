// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"
#include "base/result.h"
#include "conversation/usage.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace luthien::policy {

/// One question to a model.
struct InferenceRequest
{
    std::string upstream; ///< configured name; its API decides the wire format
    std::string model;
    std::string system;
    std::string prompt;
    std::uint32_t maxTokens = 256;
    double temperature = 0;
    std::chrono::milliseconds timeout{20'000};
    std::string policyId;
};

struct InferenceReply
{
    std::string text;
    conversation::Usage usage;
};

/// A question under way; destroying it withdraws the question and silences its answer.
class InferenceJob
{
public:
    virtual ~InferenceJob() = default;
    /// The call that asks: recorded as a call of its own.
    [[nodiscard]] virtual CallId call() const noexcept = 0;
};

/// Asks models for the policies of one call: through the proxy's own upstream routes, with the upstream's configured
/// credential, or the caller's own where that passes through. No policy looks at these calls. Thread: the call's
/// worker.
class Inference
{
public:
    virtual ~Inference() = default;

    /// Called on the worker, once, never from within ask(). Errors: NotFound (no such upstream), Timeout, Unavailable
    /// (unreachable, or an error status; context = the status), InvalidInput (a reply that cannot be read).
    using Done = std::function<void(Result<InferenceReply>)>;
    [[nodiscard]] virtual std::unique_ptr<InferenceJob> ask(InferenceRequest request, Done done) = 0;
};

} // namespace luthien::policy
