// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/notice_queue.h"
#include "support/test_registry.h"

#include <QTest>

using namespace luthien;
using namespace luthien::desktop;
using namespace std::chrono_literals;

class TestNoticeQueue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstIsToldAtOnceTheRestTogether()
    {
        NoticeQueue queue;
        const SteadyPoint begin{100s};
        queue.add({.kind = Notice::Kind::Block, .call = QStringLiteral("1")});
        QCOMPARE(queue.due(begin).size(), 1U);
        for (int i = 2; i < 102; ++i)
            queue.add({.kind = Notice::Kind::Block, .call = QString::number(i)});
        QVERIFY(queue.due(begin + 1s).empty());
        QCOMPARE(*queue.nextDue(), begin + NoticeQueue::kPause);
        const auto later = queue.due(begin + NoticeQueue::kPause);
        QCOMPARE(later.size(), 1U);
        QCOMPARE(later.front().count, 100);
        QCOMPARE(later.front().call, QStringLiteral("101"));
        QVERIFY(!queue.nextDue());
    }

    void oneKindDoesNotWaitForAnother()
    {
        NoticeQueue queue;
        const SteadyPoint begin{100s};
        queue.add({.kind = Notice::Kind::Block});
        QCOMPARE(queue.due(begin).size(), 1U);
        queue.add({.kind = Notice::Kind::Approval});
        QCOMPARE(queue.due(begin).front().kind, Notice::Kind::Approval);
    }
};

LUTHIEN_TEST(tst_notice_queue, TestNoticeQueue)
#include "tst_notice_queue.moc"
