// SPDX-License-Identifier: Apache-2.0
#include "conversation/stop_reason.h"
#include "support/test_registry.h"

using namespace luthien::conversation;

namespace {

class TestStopReason : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesReadBack()
    {
        for (int i = 0; i <= static_cast<int>(StopReason::Other); ++i) {
            const auto reason = static_cast<StopReason>(i);
            QCOMPARE(stopReasonFromName(stopReasonName(reason)), reason);
        }
        QCOMPARE(stopReasonFromName("because"), StopReason::Other);
    }
};

} // namespace

LUTHIEN_TEST(tst_stop_reason, TestStopReason)
#include "tst_stop_reason.moc"
