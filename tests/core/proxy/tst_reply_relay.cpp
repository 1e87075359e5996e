// SPDX-License-Identifier: Apache-2.0
#include "handler_world.h"
#include "messages_sample.h"
#include "proxy/reply_relay.h"
#include "support/test_registry.h"

#include <QObject>

using namespace luthien;
using namespace luthien::test;
using protocol::BodyFraming;
using proxy::ReplyForm;

namespace {
protocol::ResponseHead headOf(BodyFraming framing, std::uint64_t length = 0)
{
    protocol::ResponseHead head;
    head.status = 200;
    head.reason = "OK";
    head.framing = framing;
    head.contentLength = length;
    head.fields.add("Content-Encoding", "gzip");
    head.fields.add("Connection", "x-hop");
    head.fields.add("x-hop", "1");
    head.fields.add("alt-svc", "h3");
    head.fields.add("request-id", "r");
    return head;
}
} // namespace

class TestReplyRelay : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aBodyAsItCameKeepsItsFramingAndCoding()
    {
        HandlerWorld world;
        const proxy::PreparedCall call;
        proxy::ReplyRelay relay(world, call);
        relay.head(headOf(BodyFraming::Length, 6), ReplyForm::AsItCame);
        QVERIFY(relay.isHeadSent());
        relay.body("abc");
        relay.body("def");
        relay.finish();
        QCOMPARE(headerIn(world.toClient, "Content-Length"), std::string("6"));
        QCOMPARE(headerIn(world.toClient, "Content-Encoding"), std::string("gzip"));
        QCOMPARE(headerIn(world.toClient, "request-id"), std::string("r"));
        QCOMPARE(headerIn(world.toClient, "x-luthien-call-id"), call.id.toString());
        QVERIFY(headerIn(world.toClient, "x-hop").empty() && headerIn(world.toClient, "alt-svc").empty());
        QVERIFY(world.toClient.ends_with("\r\n\r\nabcdef"));
        QVERIFY(relay.keepsClient());
    }

    void eventsHaveNoLengthAndNoCoding()
    {
        HandlerWorld world;
        const proxy::PreparedCall call;
        proxy::ReplyRelay relay(world, call);
        relay.head(headOf(BodyFraming::Length, 6), ReplyForm::Events);
        relay.body("abc");
        relay.body({});
        relay.finish();
        QVERIFY(headerIn(world.toClient, "Content-Length").empty());
        QVERIFY(headerIn(world.toClient, "Content-Encoding").empty());
        QVERIFY(world.toClient.ends_with("\r\n\r\n" + chunk("abc") + "0\r\n\r\n"));
    }

    void aWholeBodysHeadWaitsForItsLength_data()
    {
        QTest::addColumn<int>("framing");
        QTest::newRow("of a known length") << static_cast<int>(BodyFraming::Length);
        QTest::newRow("in chunks") << static_cast<int>(BodyFraming::Chunked);
        QTest::newRow("until the upstream closes") << static_cast<int>(BodyFraming::UntilClose);
    }
    void aWholeBodysHeadWaitsForItsLength()
    {
        QFETCH(int, framing);
        HandlerWorld world;
        const proxy::PreparedCall call;
        proxy::ReplyRelay relay(world, call);
        relay.head(headOf(static_cast<BodyFraming>(framing), 100), ReplyForm::Whole);
        QVERIFY(!relay.isHeadSent());
        QCOMPARE(world.toClient, std::string());
        relay.whole("abcdef");
        relay.finish();
        QCOMPARE(headerIn(world.toClient, "Content-Length"), std::string("6"));
        QVERIFY(headerIn(world.toClient, "Transfer-Encoding").empty());
        QVERIFY(headerIn(world.toClient, "Content-Encoding").empty());
        QVERIFY(world.toClient.ends_with("\r\n\r\nabcdef"));
        QVERIFY(relay.keepsClient());
    }

    void aClientOfHttp10GetsABodyThatEndsWithTheConnection()
    {
        HandlerWorld world;
        proxy::PreparedCall call;
        call.clientMinorVersion = 0;
        proxy::ReplyRelay relay(world, call);
        relay.head(headOf(BodyFraming::Chunked), ReplyForm::Events);
        relay.body("abc");
        relay.finish();
        QVERIFY(headerIn(world.toClient, "Transfer-Encoding").empty());
        QCOMPARE(headerIn(world.toClient, "Connection"), std::string("close"));
        QVERIFY(world.toClient.ends_with("\r\n\r\nabc"));
        QVERIFY(!relay.keepsClient());
    }

    void aCutBodyWithALengthHasNoPlaceForAWord()
    {
        HandlerWorld world;
        const proxy::PreparedCall call;
        proxy::ReplyRelay counted(world, call);
        counted.head(headOf(BodyFraming::Length, 100), ReplyForm::AsItCame);
        QVERIFY(!counted.cutOff());
        QVERIFY(!counted.keepsClient());
        proxy::ReplyRelay chunked(world, call);
        chunked.head(headOf(BodyFraming::Chunked), ReplyForm::AsItCame);
        QVERIFY(chunked.cutOff());
    }
};

LUTHIEN_TEST(tst_reply_relay, TestReplyRelay)
#include "tst_reply_relay.moc"
