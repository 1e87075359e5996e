// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "store/removal.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace luthien::store {

class Database;
class EvidenceChain;
struct StoreConfig;

/// Removes what instances on a shared database recorded that nobody runs: each as it would do itself, after our
/// retention, by one connection for all of them. Thread: the writer's.
class AbandonedInstances
{
public:
    /// All of them outlive it. database = the writer's own connection.
    AbandonedInstances(Database& database, const EvidenceChain& evidence, const StoreConfig& config,
                       const Clock& clock);
    ~AbandonedInstances();

    /// From now on all of them are looked through again, after this retention.
    [[nodiscard]] Result<void> look(const Retention& retention);
    /// As Removal::step; it never waits for what somebody runs. After an error the next instance is looked at.
    [[nodiscard]] Result<Removal::Step> step();

private:
    struct Visit;

    /// Does what only one may do for an instance.
    [[nodiscard]] Result<Removal::Step> stepAlone();
    [[nodiscard]] Result<void> connect();
    void disconnect();

    Database& m_database;
    const EvidenceChain& m_evidence;
    const StoreConfig& m_config;
    const Clock& m_clock;
    Retention m_retention;
    std::vector<std::int64_t> m_left;
    std::unique_ptr<Database> m_visitor; ///< in the place of those instances; null = not needed
    std::unique_ptr<Visit> m_visit;      ///< of the last of those that are left; null = not begun
};

} // namespace luthien::store
