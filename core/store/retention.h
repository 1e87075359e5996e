// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

namespace luthien::store {

/// How long what was recorded is kept, counted from the beginning of a call; none = until somebody deletes it. Sessions
/// that are pinned are kept for ever.
struct Retention
{
    std::optional<std::chrono::seconds> bodies;   ///< requests, events, replies, what policies looked at
    std::optional<std::chrono::seconds> metadata; ///< everything
    bool operator==(const Retention&) const = default;
};

} // namespace luthien::store
