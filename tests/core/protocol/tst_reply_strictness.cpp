// SPDX-License-Identifier: Apache-2.0
#include "core/protocol/editing.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::protocol;
using namespace luthien::test;

namespace {

using Lines = QStringList;

/// Events as the API frames them: with the type as event line, but for Chat.
std::string stream(Api api, const Lines& events)
{
    std::string bytes;
    for (const QString& data : events) {
        static constexpr std::string_view mark = "\"type\":\"";
        const std::string text = data.toStdString();
        const std::size_t at = text.find(mark);
        const std::string type =
            at == std::string::npos || api == Api::OpenAiChat
                ? std::string()
                : text.substr(at + mark.size(), text.find('"', at + mark.size()) - at - mark.size());
        bytes += sseEvent(type, text);
    }
    return bytes;
}

const QString kStart = QStringLiteral(R"({"type":"message_start","message":{"content":[]}})");
const QString kTool = QStringLiteral(
    R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t1","name":"bash","input":{}}})");
// Not raw: moc of Qt 6.4 loses its way in raw strings with such quotes.
const QString kArgs = QStringLiteral("{\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
                                     "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"secret\\\":1}\"}}");
const QString kStop = QStringLiteral(R"({"type":"content_block_stop","index":0})");
const QString kEnd = QStringLiteral(R"({"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{}})");

QString chunk(const QString& choice)
{
    return QStringLiteral(R"({"id":"c","choices":[%1]})").arg(choice);
}
const QString kChatTool = chunk(QStringLiteral(
    R"({"index":0,"delta":{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"bash","arguments":"secret"}}]}})"));

QString item(const QString& event, int index, const QString& members)
{
    return QStringLiteral(R"({"type":"response.output_item.%1","output_index":%2,"item":{%3}})")
        .arg(event)
        .arg(index)
        .arg(members);
}
const QString kCall =
    QStringLiteral(R"("type":"function_call","id":"fc_1","call_id":"t1","name":"bash","arguments":%1)");

} // namespace

