// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "protocol/dialect.h"
#include "protocol/prompt.h"
#include "protocol/request_editor.h"
#include "support/history.h"
#include "support/test_registry.h"

#include <algorithm>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::protocol;

Q_DECLARE_METATYPE(luthien::conversation::Api)

namespace {

constexpr Api kApis[] = {Api::AnthropicMessages, Api::OpenAiChat, Api::OpenAiResponses, Api::Gemini, Api::Ollama};

class TestPrompt : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aQuestionIsOneTheApiUnderstands()
    {
        for (const Api api : kApis) {
            const auto request =
                promptRequest(api, {.model = "a model", .system = "Judge \"this\".", .text = "ls\n", .maxTokens = 9});
            QVERIFY(request);
            QVERIFY(parseStrictJson(request->body));
            const auto editor = makeRequestEditor(api, request->path, request->body);
            QVERIFY(editor && *editor);
            std::vector<std::pair<PartKind, std::string>> said;
            for (const RequestPart& part : (*editor)->parts())
                said.emplace_back(part.kind, part.text);
            std::ranges::sort(said);
            const std::vector<std::pair<PartKind, std::string>> expected = {{PartKind::System, "Judge \"this\"."},
                                                                            {PartKind::UserText, "ls\n"}};
            QVERIFY(said == expected);
            const auto view = dialectFor(api).parseRequest(request->path, request->body);
            QVERIFY(view && !view->stream);
            QCOMPARE(api == Api::Gemini ? "a model" : view->model, std::string("a model"));
            if (api != Api::OpenAiResponses)
                QCOMPARE(test::historyFault(api, request->body), std::string());
        }
        QCOMPARE(promptRequest(Api::Gemini, {.model = "a/b?c"})->path,
                 std::string("/v1beta/models/a%2Fb%3Fc:generateContent"));
        QCOMPARE(promptRequest(Api::AnthropicMessages, {})->headers, std::string("anthropic-version: 2023-06-01"));
        QCOMPARE(promptRequest(Api::Other, {}).error().code, ErrorCode::Unsupported);
    }

    void modelsThatThinkGetNoTemperature_data()
    {
        QTest::addColumn<QByteArray>("model");
        QTest::addColumn<bool>("thinks");
        const auto row = [](const char* model, bool thinks) { QTest::newRow(model) << QByteArray(model) << thinks; };
        row("o3-mini", true);
        row("gpt-5-nano", true);
        row("gpt-12", true);
        row("gpt-4.1", false);
        row("gpt-oss-20b", false);
        row("mistral-large", false);
        row("o", false);
        row("gpt-", false);
        row("", false);
    }
    void modelsThatThinkGetNoTemperature()
    {
        QFETCH(QByteArray, model);
        QFETCH(bool, thinks);
        for (const Api api : {Api::OpenAiChat, Api::OpenAiResponses}) {
            const std::string body = promptRequest(api, {.model = model.toStdString(), .text = "x"})->body;
            QCOMPARE(body.find("temperature") == std::string::npos, thinks);
        }
        const std::string chat = promptRequest(Api::OpenAiChat, {.model = model.toStdString()})->body;
        QCOMPARE(chat.find("max_completion_tokens") != std::string::npos, thinks);
    }

    void anAnswerIsRead_data()
    {
        QTest::addColumn<Api>("api");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("Messages, thoughts apart")
            << Api::AnthropicMessages
            << QByteArray(
                   R"({"id":"m","type":"message","role":"assistant","model":"m","content":[{"type":"thinking","thinking":"no","signature":"s"},{"type":"text","text":"Y"},{"type":"text","text":"es."}],"stop_reason":"end_turn","usage":{"input_tokens":7,"output_tokens":3}})");
        QTest::newRow("Chat")
            << Api::OpenAiChat
            << QByteArray(
                   R"({"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Yes.","reasoning_content":"no"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3}})");
        QTest::newRow("Responses")
            << Api::OpenAiResponses
            << QByteArray(
                   R"({"id":"r","object":"response","status":"completed","output":[{"type":"reasoning","id":"x","summary":[]},{"type":"message","id":"m","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Yes.","annotations":[]}]}],"usage":{"input_tokens":7,"output_tokens":3}})");
        QTest::newRow("Gemini")
            << Api::Gemini
            << QByteArray(
                   R"({"candidates":[{"content":{"role":"model","parts":[{"text":"no","thought":true},{"text":"Yes."}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":3}})");
        QTest::newRow("Ollama")
            << Api::Ollama
            << QByteArray(
                   R"({"model":"m","message":{"role":"assistant","content":"Yes.","thinking":"no"},"done":true,"done_reason":"stop","prompt_eval_count":7,"eval_count":3})");
    }
    void anAnswerIsRead()
    {
        QFETCH(Api, api);
        QFETCH(QByteArray, body);
        const auto reply = promptReply(api, body.toStdString());
        QVERIFY2(reply, reply ? "" : reply.error().message.c_str());
        QCOMPARE(reply->text, std::string("Yes."));
        QVERIFY(reply->usage.input == 7 && reply->usage.output == 3);

        // The same answer is none with a member twice, cut, or said to be cut off.
        QVERIFY(!promptReply(api, body.toStdString().insert(1, R"("id":1,"id":2,)")));
        QVERIFY(!promptReply(api, body.toStdString().substr(0, std::size_t(body.size()) - 1)));
        QByteArray cut = body;
        cut.replace("\"end_turn\"", "\"max_tokens\"")
            .replace("\"stop\"", "\"length\"")
            .replace("\"STOP\"", "\"MAX_TOKENS\"");
        cut.replace(R"("status":"completed","output")",
                    R"("status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output")");
        const auto half = promptReply(api, cut.toStdString());
        QVERIFY(!half);
        QCOMPARE(half.error().code, ErrorCode::InvalidInput);
        QByteArray silent = body;
        QVERIFY(!promptReply(
            api, silent.replace("Yes.", " ").replace("\"Y\"", "\"\"").replace("\"es.\"", "\"\"").toStdString()));
    }

    void whatIsNoAnswerIsAnError()
    {
        const char* const bodies[] = {
            "",
            "[]",
            "{}",
            "no JSON",
            R"({"error":{"message":"m","type":"t","code":500}})",
            R"({"type":"error","error":{"type":"overloaded_error","message":"m"}})",
            R"({"choices":[{"index":0,"message":{"role":"assistant","content":null,"refusal":"No"},"finish_reason":"stop"}]})"};
        for (const char* body : bodies) {
            for (const Api api : kApis)
                QVERIFY2(!promptReply(api, body), body);
        }
        QVERIFY(!promptReply(Api::Other, "{\"text\":\"Yes.\"}"));
    }
};

} // namespace

LUTHIEN_TEST(tst_prompt, TestPrompt)
#include "tst_prompt.moc"
