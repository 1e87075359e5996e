// SPDX-License-Identifier: Apache-2.0
#include "conversation/usage.h"

#include <algorithm>

namespace luthien::conversation {

namespace {
/// Of one reply: sums and prices of many stay in their range.
constexpr std::int64_t kMostTokens = 1'000'000'000;
} // namespace

void Usage::update(const Usage& newer) noexcept
{
    const auto take = [](std::optional<std::int64_t>& mine, const std::optional<std::int64_t>& theirs) {
        if (theirs)
            mine = std::clamp<std::int64_t>(*theirs, 0, kMostTokens);
    };
    take(input, newer.input);
    take(output, newer.output);
    take(cacheRead, newer.cacheRead);
    take(cacheWrite, newer.cacheWrite);
    take(reasoning, newer.reasoning);
}

void Usage::add(const Usage& other) noexcept
{
    const auto sum = [](std::optional<std::int64_t>& mine, const std::optional<std::int64_t>& theirs) {
        if (theirs)
            mine = mine.value_or(0) + *theirs;
    };
    sum(input, other.input);
    sum(output, other.output);
    sum(cacheRead, other.cacheRead);
    sum(cacheWrite, other.cacheWrite);
    sum(reasoning, other.reasoning);
}

} // namespace luthien::conversation
