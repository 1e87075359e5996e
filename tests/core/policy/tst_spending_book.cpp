// SPDX-License-Identifier: Apache-2.0
#include "policy/spending_book.h"
#include "support/test_registry.h"

#include <array>
#include <string>
#include <vector>

using namespace luthien;
using namespace luthien::policy;
using namespace std::chrono_literals;

namespace {

class SetClock final : public Clock
{
public:
    [[nodiscard]] TimePoint now() const override { return at; }
    [[nodiscard]] SteadyPoint steady() const override { return {}; }
    TimePoint at{std::chrono::hours(24 * 365 * 56)};
};

constexpr Spender kMe{.session = "s", .client = "c"};

class TestSpendingBook : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void requestsAreCountedAndFreed()
    {
        SetClock clock;
        SpendingBook book(clock);
        const Allowance two{.window = 60s, .requests = 2};
        const TimePoint start = clock.at;
        QVERIFY(!book.begin(id(), kMe, two));
        clock.at += 10s;
        QVERIFY(!book.begin(id(), kMe, two));
        const auto refused = book.begin(id(), kMe, two);
        QVERIFY(refused && refused->of == Overdraft::Of::Requests);
        QCOMPARE(refused->used, 2);
        QCOMPARE(refused->allowed, 2);
        QVERIFY(refused->freesAt == start + 61s);
        clock.at = *refused->freesAt - 1us;
        QVERIFY(book.begin(id(), kMe, two));
        clock.at = *refused->freesAt;
        QVERIFY(!book.begin(id(), kMe, two));
    }

    void aCallCountsOnceHoweverManyAsk()
    {
        SetClock clock;
        SpendingBook book(clock);
        const CallId call = id();
        QVERIFY(!book.begin(call, kMe, {.window = 60s, .requests = 1}));
        QVERIFY(!book.begin(call, kMe, {.window = 1h, .requests = 1}));
        book.end(call, kMe, 100, 7);
        book.end(call, kMe, 100, 7);
        QVERIFY((book.spent(kMe, SpentBy::All, 60s) == Spending{1, 100, 7}));
    }

