// SPDX-License-Identifier: Apache-2.0
#include "protocol/message_framer.h"
#include "support/test_registry.h"

using namespace luthien::protocol;

namespace {
using Framer = MessageFramer<false>;
constexpr std::string_view kChunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
} // namespace

class TestMessageFramer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesExactlyTheHead();
    void showsBodyDataInPlace();
    void joinsTheChunksOfOneRead();
    void givesTheBodyBeforeTheError();
    void startsCleanAfterAFailure();
    void trailersAreNotFields();
};

void TestMessageFramer::takesExactlyTheHead()
{
    Framer framer({});
    std::string_view input = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    QCOMPARE(framer.readHead(input), Framer::Progress::Complete);
    QVERIFY(input == "ok");
    QCOMPARE(framer.head().framing, BodyFraming::Length);
    QVERIFY(framer.readBody(input).body.data() == input.data());
    QVERIFY(framer.isDone());
}

void TestMessageFramer::showsBodyDataInPlace()
{
    Framer framer({});
    auto head = kChunkedHead;
    QCOMPARE(framer.readHead(head), Framer::Progress::Complete);
    QCOMPARE(framer.readBody("5\r").state, ReadState::NeedMore);
    for (const std::string_view read : {"\nhello\r\n5\r", "\nworld\r\n6\r"}) {
        const auto step = framer.readBody(read);
        QCOMPARE(step.state, ReadState::Body);
        QCOMPARE(step.consumed, read.size()); // the begun line is kept inside
        QVERIFY(step.body.data() == read.data() + 1);
        QCOMPARE(step.body.size(), 5U);
    }
}

void TestMessageFramer::joinsTheChunksOfOneRead()
{
    Framer framer({});
    auto head = kChunkedHead;
    QCOMPARE(framer.readHead(head), Framer::Progress::Complete);
    const std::string_view read = "1\r\na\r\n2\r\nbc\r\n0\r\n\r\nHTTP";
    const auto step = framer.readBody(read);
    QCOMPARE(step.state, ReadState::Body);
    QVERIFY(step.body == "abc");
    QVERIFY(read.substr(step.consumed) == "HTTP");
    QCOMPARE(framer.readBody("HTTP").state, ReadState::Done);
}

void TestMessageFramer::givesTheBodyBeforeTheError()
{
    Framer framer({});
    auto head = kChunkedHead;
    QCOMPARE(framer.readHead(head), Framer::Progress::Complete);
    const auto step = framer.readBody("1\r\na\r\nx");
    QCOMPARE(step.state, ReadState::Body);
    QVERIFY(step.body == "a");
    QCOMPARE(framer.readBody({}).state, ReadState::Failed);
    QCOMPARE(framer.error().code, std::string("bad_chunk"));
    QCOMPARE(framer.error().status, 502U);
}

void TestMessageFramer::startsCleanAfterAFailure()
{
    Framer framer({});
    std::string_view bad = "HTTP/1.1 200 OK\r\nA: b\r\nC\n";
    QCOMPARE(framer.readHead(bad), Framer::Progress::Failed);
    framer.start(Framer::BodyRule::NoBody);
    QVERIFY(!framer.hasFailed());
    QVERIFY(!framer.hasBegun());
    std::string_view good = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n";
    QCOMPARE(framer.readHead(good), Framer::Progress::Complete);
    QCOMPARE(framer.head().fields.all().size(), 1U);
    QVERIFY(framer.isDone());
    QVERIFY(framer.keepsAlive());
}

void TestMessageFramer::trailersAreNotFields()
{
    Framer framer({});
    auto head = kChunkedHead;
    QCOMPARE(framer.readHead(head), Framer::Progress::Complete);
    QCOMPARE(framer.readBody("0\r\nSet-Cookie: x\r\nConnection: close\r\n\r\n").state, ReadState::Done);
    QCOMPARE(framer.head().fields.all().size(), 1U);
    QVERIFY(!framer.keepsAlive());
}

LUTHIEN_TEST(tst_message_framer, TestMessageFramer)
#include "tst_message_framer.moc"
