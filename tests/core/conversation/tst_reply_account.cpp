// SPDX-License-Identifier: Apache-2.0
#include "conversation/reply_account.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::conversation;

namespace {
TimePoint at(int micros)
{
    return TimePoint(std::chrono::microseconds(micros));
}

StreamEvent text(std::string_view said)
{
    StreamEvent event;
    event.kind = EventKind::Text;
    event.text = said;
    return event;
}

StreamEvent tokens(std::int64_t output)
{
    StreamEvent event;
    event.kind = EventKind::Usage;
    event.usage.output = output;
    return event;
}
} // namespace

class TestReplyAccount : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ofSeveralRepliesTheLastOnesTextAndAllTheUsage()
    {
        ReplyAccount account;
        account.began(at(1));
        account.apply(tokens(3), [] { return at(2); }); // no token by itself
        account.apply(text("first"), [] { return at(3); });
        account.startAgain();
        account.began(at(4));
        account.apply(text("second"), [] { return at(5); });
        account.apply(tokens(40), [] { return at(6); });
        CallEnded ended;
        account.describe(ended);
        QVERIFY(ended.usage.output == 43);
        QVERIFY(ended.firstByteAt == at(1) && ended.firstTokenAt == at(3));
        QCOMPARE(responseFromJson(ended.reply)->blocks.at(0).text, std::string("second"));
    }

    void whatSaidNothingHasNoText()
    {
        ReplyAccount account;
        CallEnded ended;
        account.describe(ended);
        QVERIFY(ended.reply.empty() && !ended.firstByteAt && !ended.firstTokenAt);
    }

    void whatIsTooLongToBeUnderstoodHasNoText()
    {
        ReplyAccount account;
        account.apply(text(std::string(kMaxUnderstoodBytes, 'a')), [] { return at(1); });
        account.apply(text("b"), [] { return at(2); });
        CallEnded ended;
        account.describe(ended);
        QVERIFY(ended.reply.empty());
        QCOMPARE(account.response().blocks.at(0).text.size(), kMaxUnderstoodBytes);
    }
};

LUTHIEN_TEST(tst_reply_account, TestReplyAccount)
#include "tst_reply_account.moc"
