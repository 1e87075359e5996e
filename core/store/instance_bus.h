// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/metrics.h"
#include "store/commit_notice.h"
#include "store/database_location.h"

#include <chrono>
#include <functional>
#include <memory>

namespace luthien::store {

/// Between the instances that share a database: each tells the others which calls its commits changed, so that what one
/// shows is up to date with all. What it carries are hints; a hint that is lost delays nothing for longer than
/// BusTimes::look, because the numbers of commits stand in the database. Thread: any, unless stated.
class InstanceBus
{
public:
    /// Ends the telling and the hearing.
    virtual ~InstanceBus() = default;
    /// What was announced so far is told, then it ends, within seconds even if the server answers nothing; the
    /// destructor waits for that.
    virtual void end() noexcept = 0;
    /// Tells the others of a commit of this instance. Never waits, and never fails the caller.
    virtual void announce(const CommitNotice& notice) = 0;
    /// From now on heard is called with the commits of other instances, on the bus's thread, each instance's in their
    /// order; a call may be told of twice. It must return quickly.
    virtual void listen(std::function<void(const CommitNotice&)> heard) = 0;
};

/// A server that answers nothing for so long is given up once the store closes.
inline constexpr std::chrono::milliseconds kLastAnswer{3000};

struct BusTimes
{
    std::chrono::milliseconds gather{20};    ///< commits that come within it are told of together
    std::chrono::milliseconds look{5000};    ///< how often the numbers of commits are compared
    std::chrono::milliseconds answer{20000}; ///< as StoreConfig::answerLimit
};

/// A bus by PostgreSQL's LISTEN and NOTIFY, over a connection of its own; null for a database that is not shared.
/// metrics outlives it, and may be null.
[[nodiscard]] std::unique_ptr<InstanceBus> makeInstanceBus(const DatabaseLocation& location, const BusTimes& times,
                                                           Metrics* metrics);

} // namespace luthien::store
