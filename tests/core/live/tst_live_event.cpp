// SPDX-License-Identifier: Apache-2.0
#include "live/live_event.h"
#include "support/test_registry.h"

using namespace luthien;
using conversation::EventKind;

class TestLiveEvent : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void ownsItsBytes();
    void continuation_data();
    void continuation();
    void namesItsCall();
};

void TestLiveEvent::ownsItsBytes()
{
    const CallId call = CallId::make(fromMicros(1'000'000));
    std::string text = "hello";
    std::string toolId = "toolu_1";
    conversation::WireEvent wire{.call = call, .seq = 7, .at = fromMicros(5)};
    conversation::StreamEvent step{.kind = EventKind::ToolStart, .block = 2, .id = toolId, .text = text};
    const live::Delta copy = live::delta(wire, step);
    text.assign(text.size(), 'x');
    toolId.assign(toolId.size(), 'x');
    QCOMPARE(copy.text, "hello");
    QCOMPARE(copy.id, "toolu_1");
    QCOMPARE(copy.firstSeq, 7U);
    QCOMPARE(copy.seq, 7U);
    QCOMPARE(copy.block, 2U);
}

void TestLiveEvent::continuation_data()
{
    QTest::addColumn<live::Delta>("pending");
    QTest::addColumn<live::Delta>("step");
    QTest::addColumn<bool>("joins");
    const live::Delta text{.kind = EventKind::Text, .block = 1, .text = "a"};
    live::Delta other = text;
    QTest::newRow("text of the same block joins") << text << text << true;
    other.block = 2;
    QTest::newRow("text of another block does not") << text << other << false;
    other = text;
    other.choice = 1;
    QTest::newRow("text of another choice does not") << text << other << false;
    other = text;
    other.direction = conversation::Direction::Sent;
    QTest::newRow("what was sent does not join what was received") << text << other << false;
    other = text;
    other.replaces = true;
    QTest::newRow("text that replaces does not") << text << other << false;
    QTest::newRow("text after a replacement joins it") << other << text << true;
    other = text;
    other.isRefusal = true;
    QTest::newRow("a refusal does not join plain text") << text << other << false;
    other = text;
    other.kind = EventKind::Thinking;
    QTest::newRow("thinking does not join text") << text << other << false;
    other.kind = EventKind::ToolArgs;
    QTest::newRow("arguments join arguments") << other << other << true;
    other.kind = EventKind::Usage;
    QTest::newRow("usage never joins") << other << other << false;
}

void TestLiveEvent::continuation()
{
    QFETCH(live::Delta, pending);
    QFETCH(live::Delta, step);
    QTEST(live::isContinuation(pending, step), "joins");
}

void TestLiveEvent::namesItsCall()
{
    const CallId call = CallId::make(fromMicros(1));
    QCOMPARE(live::callOf(live::Opened{.call = call}), call);
    QCOMPARE(live::callOf(live::Requested{.call = call}), call);
    QCOMPARE(live::callOf(live::Delta{.call = call}), call);
    QCOMPARE(live::callOf(live::Ended{.call = call}), call);
    QCOMPARE(live::callOf(live::Decided{{.call = call}}), call);
    QVERIFY(live::callOf(live::Committed{.commit = 1, .calls = {{.id = call}}}).isNil());
}

LUTHIEN_TEST(tst_live_event, TestLiveEvent)
#include "tst_live_event.moc"
