// SPDX-License-Identifier: Apache-2.0
#include "decoding.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::test;

namespace {

class TestOpenAiChatDecoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void emptyDeltasBeginNoBlock()
    {
        Transcript t(Api::OpenAiChat);
        QCOMPARE(
            t.feed(
                R"({"id":"c","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}],"usage":null})"),
            std::string("start c m"));
        QCOMPARE(t.feed(R"({"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"x"},"finish_reason":""}]})"),
                 std::string("text 0+x"));
        QCOMPARE(t.feed(R"({"choices":[{"delta":{},"finish_reason":"stop"}]})"), std::string("stop 0 end_turn stop"));
        QCOMPARE(t.feed(R"({"choices":[{"delta":{},"finish_reason":"stop"}]})"), std::string("framing"));
        QVERIFY(!t.decoder().isComplete());
        QCOMPARE(t.feed("[DONE]"), std::string("framing"));
        QVERIFY(t.decoder().isComplete());
    }

    void azureNamesTheReplyLate()
    {
        Transcript t(Api::OpenAiChat);
        QCOMPARE(t.feed(R"({"choices":[],"id":"","model":"","prompt_filter_results":[]})"), std::string("framing"));
        QCOMPARE(t.feed(R"({"choices":[],"id":"c","model":"m"})"), std::string("start c m"));
    }

    void interleavedCallsKeepTheirArguments()
    {
        Transcript t(Api::OpenAiChat);
        QCOMPARE(
            t.feed(
                R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}},{"index":1,"id":"b","function":{"name":"g","arguments":"{"}}]}}]})"),
            std::string("tool 0 a f client; tool 1 b g client; args 1+{"));
        QCOMPARE(
            t.feed(R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}}]})"),
            std::string("args 0+{}"));
        QCOMPARE(
            t.feed(
                R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"}"}}]},"finish_reason":"tool_calls"}]})"),
            std::string("args 1+}; end 0; end 1; stop 0 tool_use tool_calls"));
    }

    void anIndexUsedTwiceForAnotherCallBeginsIt()
    {
        Transcript t(Api::OpenAiChat);
        QCOMPARE(
            t.feed(
                R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"1"}}]}}]})"),
            std::string("tool 0 a f client; args 0+1"));
        QCOMPARE(
            t.feed(
                R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"b","function":{"name":"f","arguments":"2"}}]}}]})"),
            std::string("tool 1 b f client; args 1+2"));
        // The same id and name in each fragment is one call.
        QCOMPARE(
            t.feed(
                R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"b","function":{"name":"f","arguments":"3"}}]}}]})"),
            std::string("args 1+3"));
    }

    void callsWithoutIndexAreToldByTheirIds()
    {
        Transcript t(Api::OpenAiChat);
        QCOMPARE(
            t.feed(
                R"({"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":{"x": 1}}},{"id":"b","function":{"name":"g","arguments":"{}"}}]}}]})"),
            std::string("tool 0 a f client; args 0+{\"x\": 1}; tool 1 b g client; args 1+{}"));
    }

    void stopWithCallsMeansToolUse()
    {
        Transcript t(Api::OpenAiChat);
        std::ignore = t.feed(
            R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}}]})");
        QCOMPARE(t.feed(R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"),
                 std::string("end 0; stop 0 tool_use stop"));
    }

    void choicesHaveBlocksOfTheirOwn()
    {
        Transcript t(Api::OpenAiChat);
        QCOMPARE(t.feed(R"({"choices":[{"index":1,"delta":{"content":"b"}},{"index":0,"delta":{"content":"a"}}]})"),
                 std::string("text 0+b; text 1+a"));
        std::ignore = t.feed(R"({"choices":[{"delta":{"content":"!"},"index":1,"finish_reason":"length"}]})");
        QCOMPARE(t.response().blocks[0].text, std::string("b!"));
        QCOMPARE(t.response().blocks[0].choice, 1U);
        QCOMPARE(t.response().rawStopReasons, (std::vector<std::string>{"", "length"}));
    }

    void theSameThoughtUnderTwoNamesCountsOnce()
    {
        Transcript t(Api::OpenAiChat);
        QCOMPARE(
            t.feed(R"({"choices":[{"index":0,"delta":{"reasoning":"hm","reasoning_content":"hm","content":null}}]})"),
            std::string("thinking 0+hm"));
    }

    void contentInPartsIsRead()
    {
        Transcript t(Api::OpenAiChat);
        QCOMPARE(
            t.feed(
                R"({"choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"a"}]},{"type":"text","text":"b"},{"type":"reference","reference_ids":[1]}]}}]})"),
            std::string("thinking 0+a; text 1+b; opaque 2 reference"));
        QCOMPARE(t.feed(R"({"choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":"c"}]}}]})"),
                 std::string("thinking 0+c"));
    }

    void refusalsAreText()
    {
        Transcript t(Api::OpenAiChat);
        QCOMPARE(t.feed(R"({"choices":[{"index":0,"delta":{"refusal":"No."}}]})"), std::string("refusal 0+No."));
        QCOMPARE(t.feed(R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"),
                 std::string("stop 0 refusal stop"));
    }

    void errorsComeInManyForms_data()
    {
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<QByteArray>("lines");
        QTest::newRow("an object") << QByteArray(R"({"error":{"message":"m","type":"t","code":"c"}})")
                                   << QByteArray("error c: m");
        QTest::newRow("a numeric code") << QByteArray(R"({"error":{"message":"m","code":429}})")
                                        << QByteArray("error 429: m");
        QTest::newRow("no code") << QByteArray(R"({"error":{"message":"m","type":"t","code":null}})")
                                 << QByteArray("error t: m");
        QTest::newRow("a text (xAI)") << QByteArray(R"({"code":"x","error":"m"})") << QByteArray("error x: m");
        QTest::newRow("vLLM") << QByteArray(R"({"object":"error","message":"m","code":40303})")
                              << QByteArray("error 40303: m");
        QTest::newRow("Mistral") << QByteArray(R"({"detail":"m"})") << QByteArray("error : m");
        QTest::newRow("Mistral's list") << QByteArray(R"({"detail":[{"loc":["body"],"msg":"m","type":"missing"}]})")
                                        << QByteArray("error missing: m");
        QTest::newRow("no error") << QByteArray(R"({"error":null})") << QByteArray("framing");
    }
    void errorsComeInManyForms()
    {
        QFETCH(QByteArray, data);
        QFETCH(QByteArray, lines);
        Transcript t(Api::OpenAiChat);
        QCOMPARE(QByteArray::fromStdString(t.feed(data.toStdString())), lines);
        QCOMPARE(t.decoder().isComplete(), lines != "framing");
    }

    void aHugeChoiceNumberTakesNoMemory()
    {
        Transcript t(Api::OpenAiChat);
        QCOMPARE(t.feed(R"({"choices":[{"index":2000000000,"delta":{"content":"x"}}]})"), std::string("framing"));
    }
};

} // namespace

LUTHIEN_TEST(tst_openai_chat_decoder, TestOpenAiChatDecoder)
#include "tst_openai_chat_decoder.moc"
