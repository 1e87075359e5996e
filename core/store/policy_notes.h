// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "store/policy_book.h"

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::store {

class Database;

/// What has yet to be written about policies: each version once, and what became of them in its order. While the
/// database is away the newest are kept. Thread: any; write() is the writer's.
class PolicyNotes
{
public:
    static constexpr std::size_t kMostBytes = 8 << 20; ///< of definitions
    static constexpr std::size_t kMostChanges = 1000;

    /// True = write() has to be called. \{
    [[nodiscard]] bool add(std::vector<PolicyVersion> versions);
    [[nodiscard]] bool add(std::vector<PolicyChange> changes);
    /// \}
    /// Inside a transaction.
    [[nodiscard]] Result<void> write(Database& database);
    /// How it ended; what failed is given up, and the log says whose notes those were.
    void wrote(const Result<void>& done);

private:
    // Under the mutex.
    [[nodiscard]] bool isKnown(const PolicyVersion& version) const;
    [[nodiscard]] bool isKnown(const PolicyChange& change) const;
    [[nodiscard]] bool isToBeWritten();
    void forgetOldest();
    void giveUp(const Error& error);
    /// Whose notes wait.
    [[nodiscard]] std::string policyIds() const;

    std::mutex m_mutex;
    std::deque<PolicyVersion> m_versions; ///< what waits, oldest first
    std::deque<PolicyChange> m_changes;
    std::size_t m_bytes = 0;                      ///< of m_versions
    bool m_isQueued = false;                      ///< write() will be called
    std::vector<PolicyVersion> m_writtenVersions; ///< by the last write()
    std::vector<PolicyChange> m_writtenChanges;
};

} // namespace luthien::store
