// SPDX-License-Identifier: Apache-2.0
#include "conversation/response.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::conversation;

namespace {

StreamEvent eventOf(EventKind kind, std::uint32_t block = 0, std::string_view text = {})
{
    StreamEvent made;
    made.kind = kind;
    made.block = block;
    made.text = text;
    return made;
}

StreamEvent toolStart(std::uint32_t block, std::string_view id, std::string_view name)
{
    StreamEvent made = eventOf(EventKind::ToolStart, block);
    made.id = id;
    made.name = name;
    return made;
}

StreamEvent stop(std::uint32_t choice, StopReason reason, std::string_view raw)
{
    StreamEvent made = eventOf(EventKind::Stop);
    made.choice = choice;
    made.stopReason = reason;
    made.rawStopReason = raw;
    return made;
}

Response fold(std::initializer_list<StreamEvent> events)
{
    ResponseAssembler assembler;
    for (const StreamEvent& each : events)
        assembler.apply(each);
    return assembler.response();
}

class TestResponse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void deltasAreJoinedPerBlock()
    {
        const Response response = fold({eventOf(EventKind::Text, 0, "Hel"), toolStart(1, "t1", "ls"),
                                        eventOf(EventKind::ToolArgs, 1, "{\"a\""), eventOf(EventKind::Text, 0, "lo"),
                                        eventOf(EventKind::ToolArgs, 1, ":1}"), eventOf(EventKind::ToolEnd, 1)});
        QCOMPARE(response.blocks.size(), std::size_t{2});
        QCOMPARE(response.blocks[0].text, std::string("Hello"));
        QCOMPARE(response.blocks[1].kind, BlockKind::ToolUse);
        QCOMPARE(response.blocks[1].id, std::string("t1"));
        QCOMPARE(response.blocks[1].name, std::string("ls"));
        QCOMPARE(response.blocks[1].text, std::string("{\"a\":1}"));
    }

    void aReplacingEventTakesThePlaceOfTheDeltas()
    {
        ResponseAssembler assembler;
        assembler.apply(eventOf(EventKind::Text, 0, "abc"));
        StreamEvent done = eventOf(EventKind::Text, 0, "xy");
        done.replaces = true;
        assembler.apply(done);
        QCOMPARE(assembler.response().blocks.front().text, std::string("xy"));
        QCOMPARE(assembler.heldBytes(), std::size_t{2});
        StreamEvent opaque = eventOf(EventKind::Opaque, 1, "{}");
        opaque.name = "compaction";
        assembler.apply(opaque);
        opaque.text = "{\"a\":1}";
        assembler.apply(opaque);
        QCOMPARE(assembler.heldBytes(), std::size_t{9});
        QCOMPARE(assembler.response().blocks[1].text, std::string("{\"a\":1}"));
    }

    void blocksKeepTheOrderOfTheirFirstAppearance()
    {
        const Response response = fold(
            {eventOf(EventKind::Thinking, 2, "c"), eventOf(EventKind::Text, 0, "a"), eventOf(EventKind::Text, 1, "b")});
        QCOMPARE(response.blocks.size(), std::size_t{3});
        QCOMPARE(response.blocks[0].text, std::string("c"));
        QCOMPARE(response.blocks[0].kind, BlockKind::Thinking);
        QCOMPARE(response.blocks[1].text, std::string("a"));
        QCOMPARE(response.blocks[2].text, std::string("b"));
    }

    void anyOrderIsTaken()
    {
        const Response response = fold({stop(0, StopReason::EndTurn, "stop"), eventOf(EventKind::ToolEnd, 9),
                                        eventOf(EventKind::ToolArgs, 3, "{}"), toolStart(3, "t", "n")});
        QCOMPARE(response.blocks.size(), std::size_t{1});
        QCOMPARE(response.blocks[0].name, std::string("n"));
        QCOMPARE(response.stopReason, StopReason::EndTurn);
    }

    void aHugeBlockNumberTakesNoMemory()
    {
        QVERIFY(fold({eventOf(EventKind::Text, 0xFFFFFFFF, "x")}).blocks.empty());
        QVERIFY(fold({stop(0xFFFFFFFF, StopReason::EndTurn, "x")}).rawStopReasons.empty());
    }

    void eachChoiceKeepsItsStopReason()
    {
        const Response response =
            fold({stop(1, StopReason::MaxTokens, "length"), stop(0, StopReason::EndTurn, "stop")});
        QCOMPARE(response.stopReason, StopReason::EndTurn);
        QCOMPARE(response.rawStopReason, std::string("stop"));
        QCOMPARE(response.rawStopReasons, (std::vector<std::string>{"stop", "length"}));
    }

    void usageIsOverwrittenNotAdded()
    {
        StreamEvent first = eventOf(EventKind::Usage);
        first.usage = {.input = 10, .output = 1, .cacheRead = {}, .cacheWrite = {}, .reasoning = {}};
        StreamEvent last = eventOf(EventKind::Usage);
        last.usage = {.input = {}, .output = 25, .cacheRead = {}, .cacheWrite = {}, .reasoning = {}};
        const Response response = fold({first, last});
        QCOMPARE(response.usage.input.value_or(-1), std::int64_t{10});
        QCOMPARE(response.usage.output.value_or(-1), std::int64_t{25});
        QVERIFY(!response.usage.cacheRead);
    }

    void anErrorFailsTheReplyUnlessItHadStopped()
    {
        QCOMPARE(fold({eventOf(EventKind::Error, 0, "overloaded")}).stopReason, StopReason::Failed);
        QCOMPARE(fold({eventOf(EventKind::Error, 0, "overloaded")}).error, std::string("overloaded"));
        QCOMPARE(fold({stop(0, StopReason::MaxTokens, "length"), eventOf(EventKind::Error, 0, "late")}).stopReason,
                 StopReason::MaxTokens);
    }
};

} // namespace

LUTHIEN_TEST(tst_response, TestResponse)
#include "tst_response.moc"
