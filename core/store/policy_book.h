// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "conversation/decision.h"
#include "store/cursor.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::store {

class Database;

/// A policy made in the program.
struct StoredPolicy
{
    std::string id;
    std::string definition; ///< one JSON object; what it says is policy's to read
    conversation::PolicyMode mode = conversation::PolicyMode::Shadow; ///< counts, whatever the definition says

    bool operator==(const StoredPolicy&) const = default;
};

/// A mode set in the program for a policy of the configuration file.
struct ModeOverride
{
    std::string id;
    conversation::PolicyMode mode = conversation::PolicyMode::Shadow;

    bool operator==(const ModeOverride&) const = default;
};

/// Everything about policies that is kept beside the configuration file.
struct PolicyBook
{
    /// The first policies have been offered: one that was deleted since does not come back.
    bool isSeeded = false;
    std::vector<StoredPolicy> policies;  ///< in the order they run
    std::vector<ModeOverride> overrides; ///< by id

    bool operator==(const PolicyBook&) const = default;
};

/// A definition that was in force: what a decision's policyVersion names.
struct PolicyVersion
{
    std::string version;
    std::string policyId;
    std::string definition;
    TimePoint firstUsedAt;

    bool operator==(const PolicyVersion&) const = default;
};

/// What became of a policy: which version it had from then on, in which mode.
struct PolicyChange
{
    std::string policyId;
    std::string version;
    conversation::PolicyMode mode = conversation::PolicyMode::Shadow;
    TimePoint at;
    std::string author; ///< a person's name, where one is known
    std::string source; ///< by what it was made so: "file", "window", "api", "cli", ...

    bool operator==(const PolicyChange&) const = default;
};

/// One entry of a policy's history.
struct PolicyChangeRow
{
    PolicyChange change;
    std::string definition; ///< of that version; empty = it was never in force
    Cursor cursor;          ///< this row's place in Reader::policyHistory

    bool operator==(const PolicyChangeRow&) const = default;
};

[[nodiscard]] Result<PolicyBook> readPolicyBook(Database& database);
/// Errors: NotFound.
[[nodiscard]] Result<PolicyVersion> readPolicyVersion(Database& database, std::string_view version);
/// Replaces the whole book. Inside a transaction. Errors: InvalidInput if an id is there twice.
[[nodiscard]] Result<void> writePolicyBook(Database& database, const PolicyBook& book);
/// Adds the versions that are not known yet. Inside a transaction.
[[nodiscard]] Result<void> writePolicyVersions(Database& database, const std::vector<PolicyVersion>& versions);
/// Adds those that change something: another version or mode than the policy's last one. Inside a transaction.
[[nodiscard]] Result<void> writePolicyChanges(Database& database, const std::vector<PolicyChange>& changes);
/// Newest first.
[[nodiscard]] Result<std::vector<PolicyChangeRow>> readPolicyChanges(Database& database, std::string_view policyId,
                                                                     std::int64_t beforeRow, std::uint32_t limit);

} // namespace luthien::store
