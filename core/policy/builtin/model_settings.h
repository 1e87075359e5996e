// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/builtin/inference_attempts.h"
#include "policy/object_reader.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace luthien::policy::builtin {

/// Which model a policy asks, and how.
struct ModelSettings
{
    std::string upstream{"anthropic"};
    std::string model{"claude-haiku-4-5"};
    std::string instructions;
    double temperature = 0;
    std::uint32_t maxTokens = 256;
    std::size_t maxBytes = 64UL * 1024; ///< of what is shown to the model; more is an error
    AttemptPlan plan;

    /// The question, without what it is about.
    [[nodiscard]] InferenceRequest request(const PolicyContext& context) const;
};

/// What an instruction may say.
inline constexpr std::size_t kMaxInstructionBytes = 32UL * 1024;

/// The members upstream, model, instructions, temperature, max_tokens, timeout and retries; usual = what counts for
/// those that are absent.
[[nodiscard]] ModelSettings readModelSettings(ObjectReader& reader, ModelSettings usual);

} // namespace luthien::policy::builtin