/// Everything is blocked here: what an editor lets out must not hold a word of a call, whatever it thinks of it.
class TestReplyStrictness : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatCannotBeJudgedIsAnError_data()
    {
        QTest::addColumn<Api>("api");
        QTest::addColumn<QStringList>("events");
        addAnthropicRows();
        addChatRows();
        addResponsesRows();
    }
    void whatCannotBeJudgedIsAnError()
    {
        QFETCH(Api, api);
        QFETCH(QStringList, events);
        ScriptedReview review;
        review.blocks = [](std::size_t) { return true; };
        Collected out;
        const auto result = edit(api, review, stream(api, events), out);
        QVERIFY2(!result, out.bytes.c_str());
        QCOMPARE(int(result.error().code), int(ErrorCode::InvalidInput));
        QVERIFY2(out.bytes.find("secret") == std::string::npos, out.bytes.c_str());
    }

    void bodiesThatCannotBeJudgedAreErrors_data()
    {
        QTest::addColumn<Api>("api");
        QTest::addColumn<QString>("body");
        QTest::newRow("Chat: choices that are no list")
            << Api::OpenAiChat
            << QStringLiteral(
                   R"({"choices":{"0":{"message":{"tool_calls":[{"id":"t","function":{"name":"x","arguments":"secret"}}]}}}})");
        QTest::newRow("Chat: a call that is neither a function nor a custom tool")
            << Api::OpenAiChat
            << QStringLiteral(
                   R"({"choices":[{"message":{"tool_calls":[{"id":"t","name":"x","arguments":"secret"}]}}]})");
        QTest::newRow("Responses: an output that is no list")
            << Api::OpenAiResponses
            << QStringLiteral(R"({"output":{"0":{%1}}})").arg(kCall.arg(QStringLiteral(R"("secret")")));
        QTest::newRow("Responses: arguments under two names")
            << Api::OpenAiResponses
            << QStringLiteral(
                   R"({"output":[{"type":"local_shell_call","call_id":"t","input":"","action":{"command":["secret"]}}]})");
        QTest::newRow("Messages: content that is no list")
            << Api::AnthropicMessages
            << QStringLiteral(R"({"content":{"0":{"type":"tool_use","id":"t","name":"x","input":{"secret":1}}}})");
    }
    void bodiesThatCannotBeJudgedAreErrors()
    {
        QFETCH(Api, api);
        QFETCH(QString, body);
        ScriptedReview review;
        review.blocks = [](std::size_t) { return true; };
        Collected out;
        const std::string bytes = body.toStdString();
        const auto result = makeBodyEditor(api, review)->event({.type = {}, .data = bytes, .bytes = bytes}, out);
        QVERIFY2(!result, out.bytes.c_str());
        QCOMPARE(out.bytes, std::string());
    }

    void hiddenCallsAreJudged_data()
    {
        QTest::addColumn<Api>("api");
        QTest::addColumn<QStringList>("events");
        QTest::addColumn<QString>("arguments");
        const auto row = [](const char* name, Api api, const Lines& events, const char* arguments) {
            QTest::newRow(name) << api << events << QString::fromLatin1(arguments);
        };
        const QString done = QStringLiteral(R"({"type":"message_stop"})");
        row("input in a block's start", Api::AnthropicMessages,
            {kStart,
             QStringLiteral(
                 R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t1","name":"bash","input":{"secret": 1.50}}})"),
             kStop, kEnd, done},
            R"({"secret": 1.50})");
        row("a kind of call nobody knows", Api::AnthropicMessages,
            {kStart,
             QStringLiteral(
                 R"({"type":"content_block_start","index":0,"content_block":{"type":"computer_tool_use","id":"t1","name":"x"}})"),
             kArgs, kStop, kEnd, done},
            R"({"secret":1})");
        row("the old function_call", Api::OpenAiChat,
            {chunk(QStringLiteral(R"({"index":0,"delta":{"function_call":{"name":"bash","arguments":"sec"}}})")),
             chunk(QStringLiteral(R"({"index":0,"delta":{"function_call":{"arguments":"ret"}}})")),
             chunk(QStringLiteral(R"({"index":0,"delta":{},"finish_reason":"function_call"})")),
             QStringLiteral("[DONE]")},
            "secret");
        row("a custom tool", Api::OpenAiChat,
            {chunk(QStringLiteral(
                 R"({"index":0,"delta":{"tool_calls":[{"index":3,"id":"t","type":"custom","custom":{"name":"x","input":"secret"}}]}})")),
             QStringLiteral("[DONE]")},
            "secret");
        row("no finish reason", Api::OpenAiChat, {kChatTool, QStringLiteral("[DONE]")}, "secret");
        row("an item only its end announces", Api::OpenAiResponses,
            {item(QStringLiteral("done"), 4, kCall.arg(QStringLiteral(R"("secret")")))}, "secret");
        row("an item only the response names", Api::OpenAiResponses,
            {QStringLiteral(R"({"type":"response.completed","response":{"output":[{%1}]}})")
                 .arg(kCall.arg(QStringLiteral(R"("secret")")))},
            "secret");
        row("an item in an odd event's response", Api::OpenAiResponses,
            {QStringLiteral(R"({"type":"response.done","response":{"output":[{%1}]}})")
                 .arg(kCall.arg(QStringLiteral(R"("secret")")))},
            "secret");
        row("a kind of item nobody knows", Api::OpenAiResponses,
            {item(QStringLiteral("done"), 0,
                  QStringLiteral(R"("type":"robot_call","id":"r","action":{"do":"secret"})"))},
            R"({"do":"secret"})");
        row("arguments under a name nobody knows", Api::OpenAiResponses,
            {item(QStringLiteral("done"), 0, QStringLiteral(R"("type":"robot_call","id":"r","plan":"secret")"))},
            R"({"type":"robot_call","id":"r","plan":"secret"})");
        row("a response with other arguments than its stream", Api::OpenAiResponses,
            {item(QStringLiteral("added"), 0, kCall.arg(QStringLiteral("\"\""))),
             item(QStringLiteral("done"), 0, kCall.arg(QStringLiteral("\"ls\""))),
             QStringLiteral(R"({"type":"response.completed","response":{"output":[{%1}]}})")
                 .arg(kCall.arg(QStringLiteral(R"("secret")")))},
            "secret");
    }
    void hiddenCallsAreJudged()
    {
        QFETCH(Api, api);
        QFETCH(QStringList, events);
        QFETCH(QString, arguments);
        ScriptedReview review;
        review.blocks = [](std::size_t) { return true; };
        Collected out;
        const auto result = edit(api, review, stream(api, events), out);
        QVERIFY2(result, result ? "" : result.error().toString().c_str());
        QVERIFY(!review.clientCalls.empty());
        QCOMPARE(QString::fromStdString(review.clientCalls.back().arguments), arguments);
        QVERIFY2(out.bytes.find("secret") == std::string::npos, out.bytes.c_str());
        QVERIFY2(out.bytes.find("Blocked") != std::string::npos, out.bytes.c_str());
    }

    void afterAnErrorNothingHeldLeaves_data()
    {
        QTest::addColumn<Api>("api");
        QTest::addColumn<QStringList>("events");
        QTest::newRow("Messages") << Api::AnthropicMessages
                                  << Lines{kStart, kTool, kArgs, kStop,
                                           QStringLiteral(R"({"type":"error","error":{"type":"overloaded_error"}})")};
        QTest::newRow("Chat") << Api::OpenAiChat << Lines{kChatTool, QStringLiteral(R"({"error":{"message":"m"}})")};
        QTest::newRow("Responses") << Api::OpenAiResponses
                                   << Lines{item(QStringLiteral("added"), 0, kCall.arg(QStringLiteral("\"secret\""))),
                                            QStringLiteral(R"({"type":"error","message":"m"})")};
        QTest::newRow("Responses that failed")
            << Api::OpenAiResponses
            << Lines{item(QStringLiteral("added"), 0, kCall.arg(QStringLiteral("\"secret\""))),
                     QStringLiteral(R"({"type":"response.failed","response":{"output":[],"error":{}}})")};
    }
    void afterAnErrorNothingHeldLeaves()
    {
        QFETCH(Api, api);
        QFETCH(QStringList, events);
        ScriptedReview review; // lets every call pass
        Collected out;
        const std::string bytes = stream(api, events);
        const auto result = edit(api, review, bytes, out);
        QVERIFY2(result, result ? "" : result.error().toString().c_str());
        QVERIFY2(out.bytes.find("secret") == std::string::npos, out.bytes.c_str());
        QVERIFY(out.bytes.find("error") != std::string::npos);
        QCOMPARE(out.kept + out.lost, bytes.size());
    }

    void whatTheProviderRunsIsToldNotHeld()
    {
        ScriptedReview review;
        Collected out;
        const std::string bytes =
            stream(Api::AnthropicMessages,
                   {kStart, QString(kTool).replace(QStringLiteral("tool_use"), QStringLiteral("server_tool_use")),
                    kArgs, kStop});
        const auto editor = makeStreamEditor(Api::AnthropicMessages, review);
        QVERIFY(feed(*editor, bytes, out).hasValue());
        QVERIFY(out.bytes == bytes);
        QCOMPARE(review.otherCalls.size(), std::size_t{1});
        QCOMPARE(review.otherCalls.front().arguments, std::string(R"({"secret":1})"));
    }