    void whatWasUsedStopsTheNextRequest()
    {
        SetClock clock;
        SpendingBook book(clock);
        const Allowance money{.window = 24h, .nanoUsd = 1'000};
        book.end(id(), kMe, 10, 600);
        clock.at += 3h;
        QVERIFY(!book.begin(id(), kMe, money));
        book.end(id(), kMe, 10, 400);
        const auto refused = book.begin(id(), kMe, money);
        QVERIFY(refused && refused->of == Overdraft::Of::Money && refused->used == 1'000);
        QVERIFY(*refused->freesAt > clock.at + 20h && *refused->freesAt <= clock.at + 21h + 10min);
        clock.at = *refused->freesAt;
        QVERIFY(!book.begin(id(), kMe, money));
    }

    /// A shadow sees what all use together, and nothing is refused for what only it counts.
    void aShadowCountsApart()
    {
        SetClock clock;
        SpendingBook book(clock);
        constexpr Spender kShadow{.session = "s", .client = "c", .isShadow = true};
        const Allowance one{.window = 60s, .requests = 1};
        const CallId both = id();
        QVERIFY(!book.begin(id(), kShadow, one));
        QVERIFY(!book.begin(both, kMe, one));
        QVERIFY(book.begin(both, kShadow, one));
        book.end(both, kShadow, 100, 7);
        QCOMPARE(book.spent(kMe, SpentBy::All, 60s), (Spending{1, 0, 0}));
        book.end(both, kMe, 100, 7);
        QCOMPARE(book.spent(kMe, SpentBy::All, 60s), (Spending{1, 100, 7}));
        QCOMPARE(book.spent(kShadow, SpentBy::All, 60s), (Spending{2, 100, 7}));
        book.preload(std::array{PastSpending{clock.at, "s", "c", {3, 10, 0}}});
        QCOMPARE(book.spent(kMe, SpentBy::Session, 60s).requests, 4);
        QCOMPARE(book.spent(kShadow, SpentBy::Session, 60s).requests, 5);
    }

    void eachIsCountedByWhatItIsCountedBy()
    {
        SetClock clock;
        SpendingBook book(clock);
        book.end(id(), {.session = "a", .client = "x"}, 1, 0);
        book.end(id(), {.session = "b", .client = "x"}, 2, 0);
        book.end(id(), {.session = "c", .client = "y"}, 4, 0);
        const Spender a{.session = "a", .client = "x"};
        QCOMPARE(book.spent(a, SpentBy::Session, 1h).tokens, 1);
        QCOMPARE(book.spent(a, SpentBy::Client, 1h).tokens, 3);
        QCOMPARE(book.spent(a, SpentBy::All, 1h).tokens, 7);
        clock.at += std::chrono::hours(24 * 40);
        QCOMPARE(book.spent(a, SpentBy::All, SpendingBook::kMaxWindow).tokens, 0);
        QCOMPARE(book.spent(a, SpentBy::Session, 0s).tokens, 1); // ever
        QVERIFY(!book.begin(id(), a, {.by = SpentBy::Session, .tokens = 1})->freesAt);
    }

    void aCallCountsForWhenItWasAskedAbout()
    {
        SetClock clock;
        SpendingBook book(clock);
        const CallId slow = id();
        QVERIFY(!book.begin(slow, kMe, {.window = 60s, .requests = 9}));
        clock.at += 50s;
        QVERIFY(!book.begin(id(), kMe, {.window = 60s, .requests = 9}));
        book.end(slow, kMe, 100, 7);
        QVERIFY((book.spent(kMe, SpentBy::All, 60s) == Spending{2, 100, 7}));
        clock.at += 11s;
        QVERIFY((book.spent(kMe, SpentBy::All, 60s) == Spending{1, 0, 0}));
        QVERIFY((book.spent(kMe, SpentBy::All, 1h) == Spending{2, 100, 7}));
        clock.at += 2h;
        const CallId refused = id();
        QVERIFY(book.begin(refused, kMe, {.window = 24h, .requests = 1}));
        clock.at += 1h;
        book.end(refused, kMe, 1, 1); // a shadow had refused it
        QVERIFY((book.spent(kMe, SpentBy::All, 59min) == Spending()));
        QVERIFY((book.spent(kMe, SpentBy::All, 24h) == Spending{3, 101, 8}));
    }

    void aCallThatNeverLeftDoesNotCount()
    {
        SetClock clock;
        SpendingBook book(clock);
        const CallId blocked = id();
        QVERIFY(!book.begin(blocked, kMe, {.window = 60s, .requests = 1}));
        clock.at += 30s;
        book.withdraw(blocked, kMe);
        book.withdraw(blocked, kMe);
        book.withdraw(id(), kMe);
        for (const auto window : {0s, 1s, 60s, 86'400s})
            QVERIFY(book.spent(kMe, SpentBy::Session, window) == Spending());
    }

    void whatWasUsedBeforeTheStartCountsToo()
    {
        SetClock clock;
        SpendingBook book(clock);
        const std::vector<PastSpending> past{{clock.at - 1h, "s", "c", {1, 5, 50}},
                                             {clock.at - 3h, "s", "c", {2, 3, 30}}};
        book.preload(past);
        QVERIFY((book.spent(kMe, SpentBy::Session, 24h) == Spending{3, 8, 80}));
        QVERIFY((book.spent(kMe, SpentBy::Session, 2h) == Spending{1, 5, 50}));
    }

    void isBounded()
    {
        SetClock clock;
        SpendingBook book(clock);
        for (int i = 0; i < 60'000; ++i) {
            clock.at += 1s;
            const std::string session = "s" + std::to_string(i);
            book.end(id(), {.session = session, .client = "c"}, 1, 0);
        }
        QCOMPARE(book.spent({.session = "s0", .client = "c"}, SpentBy::Session, 0s).tokens, 0);
        QCOMPARE(book.spent({.session = "s59999", .client = "c"}, SpentBy::Session, 0s).tokens, 1);
        QCOMPARE(book.spent(kMe, SpentBy::All, 24h).tokens, 60'000);
    }

private:
    CallId id()
    {
        ++m_next;
        std::array<std::uint8_t, 16> bytes{};
        for (std::size_t i = 0; i < 4; ++i)
            bytes[i] = static_cast<std::uint8_t>(m_next >> (8 * i));
        return CallId(bytes);
    }
    std::uint32_t m_next = 0;
};

} // namespace

LUTHIEN_TEST(tst_spending_book, TestSpendingBook)
#include "tst_spending_book.moc"
