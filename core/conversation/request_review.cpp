// SPDX-License-Identifier: Apache-2.0
#include "conversation/request_review.h"

#include <array>

namespace luthien::conversation {

std::string_view partKindName(PartKind kind) noexcept
{
    static constexpr std::array<std::string_view, 4> kNames{"system", "user", "assistant", "tool_result"};
    return kNames.at(static_cast<std::size_t>(kind));
}

} // namespace luthien::conversation
