// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/model_settings.h"

#include <utility>

namespace luthien::policy::builtin {

namespace {
constexpr std::chrono::milliseconds kShortestTimeout{100};
constexpr std::chrono::minutes kLongestTimeout{5};
constexpr std::int64_t kMostRetries = 10;
constexpr std::int64_t kMostTokens = 32'768;

/// Empty is what a form leaves in a field that somebody emptied: as wrong as a missing one.
std::string textOr(ObjectReader& reader, std::string_view name, std::string usual)
{
    std::string text = reader.text(name).value_or(std::move(usual));
    if (text.empty())
        reader.reject(name, "This is empty.");
    return text;
}
} // namespace

InferenceRequest ModelSettings::request(const PolicyContext& context) const
{
    return {.upstream = upstream,
            .model = model,
            .maxTokens = maxTokens,
            .temperature = temperature,
            .timeout = plan.timeout,
            .policyId = context.policyId};
}

ModelSettings readModelSettings(ObjectReader& reader, ModelSettings usual)
{
    ModelSettings settings = usual;
    settings.upstream = textOr(reader, "upstream", std::move(usual.upstream));
    settings.model = textOr(reader, "model", std::move(usual.model));
    if (auto instructions = reader.text("instructions", kMaxInstructionBytes); instructions && !instructions->empty())
        settings.instructions = std::move(*instructions);
    settings.temperature = reader.number("temperature", 0, 2).value_or(usual.temperature);
    settings.maxTokens =
        static_cast<std::uint32_t>(reader.whole("max_tokens", 1, kMostTokens).value_or(usual.maxTokens));
    settings.plan.timeout = reader.duration("timeout", kShortestTimeout, kLongestTimeout).value_or(usual.plan.timeout);
    settings.plan.retries = static_cast<int>(reader.whole("retries", 0, kMostRetries).value_or(usual.plan.retries));
    return settings;
}

} // namespace luthien::policy::builtin
