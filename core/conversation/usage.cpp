// SPDX-License-Identifier: Apache-2.0
#include "conversation/usage.h"

namespace luthien::conversation {

void Usage::update(const Usage& newer) noexcept
{
    const auto take = [](std::optional<std::int64_t>& mine, const std::optional<std::int64_t>& theirs) {
        if (theirs)
            mine = theirs;
    };
    take(input, newer.input);
    take(output, newer.output);
    take(cacheRead, newer.cacheRead);
    take(cacheWrite, newer.cacheWrite);
    take(reasoning, newer.reasoning);
}

} // namespace luthien::conversation
