// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace luthien::conversation {

/// Tokens of one reply, as the provider counts them; absent = the provider did not say.
/// OpenAI's and Gemini's input includes what was read from cache, Anthropic's does not.
struct Usage
{
    std::optional<std::int64_t> input;
    std::optional<std::int64_t> output;
    std::optional<std::int64_t> cacheRead;
    std::optional<std::int64_t> cacheWrite;
    std::optional<std::int64_t> reasoning; ///< part of output

    /// Takes over each number that is present in newer; providers repeat totals, they do not send differences.
    void update(const Usage& newer) noexcept;
    /// Adds another reply's numbers; what either does not know stays as the other says.
    void add(const Usage& other) noexcept;
    bool operator==(const Usage&) const = default;
};

} // namespace luthien::conversation
