// SPDX-License-Identifier: Apache-2.0
#include "protocol/system_text.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien::protocol;
using luthien::conversation::Api;

class TestSystemText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachApiHasItsPlace_data()
    {
        QTest::addColumn<int>("api");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* name, Api api, const char* body, const char* text) {
            QTest::newRow(name) << static_cast<int>(api) << QByteArray(body) << QByteArray(text);
        };
        row("Messages: a string", Api::AnthropicMessages, "{\"model\":\"m\",\"system\":\"be\\nkind\"}", "be\nkind");
        row("Messages: a list with cache marks", Api::AnthropicMessages,
            "{\"system\":[{\"type\":\"text\",\"text\":\"a\",\"cache_control\":{\"type\":\"x\"}},{\"text\":\"b\"}]}",
            "a\nb");
        row("Responses", Api::OpenAiResponses, "{\"instructions\":\"be kind\",\"system\":\"no\"}", "be kind");
        row("Gemini", Api::Gemini, "{\"systemInstruction\":{\"role\":\"x\",\"parts\":[{\"text\":\"a\"}]}}", "a");
        row("Gemini, written otherwise", Api::Gemini, "{\"system_instruction\":{\"parts\":{\"text\":\"a\"}}}", "a");
        row("Ollama", Api::Ollama, "{\"system\":\"a\"}", "a");
        row("Chat: it is a message there", Api::OpenAiChat, "{\"system\":\"a\"}", "");
        row("not known", Api::Other, "{\"system\":\"a\"}", "");
        row("null", Api::AnthropicMessages, "{\"system\":null}", "");
        row("nested too deep", Api::AnthropicMessages, "{\"system\":[[[[[\"a\"]]]]]}", "");
        row("no JSON", Api::AnthropicMessages, "system", "");
        row("broken off", Api::AnthropicMessages, "{\"system\":\"a\",\"x\":}", "a");
    }
    void eachApiHasItsPlace()
    {
        QFETCH(int, api);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(systemText(static_cast<Api>(api), body.toStdString())), text);
    }
};

LUTHIEN_TEST(tst_system_text, TestSystemText)
#include "tst_system_text.moc"
