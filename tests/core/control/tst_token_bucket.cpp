// SPDX-License-Identifier: Apache-2.0
#include "control/token_bucket.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::control;
using namespace std::chrono_literals;

class TestTokenBucket : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void burstThenRate();
    void neverHoldsMoreThanABurst();
};

void TestTokenBucket::burstThenRate()
{
    const SteadyPoint start;
    TokenBucket bucket({.perSecond = 10, .burst = 3}, start);
    for (int taken = 0; taken < 3; ++taken)
        QVERIFY(bucket.take(start));
    QVERIFY(!bucket.take(start));
    QVERIFY(!bucket.take(start + 99ms));
    QVERIFY(bucket.take(start + 101ms));
    QVERIFY(!bucket.take(start + 102ms));
}

void TestTokenBucket::neverHoldsMoreThanABurst()
{
    const SteadyPoint start;
    TokenBucket bucket({.perSecond = 10, .burst = 2}, start);
    const SteadyPoint later = start + 1h;
    QVERIFY(bucket.take(later));
    QVERIFY(bucket.take(later));
    QVERIFY(!bucket.take(later));
}

LUTHIEN_TEST(tst_token_bucket, TestTokenBucket)
#include "tst_token_bucket.moc"
