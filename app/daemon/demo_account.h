// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "demo/db_drop.h"
#include "store/rows.h"

#include <string>
#include <vector>

namespace luthien::daemon {

/// What a demonstration led to, and what was recorded about it.
struct DemoResult
{
    bool isProtected = true;
    std::string api;           ///< as the option names it
    std::string dataDirectory; ///< empty = it is gone
    demo::DbDropOutcome outcome;
    std::vector<store::DecisionRow> decisions; ///< of the session, newest first

    /// Unprotected: the table is gone. Protected: a policy's block is recorded, the agent was told in the call's place,
    /// and every row is what it was.
    [[nodiscard]] bool isAsExpected() const;
};

/// One line about a step as it happens.
[[nodiscard]] std::string progressLine(const demo::DbDropProgress& progress);
/// The tables before and after, the decision, and what it comes to.
[[nodiscard]] std::string accountText(const DemoResult& result);
/// The same as one JSON object on one line.
[[nodiscard]] std::string accountJson(const DemoResult& result);

} // namespace luthien::daemon
