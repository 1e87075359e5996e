// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::test;

namespace {

class TestOpenAiResponsesDecoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void textComesOnceThoughItIsSentFiveTimes()
    {
        Transcript t(Api::OpenAiResponses);
        QCOMPARE(
            t.feed(
                R"({"type":"response.created","response":{"id":"r","model":"m","status":"in_progress","output":[]}})"),
            std::string("start r m"));
        QCOMPARE(t.feed(R"({"type":"response.in_progress","response":{"id":"r","model":"m"}})"),
                 std::string("framing"));
        QCOMPARE(
            t.feed(
                R"({"type":"response.output_item.added","output_index":0,"item":{"id":"i","type":"message","content":[]}})"),
            std::string("framing"));
        QCOMPARE(
            t.feed(
                R"({"type":"response.content_part.added","output_index":0,"content_index":0,"part":{"type":"output_text","text":""}})"),
            std::string("text 0+"));
        QCOMPARE(t.feed(R"({"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"Hi"})"),
                 std::string("text 0+Hi"));
        QCOMPARE(t.feed(R"({"type":"response.output_text.done","output_index":0,"content_index":0,"text":"Hi"})"),
                 std::string("text 0=Hi"));
        QCOMPARE(
            t.feed(
                R"({"type":"response.content_part.done","output_index":0,"content_index":0,"part":{"type":"output_text","text":"Hi"}})"),
            std::string("text 0=Hi"));
        QCOMPARE(
            t.feed(
                R"({"item":{"content":[{"text":"Hi","type":"output_text"}],"type":"message"},"output_index":0,"type":"response.output_item.done"})"),
            std::string("text 0=Hi"));
        QCOMPARE(
            t.feed(
                R"({"type":"response.completed","response":{"id":"r","status":"completed","usage":{"input_tokens":1},"output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]}]}})"),
            std::string("usage; stop 0 end_turn completed"));
        QCOMPARE(t.response().blocks.front().text, std::string("Hi"));
        QVERIFY(t.decoder().isComplete());
    }

    void callsAreToldByWhoCarriesThemOut()
    {
        Transcript t(Api::OpenAiResponses);
        QCOMPARE(
            t.feed(
                R"({"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","id":"fc","call_id":"c1","name":"f","arguments":""}})"),
            std::string("tool 0 c1 f client"));
        QCOMPARE(t.feed(R"({"type":"response.function_call_arguments.delta","output_index":0,"delta":"{}"})"),
                 std::string("args 0+{}"));
        QCOMPARE(
            t.feed(
                R"({"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","call_id":"c1","name":"f","arguments":"{}","status":"completed"}})"),
            std::string("args 0={}; end 0"));
        QCOMPARE(
            t.feed(
                R"({"type":"response.output_item.done","output_index":1,"item":{"type":"local_shell_call","call_id":"c2","action":{"command":["ls"]}}})"),
            std::string("tool 1 c2 local_shell client; args 1={\"command\":[\"ls\"]}; end 1"));
        QCOMPARE(
            t.feed(
                R"({"type":"response.output_item.added","output_index":2,"item":{"type":"web_search_call","id":"ws"}})"),
            std::string("tool 2 ws web_search server"));
        QCOMPARE(
            t.feed(
                R"({"type":"response.output_item.done","output_index":3,"item":{"type":"mcp_call","id":"mcp","name":"ask","arguments":"{}","output":"42"}})"),
            std::string("tool 3 mcp ask mcp; args 3={}; end 3; opaque 4 mcp_call"));
        QCOMPARE(t.feed(R"({"type":"response.completed","response":{"status":"completed"}})"),
                 std::string("stop 0 tool_use completed"));
    }

    void aCallThatWasCutDoesNotEnd()
    {
        Transcript t(Api::OpenAiResponses);
        QCOMPARE(
            t.feed(
                R"({"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","call_id":"c","name":"f","arguments":"12","status":"incomplete"}})"),
            std::string("tool 0 c f client; args 0=12"));
        QCOMPARE(
            t.feed(
                R"({"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}})"),
            std::string("stop 0 max_tokens incomplete:max_output_tokens"));
    }

    void aResumedStreamIsMadeWholeAtItsEnd()
    {
        Transcript t(Api::OpenAiResponses);
        QCOMPARE(t.feed(R"({"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"lf"})"),
                 std::string("text 0+lf"));
        QCOMPARE(
            t.feed(
                R"({"type":"response.completed","response":{"id":"r","model":"m","status":"completed","output":[{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"message","content":[{"type":"output_text","text":"whole"}]}]}})"),
            std::string("start r m; tool 1 c f client; args 1={}; end 1; text 0=whole; stop 0 tool_use completed"));
    }

    void thinkingIsReadOrOpaque()
    {
        Transcript t(Api::OpenAiResponses);
        QCOMPARE(
            t.feed(
                R"({"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":1,"delta":"hm"})"),
            std::string("thinking 0+hm"));
        QCOMPARE(
            t.feed(
                R"({"type":"response.output_item.done","output_index":1,"item":{"type":"reasoning","summary":[],"encrypted_content":"x"}})"),
            std::string("opaque 1 reasoning"));
        QCOMPARE(t.feed(R"({"type":"response.reasoning_text.done","output_index":2,"content_index":0,"text":"so"})"),
                 std::string("thinking 2=so"));
    }

    void refusalsAreText()
    {
        Transcript t(Api::OpenAiResponses);
        QCOMPARE(t.feed(R"({"type":"response.refusal.delta","output_index":0,"content_index":0,"delta":"No"})"),
                 std::string("refusal 0+No"));
        QCOMPARE(t.feed(R"({"type":"response.refusal.done","output_index":0,"content_index":0,"refusal":"No."})"),
                 std::string("refusal 0=No."));
        QCOMPARE(t.feed(R"({"type":"response.completed","response":{"status":"completed"}})"),
                 std::string("stop 0 refusal completed"));
    }

    void errorsAreFlatOrNested()
    {
        Transcript flat(Api::OpenAiResponses);
        QCOMPARE(flat.feed(R"({"type":"error","code":"rate_limit_exceeded","message":"m","param":null})"),
                 std::string("error rate_limit_exceeded: m"));
        QVERIFY(flat.decoder().isComplete());
        Transcript nested(Api::OpenAiResponses);
        QCOMPARE(nested.feed(R"({"type":"error","error":{"type":"t","code":"c","message":"m"}})"),
                 std::string("error c: m"));
        Transcript failed(Api::OpenAiResponses);
        QCOMPARE(
            failed.feed(
                R"({"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"m"}}})"),
            std::string("error server_error: m; stop 0 failed failed"));
    }

    void whatIsUnknownFramesOnly()
    {
        Transcript t(Api::OpenAiResponses);
        QCOMPARE(t.feed(R"({"type":"response.dance.delta","delta":"x"})"), std::string("framing"));
        QCOMPARE(t.feed(R"({"type":"keepalive","sequence_number":3})"), std::string("keepalive"));
        QCOMPARE(t.feed("[DONE]"), std::string("framing"));
        QVERIFY(!t.decoder().sawGarbage());
    }
};

} // namespace

LUTHIEN_TEST(tst_openai_responses_decoder, TestOpenAiResponsesDecoder)
#include "tst_openai_responses_decoder.moc"
