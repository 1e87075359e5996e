// SPDX-License-Identifier: Apache-2.0
#include "base/backoff.h"
#include "support/test_registry.h"

#include <set>

using namespace luthien;
using namespace std::chrono_literals;

class TestBackoff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void growsUpToItsMost()
    {
        for (std::uint32_t seed = 0; seed < 200; ++seed) {
            Backoff backoff({.first = 100ms, .most = 1000ms}, seed);
            for (const auto whole : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
                const auto wait = backoff.next();
                QVERIFY2(wait >= whole / 2 && wait <= whole, qPrintable(QString::number(wait.count())));
            }
        }
    }

    void startsAnewOnceItWentWell()
    {
        Backoff backoff({.first = 100ms, .most = 60s}, 7);
        for (int i = 0; i < 8; ++i)
            (void)backoff.next();
        QVERIFY(backoff.next() > 1s);
        backoff.reset();
        QVERIFY(backoff.next() <= 100ms);
    }

    void thoseWhoFailTogetherDoNotComeBackTogether()
    {
        std::set<std::chrono::milliseconds> waits;
        for (std::uint32_t seed = 0; seed < 50; ++seed) {
            Backoff backoff({.first = 1s, .most = 5s}, seed * 2'654'435'761U); // as far apart as chance puts them
            waits.insert(backoff.next());
        }
        QVERIFY(waits.size() > 25);
        QVERIFY(*waits.rbegin() - *waits.begin() > 300ms);
    }

    void aMostBelowTheFirstIsNoTrap()
    {
        Backoff backoff({.first = 1ms, .most = 1ms}, 1);
        for (int i = 0; i < 5; ++i)
            QVERIFY(backoff.next() <= 1ms);
    }
};

LUTHIEN_TEST(tst_backoff, TestBackoff)
#include "tst_backoff.moc"
