// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "conversation/decision.h"
#include "policy/definition.h"
#include "policy/policy.h"
#include "store/history_reader.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace luthien::archive {

/// What is run over which part of the past.
struct BacktestPlan
{
    store::DatabaseLocation database;
    store::HistoryFilter filter;
    policy::Registry registry;
    std::vector<policy::Definition> definitions; ///< all that are not off are carried out, whatever their mode
    policy::Services services;                   ///< a person and a model are never asked
    unsigned threads = 0;                        ///< 0 = as many as the machine has cores
};

/// A call that would have ended otherwise.
struct BacktestChange
{
    CallId call;
    TimePoint at; ///< of its start
    std::string session;
    conversation::Verdict was = conversation::Verdict::Continue;
    conversation::Verdict would = conversation::Verdict::Continue; ///< Hold = a person or a model would be asked
    std::string policy;                                            ///< that makes the difference
    std::string reason;

    bool operator==(const BacktestChange&) const = default;
};

struct BacktestSummary
{
    std::uint64_t calls = 0;
    /// What these policies alone would do. \{
    std::uint64_t wouldBlock = 0;
    std::uint64_t wouldReplace = 0;
    std::uint64_t wouldAsk = 0;
    /// \}
    std::uint64_t changed = 0;
    double seconds = 0;
};

struct BacktestSinks
{
    std::function<void(const BacktestChange&)> change; ///< by the calls' start
    /// False = stop.
    std::function<bool(std::uint64_t done, std::uint64_t calls)> progress;
};

/// Runs definitions over what was recorded, on several threads; the sinks are called on the caller's. A policy that is
/// among the definitions takes the place of what it decided then; what other policies did stands. Errors: of the
/// definitions, see Rehearsal::make; of the store; Timeout if it was stopped.
[[nodiscard]] Result<BacktestSummary> backtest(const BacktestPlan& plan, const BacktestSinks& sinks);

/// {"type":"change","call_id","was","would","policy","reason"}
[[nodiscard]] std::string toJson(const BacktestChange& change);
/// {"type":"summary","calls","would_block","would_replace","would_ask","changed","seconds"}
[[nodiscard]] std::string toJson(const BacktestSummary& summary);

} // namespace luthien::archive
