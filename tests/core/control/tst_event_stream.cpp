// SPDX-License-Identifier: Apache-2.0
#include "core/control/control_fixture.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::test;
using conversation::EventKind;

class TestEventStream : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void carriesEventsInOrder();
    void beats();
    void resumes_data();
    void resumes();
    void tellsACommitOnce();
    void tellsWhatOtherInstancesCommit();
    void aSlowReaderGetsAGapAndCostsNothing();
    void endsWithItsReader();
    void refusesAnIdItNeverGave();

private:
    static void commit(ControlFixture& fixture, std::uint64_t number)
    {
        const live::Committed commit{.commit = number};
        fixture.commits.add(commit);
        fixture.hub.publish(commit);
    }
};

void TestEventStream::carriesEventsInOrder()
{
    ControlFixture fixture;
    fixture.commits.startAt(41);
    ControlClient client(fixture.port);
    const std::string head = client.ask(fixture.get("/api/v1/events"));
    QVERIFY(head.find("Content-Type: text/event-stream\r\n") != std::string::npos);
    QCOMPARE(client.readThrough("\n\n"), "id: 41\nevent: hello\ndata: {\"commit\":41}\n\n");
    const CallId call = CallId::make(fromMicros(1'000'000));
    fixture.hub.publish(live::Opened{.call = call, .upstream = "openai"});
    fixture.hub.publish(live::Delta{.call = call, .firstSeq = 1, .seq = 1, .kind = EventKind::Text, .text = "hello"});
    fixture.hub.publish(live::Ended{.call = call, .seq = 2});
    commit(fixture, 42);
    QVERIFY(client.readThrough("\n\n").starts_with("event: opened\n"));
    const std::string delta = client.readThrough("\n\n");
    QVERIFY(delta.starts_with("event: delta\n"));
    QVERIFY(delta.find(R"("text":"hello")") != std::string::npos);
    QVERIFY(client.readThrough("\n\n").starts_with("event: ended\n"));
    QCOMPARE(client.readThrough("\n\n"),
             "id: 42\nevent: committed\ndata: {\"commit\":42,\"calls\":[],\"sessions\":[]}\n\n");
}

void TestEventStream::beats()
{
    const ControlFixture fixture(
        [](control::ControlConfig& config) { config.heartbeat = std::chrono::milliseconds(20); });
    ControlClient client(fixture.port);
    client.send(fixture.get("/api/v1/events"));
    client.readThrough("event: hello");
    for (int beat = 0; beat < 3; ++beat)
        QVERIFY(client.readThrough(": heartbeat\n\n").ends_with(": heartbeat\n\n"));
}

void TestEventStream::resumes_data()
{
    QTest::addColumn<std::string>("lastEventId");
    QTest::addColumn<std::string>("expected");
    QTest::newRow("nothing was missed") << std::string("12") << std::string("id: 12\nevent: hello\n");
    QTest::newRow("two commits were missed")
        << std::string("10")
        << std::string("id: 10\nevent: hello\ndata: {\"commit\":10}\n\nid: 11\nevent: committed\n");
    QTest::newRow("more was missed than is known") << std::string("3") << std::string("id: 12\nevent: gap\n");
    QTest::newRow("an id of another store") << std::string("99") << std::string("id: 12\nevent: gap\n");
}

void TestEventStream::resumes()
{
    QFETCH(std::string, lastEventId);
    QFETCH(std::string, expected);
    ControlFixture fixture;
    fixture.commits.startAt(9);
    for (std::uint64_t number = 10; number <= 12; ++number)
        commit(fixture, number);
    ControlClient client(fixture.port);
    client.ask(fixture.get("/api/v1/events", "Last-Event-ID: " + lastEventId + "\r\n"));
    const std::string tail = expected.substr(expected.rfind("event: "));
    QCOMPARE(client.readThrough(tail), expected);
}

