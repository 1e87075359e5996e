// SPDX-License-Identifier: Apache-2.0
#include "protocol/dialect.h"
#include "protocol/request_scan.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::protocol;

namespace {

class TestRequestScan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void injectedSectionsAreSkipped_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("typed");
        const auto row = [](const char* name, const char* text, const char* typed) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(typed);
        };
        row("plain text", "  fix the build\n", "fix the build");
        row("a reminder alone", "<system-reminder>\nx\n</system-reminder>", "");
        row("a reminder before the text", "<system-reminder>x</system-reminder>\n\nhello", "hello");
        row("two sections", "<environment_context>a</environment_context><user_instructions>b</user_instructions>c",
            "c");
        row("a section that never ends", "<system-reminder>x", "");
        row("a tag with a blank in its name", "<permissions instructions>x</permissions instructions>y", "y");
        row("AGENTS.md", "# AGENTS.md instructions for /home/dev\n\n<INSTRUCTIONS>x</INSTRUCTIONS>", "");
        row("an element of the user's own", "<b>bold</b> please", "<b>bold</b> please");
        row("a reminder inside the text stays", "see <system-reminder>x</system-reminder>",
            "see <system-reminder>x</system-reminder>");
        row("nothing", "", "");
    }
    void injectedSectionsAreSkipped()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, typed);
        const std::string input = text.toStdString();
        QCOMPARE(QByteArray::fromStdString(std::string(withoutInjected(input))), typed);
    }

    void textIsCutAtACharacter()
    {
        const std::string_view text = "ab\xF0\x9F\x98\x80";
        QCOMPARE(boundedText(text, 6), text);
        for (std::size_t size = 2; size < 6; ++size)
            QCOMPARE(boundedText(text, size), std::string_view("ab"));
        QCOMPARE(boundedText(text, 0), std::string_view());
    }

    void onlyOneObjectIsARequest_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("isRequest");
        const auto row = [](const char* body, bool isRequest) {
            QTest::newRow(*body == '\0' ? "nothing" : body) << QByteArray(body) << isRequest;
        };
        row("{}", true);
        row(" {\"model\":\"m\"}\n", true);
        row("{\"model\":7,\"stream\":\"yes\",\"messages\":{}}", true);
        row("", false);
        row("[]", false);
        row("\"text\"", false);
        row("{} {}", false);
        row("{\"a\":1", false);
        row("{\"a\":1,}", false);
    }
    void onlyOneObjectIsARequest()
    {
        QFETCH(QByteArray, body);
        QFETCH(bool, isRequest);
        for (const Api api :
             {Api::AnthropicMessages, Api::OpenAiChat, Api::OpenAiResponses, Api::Gemini, Api::Ollama}) {
            const Result<RequestView> view = dialectFor(api).parseRequest("/", body.toStdString());
            QCOMPARE(view.hasValue(), isRequest);
            if (!isRequest)
                QCOMPARE(view.error().code, ErrorCode::InvalidInput);
        }
    }

    void aModelGivenTwiceIsNone_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("model");
        QTest::newRow("once") << QByteArray(R"({"model":"x","Models":["y"]})") << QByteArray("x");
        QTest::newRow("twice") << QByteArray(R"({"model":"x","model":"y"})") << QByteArray();
        QTest::newRow("twice the same") << QByteArray(R"({"model":"x","stream":true,"model":"x"})") << QByteArray();
        QTest::newRow("with an escape") << QByteArray("{\"model\":\"x\",\"mod\\u0065l\":\"y\"}") << QByteArray();
        QTest::newRow("in letters that Go takes for the same")
            << QByteArray(R"({"model":"x","Model":"y"})") << QByteArray();
        QTest::newRow("only in such letters") << QByteArray(R"({"MODEL":"y"})") << QByteArray();
    }
    /// Then it is in the scope of every policy: see CallScope.
    void aModelGivenTwiceIsNone()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, model);
        for (const Api api : {Api::AnthropicMessages, Api::OpenAiChat, Api::OpenAiResponses, Api::Ollama}) {
            const Result<RequestView> view = dialectFor(api).parseRequest("/v1/x", body.toStdString());
            QVERIFY(view);
            QCOMPARE(QByteArray::fromStdString(view->model), model);
        }
        // Gemini's is in the path.
        const auto view = dialectFor(Api::Gemini).parseRequest("/v1beta/models/m:generateContent", body.toStdString());
        QCOMPARE(view->model, std::string("m"));
    }

    void ofMembersGivenTwiceTheLastCounts()
    {
        const std::string body = R"({"messages":[{"role":"user","content":"a"},{"role":"user","content":"b"}],)"
                                 R"("messages":[{"role":"user","content":"c"}]})";
        const Result<RequestView> view = dialectFor(Api::OpenAiChat).parseRequest("/", body);
        QCOMPARE(view->messages.size(), std::size_t{1});
        QCOMPARE(view->preview, std::string("c"));
        QCOMPARE(body.substr(view->messages[0].offset, view->messages[0].length),
                 std::string(R"({"role":"user","content":"c"})"));
    }

    void textsAreBounded()
    {
        const std::string longText(100000, 'x');
        const std::string body = "{\"system\":\"" + longText + "\",\"metadata\":{\"user_id\":\"" + longText +
                                 "\"},\"messages\":[{\"role\":\"user\",\"content\":\"" + longText + "\"}]}";
        const Result<RequestView> view = dialectFor(Api::AnthropicMessages).parseRequest("/", body);
        QCOMPARE(view->systemPrefix.size(), std::size_t{4096});
        QCOMPARE(view->firstUserText.size(), std::size_t{4096});
        QCOMPARE(view->preview.size(), std::size_t{200});
        QCOMPARE(view->userId.size(), std::size_t{4096});
    }

    void theInputOfResponsesMayBeOneText()
    {
        const std::string body = "{\"model\":\"m\", \"input\" : \"say \\\"hi\\\"\" ,\"instructions\":\"be kind\"}";
        const Dialect& dialect = dialectFor(Api::OpenAiResponses);
        const Result<RequestView> view = dialect.parseRequest("/v1/responses", body);
        QCOMPARE(view->preview, std::string("say \"hi\""));
        QCOMPARE(view->systemPrefix, std::string("be kind"));
        QCOMPARE(view->messages.size(), std::size_t{1});
        const std::string span = body.substr(view->messages[0].offset, view->messages[0].length);
        QCOMPARE(span, std::string("\"say \\\"hi\\\"\""));
        std::vector<Block> blocks;
        QCOMPARE(dialect.parseMessage(span, blocks), Role::User);
        QCOMPARE(blocks.front().text, std::string("say \"hi\""));
    }

    void theModelMayStandInThePath()
    {
        const Result<RequestView> azure =
            dialectFor(Api::OpenAiChat)
                .parseRequest("/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21", "{}");
        QCOMPARE(azure->model, std::string("gpt-4o"));
        const Result<RequestView> gemini =
            dialectFor(Api::Gemini).parseRequest("/v1beta/models/g-2:streamGenerateContent?alt=sse", "{}");
        QCOMPARE(gemini->model, std::string("g-2"));
        QVERIFY(gemini->stream);
        QVERIFY(!dialectFor(Api::Gemini).parseRequest("/v1beta/models/g-2:generateContent", "{}")->stream);
    }

    void ollamaStreamsUnlessToldNotTo()
    {
        const Dialect& dialect = dialectFor(Api::Ollama);
        QVERIFY(dialect.parseRequest("/api/chat", R"({"model":"l"})")->stream);
        QVERIFY(!dialect.parseRequest("/api/chat", R"({"model":"l","stream":false})")->stream);
        QVERIFY(dialect.parseRequest("/api/chat", R"({"messages":[{"role":"user","content":"stream"}]})")->stream);
        QCOMPARE(dialect.parseRequest("/api/generate", R"({"prompt":"why?"})")->preview, std::string("why?"));
    }
};

} // namespace

LUTHIEN_TEST(tst_request_scan, TestRequestScan)
#include "tst_request_scan.moc"
