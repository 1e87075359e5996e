// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::test;

namespace {

class TestAnthropicDecoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aReplyIsReadInOrder()
    {
        Transcript t(Api::AnthropicMessages);
        QCOMPARE(t.feed(R"({"type":"message_start","message":{"id":"msg_1","model":"m","usage":{"input_tokens":5}}})"),
                 std::string("start msg_1 m; usage"));
        QCOMPARE(t.feed(R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"),
                 std::string("text 0+"));
        QCOMPARE(t.feed(R"({"type": "ping"})"), std::string("keepalive"));
        QCOMPARE(t.feed(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a\nb"} })"),
                 std::string("text 0+a\nb"));
        QCOMPARE(t.feed(R"({"type":"content_block_stop","index":0})"), std::string("framing"));
        QCOMPARE(t.feed(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}})"),
                 std::string("usage; stop 0 end_turn end_turn"));
        QVERIFY(!t.decoder().isComplete());
        QCOMPARE(t.feed(R"({"type":"message_stop"})"), std::string("framing"));
        QVERIFY(t.decoder().isComplete());
    }

    void callsAreToldByWhoCarriesThemOut()
    {
        Transcript t(Api::AnthropicMessages);
        QCOMPARE(
            t.feed(
                R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"Bash","input":{}}})"),
            std::string("tool 0 a Bash client"));
        QCOMPARE(t.feed(R"({"type":"content_block_stop","index":0})"), std::string("end 0"));
        QCOMPARE(
            t.feed(
                R"({"type":"content_block_start","index":1,"content_block":{"type":"server_tool_use","id":"b","name":"web_search"}})"),
            std::string("tool 1 b web_search server"));
        QCOMPARE(t.feed(R"({"type":"content_block_stop","index":1})"), std::string("end 1"));
        QCOMPARE(
            t.feed(
                R"({"type":"content_block_start","index":2,"content_block":{"type":"mcp_tool_use","id":"c","name":"ask"}})"),
            std::string("tool 2 c ask mcp"));
        QCOMPARE(
            t.feed(
                R"({"type":"content_block_start","index":3,"content_block":{"type":"web_search_tool_result","content":[]}})"),
            std::string("opaque 3 web_search_tool_result"));
    }

    void argumentsInTheStartGiveWayToFragments()
    {
        Transcript t(Api::AnthropicMessages);
        QCOMPARE(
            t.feed(
                R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"n","input":{"x": 1}}})"),
            std::string("tool 0 a n client; args 0+{\"x\": 1}"));
        QCOMPARE(
            t.feed(R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}})"),
            std::string("args 0+"));
        QCOMPARE(
            t.feed(
                R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\u0022x\u0022"}})"),
            std::string("args 0={\"x\""));
        QCOMPARE(
            t.feed(
                R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":":2}"}})"),
            std::string("args 0+:2}"));
        QCOMPARE(t.response().blocks.front().text, std::string("{\"x\":2}"));
    }

    void membersMayComeInAnyOrder()
    {
        Transcript t(Api::AnthropicMessages);
        QCOMPARE(t.feed(R"({"delta":{"text":"x","type":"text_delta"},"index":4,"type":"content_block_delta"})"),
                 std::string("text 0+x"));
        QCOMPARE(t.feed(R"({"message":{"usage":{},"model":"m","id":"i"},"type":"message_start"})"),
                 std::string("start i m; usage"));
    }

    void theEventLineTellsTheTypeIfTheDataDoesNot()
    {
        Transcript t(Api::AnthropicMessages);
        QCOMPARE(t.feed("{}", "message_stop"), std::string("framing"));
        QVERIFY(t.decoder().isComplete());
    }

    void errorsEndTheStream()
    {
        Transcript t(Api::AnthropicMessages);
        QCOMPARE(t.feed(R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})", "error"),
                 std::string("error overloaded_error: Overloaded"));
        QVERIFY(t.decoder().isComplete());
        QCOMPARE(t.response().stopReason, StopReason::Failed);
    }

    void whatIsUnknownFramesOnly()
    {
        Transcript t(Api::AnthropicMessages);
        QCOMPARE(t.feed(R"({"type":"content_block_whisper","index":0})"), std::string("framing"));
        QCOMPARE(t.feed("[DONE]"), std::string("framing"));
        QCOMPARE(t.feed(""), std::string("framing"));
        QVERIFY(!t.decoder().sawGarbage());
        QCOMPARE(t.feed("{\"type\":"), std::string("framing"));
        QVERIFY(t.decoder().sawGarbage());
    }

    void aLoneSurrogateIsKeptAsWritten()
    {
        Transcript t(Api::AnthropicMessages);
        QCOMPARE(t.feed(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a\ud83d"}})"),
                 std::string("text 0+a\\ud83d"));
    }

    void compactionThatComesInPiecesIsWhole()
    {
        Transcript t(Api::AnthropicMessages);
        std::ignore =
            t.feed(R"({"type":"content_block_start","index":0,"content_block":{"type":"compaction","content":null}})");
        std::ignore =
            t.feed(R"({"type":"content_block_delta","index":0,"delta":{"type":"compaction_delta","content":"short"}})");
        QCOMPARE(t.response().blocks.front().name, std::string("compaction"));
        QCOMPARE(t.response().blocks.front().text, std::string(R"({"type":"compaction","content":"short"})"));
    }
};

} // namespace

LUTHIEN_TEST(tst_anthropic_decoder, TestAnthropicDecoder)
#include "tst_anthropic_decoder.moc"
