// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/call_timing.h"
#include "fake_call_details.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;

namespace {
QStringList rowsOf(const CallTiming& timing)
{
    QStringList rows;
    for (int row = 0; row < timing.rowCount(); ++row) {
        const QModelIndex index = timing.index(row);
        const QString said =
            index.data(CallTiming::LabelRole).toString() + u' ' + index.data(CallTiming::TextRole).toString();
        const bool isHeld = index.data(CallTiming::KindRole) == CallTiming::Held;
        rows << (isHeld ? said + u" somewhere"_s
                        : u"%1 at %2"_s.arg(said).arg(index.data(CallTiming::BeginRole).toDouble(), 0, 'f', 2));
    }
    return rows;
}
} // namespace

class TestCallTiming : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void phasesFollowOneAnother()
    {
        CallTiming timing;
        const QAbstractItemModelTester tester(&timing, QAbstractItemModelTester::FailureReportingMode::QtTest);
        timing.show(test::changedCall());
        QCOMPARE(rowsOf(timing),
                 (QStringList{u"Connect, within the wait 31 ms at 0.00"_s, u"Wait for the first byte 400 ms at 0.00"_s,
                              u"First byte to first token 100 ms at 0.16"_s, u"First token to the end 2.0 s at 0.20"_s,
                              u"Held by policies, in all 134 µs somewhere"_s,
                              u"Held by a person, in all 0 µs somewhere"_s}));
        QCOMPARE(timing.total(), u"2.5 s"_s);
        QCOMPARE(timing.speed(), u"40 tokens/s"_s);
    }

    void aCallThatRunsHasNoEnd()
    {
        CallDetail detail = test::changedCall();
        detail.call.endedAt.reset();
        detail.call.firstTokenAt.reset();
        detail.responseHead = "{}";
        CallTiming timing;
        timing.show(detail);
        QCOMPARE(timing.total(), QString());
        QCOMPARE(timing.speed(), QString());
        QCOMPARE(timing.rowCount(), 3);
    }

    // What a person thought about is not the model's time.
    void speedLeavesOutWhatAPersonHeld()
    {
        CallDetail detail = test::changedCall();
        detail.call.heldByPerson = std::chrono::seconds(1);
        CallTiming timing;
        timing.show(detail);
        QCOMPARE(timing.speed(), u"80 tokens/s"_s);
    }
};

LUTHIEN_TEST(tst_call_timing, TestCallTiming)
#include "tst_call_timing.moc"
