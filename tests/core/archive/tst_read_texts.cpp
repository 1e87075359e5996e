// SPDX-License-Identifier: Apache-2.0
#include "archive/read_texts.h"
#include "conversation/response.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien;
using namespace luthien::archive;
using conversation::Api;
using store::ContentSource;
using Part = store::ContentSource::Part;

class TestReadTexts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void contentsSayTheirTexts_data()
    {
        QTest::addColumn<int>("api");
        QTest::addColumn<int>("part");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("texts");
        const auto row = [](const char* name, Api api, Part part, const char* bytes, const char* texts) {
            QTest::newRow(name) << static_cast<int>(api) << static_cast<int>(part) << QByteArray(bytes)
                                << QByteArray(texts);
        };
        const Api messages = Api::AnthropicMessages;
        row("what a person wrote", messages, Part::Message, "{\"role\":\"user\",\"content\":\"drop it\"}",
            "user: drop it");
        row("with what stood before it", messages, Part::Message,
            ",\n  "
            "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}",
            "user: a\nb");
        row("what a tool said", messages, Part::Message,
            "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":\"denied\"},"
            "{\"type\":\"text\",\"text\":\"go on\"}]}",
            "tool_result: denied|user: go on");
        row("an image is no text", messages, Part::Message,
            "{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":"
            "\"image/png\",\"data\":\"QUJD\"}}]}",
            "");
        const char* const said =
            "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"sure\"},{\"type\":\"tool_use\",\"id\":"
            "\"t\",\"name\":\"Bash\",\"input\":{\"command\":\"cd x\\nrm y\"}}]}";
        row("what the model said before is the reply of an earlier call", messages, Part::Message, said, "");
        row("in the first request of a conversation it is not", messages, Part::History, said,
            "assistant: sure|tool_arguments: {\"command\":\"cd x rm y\"}");
        row("a system message", Api::OpenAiChat, Part::History, "{\"role\":\"system\",\"content\":\"be kind\"}",
            "system: be kind");
        row("a tool's message", Api::OpenAiChat, Part::Message,
            "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"42 rows\"}", "tool_result: 42 rows");
        row("a text alone", Api::OpenAiResponses, Part::Message, "\"say hi\"", "user: say hi");
        row("nobody can read it", Api::Other, Part::Message, "{\"role\":\"user\",\"content\":\"drop it\"}", "");
        row("no JSON", messages, Part::Message, "\x01\xff drop", "");
        row("nothing", messages, Part::Message, "", "");
        row("a system prompt before the messages", messages, Part::Opening,
            "{\"model\":\"m\",\"system\":\"be kind\",\"messages\":[", "system: be kind");
        row("a system prompt behind them", messages, Part::Closing, "],\"stream\":true,\"system\":\"be kind\"} ",
            "system: be kind");
        row("instructions before a text", Api::OpenAiResponses, Part::Opening,
            "{\"instructions\":\"be kind\",\"input\": ", "system: be kind");
        row("instructions behind a text", Api::OpenAiResponses, Part::Closing, ",\"instructions\":\"be kind\"}",
            "system: be kind");
        row("a request without messages", messages, Part::Opening, "{\"system\":\"be kind\"}", "system: be kind");
        row("no system prompt", messages, Part::Closing, "]}", "");
        row("a reply that cannot be read", messages, Part::Reply, "{}", "");
    }
    void contentsSayTheirTexts()
    {
        QFETCH(int, api);
        QFETCH(int, part);
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, texts);
        QCOMPARE(asText({static_cast<Api>(api), static_cast<Part>(part)}, bytes.toStdString()), texts);
    }

    void aReplySaysItsParts()
    {
        conversation::Response reply;
        const auto add = [&reply](conversation::BlockKind kind, const char* text) {
            reply.blocks.push_back({.kind = kind});
            reply.blocks.back().text = text;
        };
        add(conversation::BlockKind::Thinking, "hm");
        add(conversation::BlockKind::Text, "I'll look.");
        add(conversation::BlockKind::ToolUse, "{\"command\":\"ls\"}");
        add(conversation::BlockKind::Text, "Done.");
        add(conversation::BlockKind::ToolResult, "found");
        add(conversation::BlockKind::Opaque, "{\"secret\":1}");
        QCOMPARE(asText({Api::Gemini, Part::Reply}, toJson(reply)),
                 QByteArray("thinking: hm|assistant: I'll look.\nDone.|tool_arguments: {\"command\":\"ls\"}|"
                            "tool_result: found"));
    }

private:
    static QByteArray asText(const ContentSource& source, const std::string& bytes)
    {
        QByteArrayList all;
        for (const store::SearchText& text : readTexts(source, bytes))
            all.append(QByteArray::fromStdString(std::string(textKindName(text.kind)) + ": " + text.text));
        return all.join('|');
    }
};

LUTHIEN_TEST(tst_read_texts, TestReadTexts)
#include "tst_read_texts.moc"
