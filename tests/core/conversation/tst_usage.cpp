// SPDX-License-Identifier: Apache-2.0
#include "conversation/usage.h"
#include "support/test_registry.h"

#include <cstdint>
#include <limits>

using namespace luthien::conversation;

namespace {

class TestUsage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void newerNumbersReplaceOlderOnes()
    {
        Usage usage{.input = 10, .output = 1, .cacheRead = 4, .cacheWrite = {}, .reasoning = {}};
        usage.update({.input = {}, .output = 25, .cacheRead = 0, .cacheWrite = 2, .reasoning = 7});
        QVERIFY((usage == Usage{.input = 10, .output = 25, .cacheRead = 0, .cacheWrite = 2, .reasoning = 7}));
    }

    void numbersThatNoReplyCanHaveAreBounded()
    {
        Usage usage;
        usage.update({.input = -5, .output = std::numeric_limits<std::int64_t>::max()});
        QVERIFY((usage == Usage{.input = 0, .output = 1'000'000'000}));
    }

    void nothingNewChangesNothing()
    {
        Usage usage{.input = 10, .output = {}, .cacheRead = {}, .cacheWrite = {}, .reasoning = 3};
        const Usage before = usage;
        usage.update({});
        QVERIFY(usage == before);
    }
};

} // namespace

LUTHIEN_TEST(tst_usage, TestUsage)
#include "tst_usage.moc"
