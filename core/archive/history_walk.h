// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "store/history_reader.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>

namespace luthien::archive {

enum class WalkOrder : std::uint8_t { OldestFirst, NewestFirst };

/// Which calls of the past are gone over, and how.
struct HistoryWalk
{
    store::DatabaseLocation database;
    store::HistoryFilter filter;
    WalkOrder order = WalkOrder::OldestFirst;
    unsigned threads = 0;                            ///< 0 = as many as the machine has cores
    std::optional<SteadyPoint> until = std::nullopt; ///< then the query that runs ends too
    std::stop_token stop = {};                       ///< the same
};

/// What a thread found in some neighbouring calls, to be carried out on the walker's.
using Findings = std::function<void()>;
/// Looks at neighbouring calls, in the order of the walk. Thread: the one that made it.
using CallJudge = std::function<Result<Findings>(std::span<const store::PastCall> calls)>;
/// Makes a thread's judge. Thread: any, several at once.
using MakeCallJudge = std::function<Result<CallJudge>()>;
/// How many calls are behind, of how many at most; false = stop.
using WalkProgress = std::function<bool(std::uint64_t done, std::uint64_t calls)>;

/// Goes over the past on threads of its own, each with a read-only connection. Findings are carried out, and progress
/// is told, on the caller's thread and in order. Errors: of the store and of the judges; Timeout if it was stopped or
/// took too long.
[[nodiscard]] Result<void> walkHistory(const HistoryWalk& walk, const MakeCallJudge& makeJudge,
                                       const WalkProgress& progress = {});

} // namespace luthien::archive
