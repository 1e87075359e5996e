// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/metrics.h"
#include "desktop/models/policy_trials.h"
#include "runtime/policy_services.h"
#include "store/database_location.h"
#include "store/reader.h"

namespace luthien::desktop {

/// Tries drafts on what a running instance recorded, with services of their own: what a draft does shows at no policy
/// that is in force. Thread: made and destroyed by the GUI's; the trials run on any.
class RunningTrials
{
public:
    using OpenReader = std::function<Result<std::unique_ptr<store::Reader>>()>;

    RunningTrials(store::DatabaseLocation database, OpenReader openReader);
    RunningTrials(const RunningTrials&) = delete;
    RunningTrials& operator=(const RunningTrials&) = delete;

    /// They refer to this object.
    [[nodiscard]] PolicyTrials trials();

private:
    [[nodiscard]] Result<archive::BacktestSummary> backtest(const BacktestWish& wish,
                                                            const archive::BacktestSinks& sinks);
    [[nodiscard]] Result<std::vector<std::string>>
    check(const policy::Definition& draft, const std::vector<std::string>& lines, const std::stop_token& stop);
    [[nodiscard]] Result<std::vector<std::string>> recordedLines(const std::string& session, std::size_t count) const;
    [[nodiscard]] policy::Services services() noexcept;

    const SystemClock m_clock;
    Metrics m_metrics; ///< nobody reads them
    runtime::PolicyServices m_services;
    store::DatabaseLocation m_database;
    OpenReader m_openReader;
};

} // namespace luthien::desktop
