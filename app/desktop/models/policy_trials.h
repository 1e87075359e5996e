// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/backtest.h"
#include "filter/expression.h"
#include "policy/definition.h"

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace luthien::desktop {

/// A draft that is to be run over a part of the past.
struct BacktestWish
{
    policy::Definition definition; ///< carried out, whatever its mode
    filter::Expression filter;     ///< of calls
    TimePoint now;                 ///< what times of the filter count from
};

/// Tries drafts without letting them act. All of it takes long and is called on other threads than the window's, one
/// of each kind at a time; what it refers to outlives whoever calls it.
struct PolicyTrials
{
    /// Errors: as archive::backtest; InvalidInput for a policy that cannot be told again from the record.
    std::function<Result<archive::BacktestSummary>(const BacktestWish&, const archive::BacktestSinks&)> backtest;
    /// What a draft says about lines as archive::checkLine() takes them: its JSON for each. Errors: of the definition,
    /// context = "policies[ID].field"; Timeout if it was stopped.
    std::function<Result<std::vector<std::string>>(const policy::Definition&, const std::vector<std::string>& lines,
                                                   const std::stop_token&)>
        check;
    /// The newest things a session's replies held, as such lines; at most so many. Errors: of the store, NotFound.
    std::function<Result<std::vector<std::string>>(const std::string& session, std::size_t count)> recordedLines;
};

} // namespace luthien::desktop
