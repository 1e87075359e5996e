// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "conversation/api.h"
#include "conversation/usage.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace luthien::policy {

struct Spending
{
    std::int64_t requests = 0;
    std::int64_t tokens = 0;
    std::int64_t nanoUsd = 0;
    bool operator==(const Spending&) const = default;
};

/// Whose spending is counted together.
enum class SpentBy : std::uint8_t { Session, Client, All };

/// Who makes a call.
struct Spender
{
    std::string_view session;
    std::string_view client;
    bool isShadow = false; ///< asked for by a policy in shadow: what it counts, enforced ones are not held against
};

/// How much may be spent.
struct Allowance
{
    SpentBy by = SpentBy::All;
    std::chrono::seconds window{0}; ///< up to kMaxWindow, looking back from now; 0 = ever
    /// Each nullopt = as much as one likes.
    std::optional<std::int64_t> requests;
    std::optional<std::int64_t> tokens;
    std::optional<std::int64_t> nanoUsd;
};

/// What stands in the way of a request.
struct Overdraft
{
    enum class Of : std::uint8_t { Requests, Tokens, Money };
    Of of = Of::Requests;
    std::int64_t used = 0;
    std::int64_t allowed = 0;
    std::optional<TimePoint> freesAt; ///< when the next request is let through, if no other comes first; none = never
};

/// What was spent in a while before the program started.
struct PastSpending
{
    TimePoint at; ///< where that while begins
    std::string session;
    std::string client;
    Spending spending;
};

/// Input, cache and output together.
[[nodiscard]] std::int64_t tokensOf(conversation::Api api, const conversation::Usage& usage) noexcept;

/// What was used, by whom and when: what rate limits and budgets are held against. A call counts once, however many
/// policies tell of it, and all it used counts for the time it was asked about first. Shadows are held against all that
/// is counted; what only they tell of, enforced policies are not held against. Kept are 31 days, in steps of a
/// second for an hour and of ten minutes before; of at most kMaxSpenders sessions and clients, those that spent last.
/// Thread: any.
class SpendingBook
{
public:
    static constexpr std::chrono::hours kMaxWindow{24 * 31};
    static constexpr std::size_t kMaxSpenders = 20'000;
    static constexpr std::size_t kMaxCalls = 20'000; ///< whose having been counted is remembered
    /// How long ago is counted in steps of a second, and how long the steps before are.
    static constexpr std::chrono::hours kFineKept{1};
    static constexpr std::chrono::minutes kCoarseStep{10};

    explicit SpendingBook(const Clock& clock)
        : m_clock(clock)
    {
    }

    /// Counts the request, or says why it may not be made. It is counted once even if several policies ask.
    [[nodiscard]] std::optional<Overdraft> begin(const CallId& call, const Spender& who, const Allowance& allowance);
    /// What the call has used.
    void end(const CallId& call, const Spender& who, std::int64_t tokens, std::int64_t nanoUsd);
    /// Instead of end(): the call was blocked before the head of a reply came, so it does not count.
    void withdraw(const CallId& call, const Spender& who);
    /// Once, at the start.
    void preload(std::span<const PastSpending> past);
    [[nodiscard]] Spending spent(const Spender& who, SpentBy by, std::chrono::seconds window) const;

private:
    /// What was spent within one step of time.
    struct Step
    {
        TimePoint from;
        Spending spending;
    };
    struct Account
    {
        std::deque<Step> fine;
        std::deque<Step> coarse;
        Spending ever;
        TimePoint lastAt;
    };
    using Key = std::pair<SpentBy, std::string>;
    struct KnownCall
    {
        TimePoint at; ///< when it was heard of first
        bool isCounted = false;
        bool isOver = false;
    };

    /// What some policies are held against.
    struct Ledger
    {
        std::map<Key, Account> accounts;
        std::map<CallId, KnownCall> calls;
        std::deque<CallId> callOrder;
    };

    [[nodiscard]] static Key keyOf(const Spender& who, SpentBy by);
    [[nodiscard]] const Account* account(const Spender& who, SpentBy by) const;
    [[nodiscard]] std::span<Ledger> ledgersOf(const Spender& who);
    [[nodiscard]] static Spending sum(const Account& account, std::chrono::seconds window, TimePoint now);
    [[nodiscard]] static std::optional<TimePoint> freesAt(const Account& account, std::chrono::seconds window,
                                                          TimePoint now, std::int64_t Spending::* what,
                                                          std::int64_t tooMuch);
    static void add(Ledger& ledger, const Spender& who, const Spending& spending, TimePoint at);
    static void makeRoom(Ledger& ledger);
    [[nodiscard]] KnownCall& known(Ledger& ledger, const CallId& call) const;

    const Clock& m_clock;
    mutable std::mutex m_mutex;
    std::array<Ledger, 2> m_ledgers; ///< of what shadows are held against, and of what enforced policies are
};

} // namespace luthien::policy
