// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/backoff.h"
#include "base/thread.h"
#include "store/commit_hint.h"
#include "store/instance_bus.h"

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace luthien::store {

class Database;

/// The bus by LISTEN and NOTIFY. A lost connection is made anew, after pauses that grow; what other instances committed
/// meanwhile is then found by the numbers of their commits and the links of their chains of evidence.
class PostgresBus final : public InstanceBus, private Thread
{
public:
    PostgresBus(DatabaseLocation location, const BusTimes& times, Metrics* metrics);
    ~PostgresBus() override;

    void end() noexcept override;
    void announce(const CommitNotice& notice) override;
    void listen(std::function<void(const CommitNotice&)> heard) override;

private:
    /// How far an instance is.
    struct Seen
    {
        std::int64_t instance = 0;
        std::uint64_t commit = 0;
        std::int64_t evidence = 0;
    };
    /// What is known of another instance.
    struct Other
    {
        std::uint64_t commit = 0;  ///< the last one told of
        std::int64_t evidence = 0; ///< of its chain as of commit
        Seen seen;                 ///< in the database, when that was looked at last
    };

    void work() override;
    void disconnect();
    /// Until something wakes it.
    void waitFor(std::chrono::milliseconds atMost) const;
    void wake() const noexcept;
    [[nodiscard]] Result<void> connect();
    [[nodiscard]] Result<void> serve();
    [[nodiscard]] Result<void> tell();
    [[nodiscard]] Result<void> hear(const std::string& text);
    /// Whether a hint follows what was heard of its instance, and is not further ahead of what was seen of it than it
    /// can be.
    [[nodiscard]] bool follows(const CommitHint& hint) const;
    /// Compares the numbers of the other instances' commits with what was heard; anew = after a new connection.
    [[nodiscard]] Result<void> look(bool anew);
    [[nodiscard]] Result<void> look(const Seen& seen, bool anew);
    /// Tells of every call of an instance that can have changed since other was so: those that are over by now follow
    /// in its chain of evidence, the rest is open.
    [[nodiscard]] Result<void> catchUp(std::int64_t instance, Other& other, std::uint64_t number);
    void deliver(const CommitNotice& notice);
    void count(Metric metric) noexcept;

    const DatabaseLocation m_location;
    const BusTimes m_times;
    Metrics* const m_metrics;
    const int m_wake; ///< an eventfd; readable = there is something to tell, or it ends

    std::mutex m_mutex;
    std::optional<CommitHint> m_pending; ///< of this instance
    std::function<void(const CommitNotice&)> m_heard;
    std::atomic<bool> m_isEnding = false;
    Database* m_watched = nullptr; ///< the connection, while there is one

    // The thread's own.
    std::unique_ptr<Database> m_database;
    std::map<std::int64_t, Other> m_others;
    Backoff m_backoff;
    std::int64_t m_instance = 0; ///< ours
    bool m_knowsOthers = false;  ///< they have been looked at once
    bool m_looksAnew = false;    ///< next time
    SteadyPoint m_lookedAt;
    SteadyPoint m_lookAt;
    SteadyPoint m_tellAt;
};

} // namespace luthien::store
