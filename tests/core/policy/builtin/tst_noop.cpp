// SPDX-License-Identifier: Apache-2.0
#include "judged.h"
#include "support/test_registry.h"

using namespace luthien::policy;
using luthien::policy::builtin::test::make;

namespace {

class TestNoop : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wantsToSeeNothing()
    {
        const Interests interests = (*make("noop", "{}"))->interests();
        QVERIFY(!interests.toolCalls && !interests.text);
    }
};

} // namespace

LUTHIEN_TEST(tst_noop, TestNoop)
#include "tst_noop.moc"