private:
    static void row(const char* name, Api api, const Lines& events) { QTest::newRow(name) << api << events; }

    static void addAnthropicRows()
    {
        const auto add = [](const char* name, const Lines& events) { row(name, Api::AnthropicMessages, events); };
        add("Messages: no end", {kStart, kTool, kArgs, kStop});
        add("Messages: a duplicate member", {kStart, QStringLiteral(R"({"type":"ping","type":"secret"})")});
        add("Messages: an escaped duplicate", {kStart, QStringLiteral(R"({"type":"ping","typ\u0065":"secret"})")});
        add("Messages: a lone surrogate", {kStart, QStringLiteral(R"({"type":"ping","x":"secret\ud800"})")});
        add("Messages: bytes behind the JSON", {kStart, QStringLiteral(R"({"type":"ping"} secret)")});
        add("Messages: no object", {kStart, QStringLiteral(R"(["secret"])")});
        add("Messages: no type", {kStart, QStringLiteral(R"({"secret":1})")});
        add("Messages: a start with content",
            {QStringLiteral(R"({"type":"message_start","message":{"content":[{"type":"text","text":"secret"}]}})")});
        add("Messages: a call after message_delta",
            {kStart, kEnd, kTool, kArgs, kStop, QStringLiteral(R"({"type":"message_stop"})")});
        add("Messages: a gap",
            {kStart, QString(kTool).replace(QStringLiteral("\"index\":0"), QStringLiteral("\"index\":1"))});
        add("Messages: interleaved blocks",
            {kStart, kTool, QString(kTool).replace(QStringLiteral("\"index\":0"), QStringLiteral("\"index\":1"))});
        add("Messages: arguments twice",
            {kStart,
             QStringLiteral(
                 R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"x","input":{"a":1}}})"),
             kArgs});
        add("Messages: arguments of a text",
            {kStart,
             QStringLiteral(R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"),
             kArgs});
        add("Messages: a call in a ping",
            {kStart, QStringLiteral(R"({"type":"ping","x":[{"type":"tool_use","name":"secret"}]})")});
        add("Messages: a call in a delta",
            {kStart,
             QStringLiteral(R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"),
             QStringLiteral(
                 R"({"type":"content_block_delta","index":0,"delta":{"type":"x","content_block":{"type":"tool_use","id":"secret"}}})")});
        add("Messages: a second start", {kStart, kStart});
    }

    static void addChatRows()
    {
        const auto add = [](const char* name, const Lines& events) { row(name, Api::OpenAiChat, events); };
        add("Chat: no end", {kChatTool});
        add("Chat: a duplicate member", {QStringLiteral(R"({"choices":[],"choices":["secret"]})")});
        add("Chat: a whole message in a chunk",
            {chunk(QStringLiteral(R"({"index":0,"message":{"content":"secret"}})"))});
        add("Chat: a whole message with calls",
            {chunk(QStringLiteral(R"({"index":0,"message":{"tool_calls":[{"id":"secret"}]}})"))});
        add("Chat: calls beside the choices", {QStringLiteral(R"({"choices":[],"tool_calls":[{"id":"secret"}]})")});
        add("Chat: calls beside the delta", {chunk(QStringLiteral(R"({"index":0,"tool_calls":[{"id":"secret"}]})"))});
        add("Chat: a call in the content",
            {chunk(QStringLiteral(R"({"index":0,"delta":{"content":[{"type":"tool_use","name":"secret"}]}})"))});
        add("Chat: a call without index",
            {chunk(QStringLiteral(R"({"index":0,"delta":{"tool_calls":[{"id":"t","function":{"name":"secret"}}]}})"))});
        add("Chat: two calls of one index",
            {kChatTool, QString(kChatTool).replace(QStringLiteral("\"t1\""), QStringLiteral("\"t2\""))});
        add("Chat: a call changes its name",
            {kChatTool, QString(kChatTool).replace(QStringLiteral("bash"), QStringLiteral("ls"))});
        add("Chat: a call after its choice's end",
            {chunk(QStringLiteral(R"({"index":0,"delta":{},"finish_reason":"stop"})")), kChatTool});
        add("Chat: a call after [DONE]", {QStringLiteral("[DONE]"), kChatTool});
        add("Chat: almost [DONE]", {QStringLiteral("[DONE] secret")});
        add("Chat: choices without index",
            {QStringLiteral(R"({"choices":[{"delta":{"content":"secret"}},{"delta":{"content":"secret"}}]})")});
        add("Chat: a call that is neither a function nor a custom tool",
            {chunk(QStringLiteral(
                 R"({"index":0,"delta":{"tool_calls":[{"index":0,"id":"t","name":"x","arguments":"secret"}]}})")),
             QStringLiteral("[DONE]")});
        add("Chat: arguments that are no text",
            {chunk(QStringLiteral(
                R"({"index":0,"delta":{"tool_calls":[{"index":0,"id":"t","function":{"name":"x","arguments":{"secret":1}}}]}})"))});
    }

    static void addResponsesRows()
    {
        const auto add = [](const char* name, const Lines& events) { row(name, Api::OpenAiResponses, events); };
        const QString added = item(QStringLiteral("added"), 0, kCall.arg(QStringLiteral("\"\"")));
        const QString done = item(QStringLiteral("done"), 0, kCall.arg(QStringLiteral(R"("secret")")));
        const QString delta =
            QStringLiteral(R"({"type":"response.function_call_arguments.delta","output_index":0,"delta":"ls"})");
        add("Responses: no end", {added});
        add("Responses: an output that is no list",
            {QStringLiteral(R"({"type":"response.completed","response":{"output":{"0":{%1}}}})")
                 .arg(kCall.arg(QStringLiteral(R"("secret")")))});
        add("Responses: arguments under two names",
            {item(QStringLiteral("done"), 0,
                  QStringLiteral(
                      R"("type":"custom_tool_call","call_id":"t","name":"x","arguments":"","input":"secret")"))});
        add("Responses: deltas of a call that never ends", {delta});
        add("Responses: arguments that contradict the deltas", {added, delta, done});
        add("Responses: complete before a call is",
            {added, QStringLiteral(R"({"type":"response.completed","response":{"output":[]}})")});
        add("Responses: an item changes its type",
            {item(QStringLiteral("added"), 0, QStringLiteral(R"("type":"message","id":"m","content":[])")), done});
        add("Responses: two items of one index", {added, added});
        add("Responses: a call done twice", {done, done});
        add("Responses: a delta after a call's end", {done, delta});
        add("Responses: a call in a message",
            {item(QStringLiteral("done"), 0,
                  QStringLiteral(R"("type":"message","content":[{"type":"function_call","name":"secret"}])"))});
        add("Responses: a call beside the item",
            {QStringLiteral(
                R"({"type":"response.output_item.done","output_index":0,"item":{"type":"message"},"x":{"type":"function_call","name":"secret"}})")});
        add("Responses: a call in an unknown event",
            {QStringLiteral(R"({"type":"response.news","item":{"type":"shell_call","action":"secret"}})")});
        add("Responses: a call in a list of responses",
            {QStringLiteral(
                R"({"type":"response.news","response":{"output":[],"more":[{"type":"shell_call","action":"secret"}]}})")});
        add("Responses: a duplicate member", {QStringLiteral(R"({"type":"keepalive","type":"secret"})")});
    }
};

LUTHIEN_TEST(tst_reply_strictness, TestReplyStrictness)
#include "tst_reply_strictness.moc"
