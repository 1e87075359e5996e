// SPDX-License-Identifier: Apache-2.0
#include "desktop/reply_steps.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien;
using namespace luthien::desktop;
using conversation::Direction;
using conversation::WireKind;

namespace {
store::EventRow row(WireKind kind, std::string bytes, Direction direction = Direction::Received)
{
    return {.direction = direction, .kind = kind, .bytes = std::move(bytes)};
}
} // namespace

class TestReplySteps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aReplyIsAllThatComesAfterItsHead()
    {
        const std::vector<store::EventRow> events = {
            row(WireKind::Request, "{}"),
            row(WireKind::Hold, {}, Direction::Sent),
            row(WireKind::Release, {}, Direction::Sent),
            row(WireKind::Head, "{\"status\":200,\"headers\":[]}"),
            row(WireKind::Head, "{\"object\":"), // a first piece of what is too large for one event
            row(WireKind::Keepalive, ": ours", Direction::Sent),
            row(WireKind::Text, "\"list\"}"),
            row(WireKind::Request, "{}", Direction::Sent),
            row(WireKind::Head, "{\"status\":200,\"headers\":[]}"),
            row(WireKind::Head, "{\"second\":"),
            row(WireKind::Head, "{ours", Direction::Sent),
            row(WireKind::Text, "true}"),
            row(WireKind::End, "{}"),
        };
        ReplyPieces pieces;
        std::string body;
        for (const store::EventRow& event : events)
            if (pieces.isOne(event))
                body += event.bytes;
        QCOMPARE(body, std::string("{\"object\":\"list\"}{\"second\":true}"));
    }
};

LUTHIEN_TEST(tst_reply_steps, TestReplySteps)
#include "tst_reply_steps.moc"
