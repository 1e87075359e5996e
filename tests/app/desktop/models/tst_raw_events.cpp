// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/raw_events.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;

class TestRawEvents : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pagesFollowOneAnother()
    {
        RawEvents events;
        const QAbstractItemModelTester tester(&events, QAbstractItemModelTester::FailureReportingMode::QtTest);
        events.clear(fromMicros(1'000'000));
        QCOMPARE(events.nextSeq(), 0U);
        events.append({{.seq = 0,
                        .at = fromMicros(1'000'000),
                        .kind = conversation::WireKind::Request,
                        .size = 12,
                        .begin = "{\n\xE2\x80\xAE"}});
        events.append({});
        events.append({{.seq = 1,
                        .at = fromMicros(2'204'000),
                        .direction = conversation::Direction::Sent,
                        .kind = conversation::WireKind::Text,
                        .size = 2048}});
        QCOMPARE(events.count(), 2);
        QCOMPARE(events.nextSeq(), 2U);
        QCOMPARE(events.index(0).data(RawEvents::BeginRole).toString(), u"{ ‹U+202E›"_s);
        QCOMPARE(events.index(0).data(RawEvents::KindRole).toString(), u"request"_s);
        QCOMPARE(events.index(1).data(RawEvents::TimeRole).toString(), u"+1.204 s"_s);
        QVERIFY(events.index(1).data(RawEvents::SentRole).toBool());
        QCOMPARE(events.seqAt(1), 1);
        QCOMPARE(events.seqAt(2), -1);
    }
};

LUTHIEN_TEST(tst_raw_events, TestRawEvents)
#include "tst_raw_events.moc"