void TestEventStream::tellsACommitOnce()
{
    ControlFixture fixture;
    fixture.commits.startAt(1);
    ControlClient client(fixture.port);
    client.ask(fixture.get("/api/v1/events"));
    client.readThrough("\n\n");
    commit(fixture, 2);
    fixture.hub.publish(live::Committed{.commit = 2});
    fixture.hub.publish(live::Committed{.commit = 1});
    commit(fixture, 3);
    QVERIFY(client.readThrough("\n\n").starts_with("id: 2\n"));
    QVERIFY(client.readThrough("\n\n").starts_with("id: 3\n"));
}

void TestEventStream::tellsWhatOtherInstancesCommit()
{
    ControlFixture fixture;
    fixture.commits.startAt(6);
    commit(fixture, 7);
    ControlClient client(fixture.port);
    client.ask(fixture.get("/api/v1/events"));
    client.readThrough("\n\n");
    // Numbered as the last commit of this instance, which the reader has.
    live::Committed elsewhere{.commit = 99, .sessions = {"theirs"}, .isElsewhere = true};
    elsewhere.commit = fixture.commits.add(elsewhere);
    fixture.hub.publish(elsewhere);
    QCOMPARE(client.readThrough("\n\n"),
             "id: 7\nevent: committed\ndata: {\"commit\":7,\"calls\":[],\"sessions\":[\"theirs\"]}\n\n");
    commit(fixture, 8);
    QVERIFY(client.readThrough("\n\n").starts_with("id: 8\n"));

    ControlClient late(fixture.port); // it may have missed them
    late.ask(fixture.get("/api/v1/events", "Last-Event-ID: 7\r\n"));
    QVERIFY(late.readThrough("\n\n").starts_with("id: 7\nevent: hello\n"));
    QVERIFY(late.readThrough("\n\n").find("[\"theirs\"]") != std::string::npos);
    QVERIFY(late.readThrough("\n\n").starts_with("id: 8\n"));
}

void TestEventStream::aSlowReaderGetsAGapAndCostsNothing()
{
    ControlFixture fixture;
    ControlClient slow(fixture.port, 1024);
    slow.send(fixture.get("/api/v1/events"));
    QVERIFY(slow.socket.waitForReadyRead(10'000));
    QTRY_VERIFY(fixture.hub.hasSubscribers());
    const CallId call = CallId::make(fromMicros(1'000'000));
    // Far more than the sockets' buffers and the queue may hold: blocks of their own, so that nothing is joined.
    constexpr std::uint32_t kSteps = 20'000;
    for (std::uint32_t seq = 0; seq < kSteps; ++seq)
        fixture.hub.publish(live::Delta{.call = call,
                                        .firstSeq = seq,
                                        .seq = seq,
                                        .kind = EventKind::Text,
                                        .block = seq,
                                        .text = std::string(2048, 'x')});
    QVERIFY(fixture.metrics.value(Metric::LiveEventsDropped) > 0);
    ControlClient other(fixture.port);
    QCOMPARE(statusOf(other.ask(fixture.get("/healthz"))), 200);

    slow.socket.setReadBufferSize(0);
    QVERIFY(slow.readThrough("event: gap\n").ends_with("event: gap\n"));
    fixture.hub.publish(live::Ended{.call = call, .seq = kSteps});
    QVERIFY(slow.readThrough("event: ended\n").ends_with("event: ended\n"));
}

void TestEventStream::endsWithItsReader()
{
    ControlFixture fixture;
    {
        ControlClient client(fixture.port);
        client.ask(fixture.get("/api/v1/events"));
        QVERIFY(fixture.hub.hasSubscribers());
    }
    QTRY_VERIFY(!fixture.hub.hasSubscribers());
}

void TestEventStream::refusesAnIdItNeverGave()
{
    const ControlFixture fixture;
    ControlClient client(fixture.port);
    QCOMPARE(statusOf(client.ask(fixture.get("/api/v1/events", "Last-Event-ID: abc\r\n"))), 400);
}

LUTHIEN_TEST(tst_event_stream, TestEventStream)
#include "tst_event_stream.moc"
