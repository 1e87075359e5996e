// SPDX-License-Identifier: Apache-2.0
#include "protocol/dialect.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::protocol;

Q_DECLARE_METATYPE(luthien::conversation::Api)

namespace {

/// "role: kind(id,name,text) ..." of one message.
QByteArray described(Api api, const QByteArray& json)
{
    std::vector<Block> blocks;
    const Role role = dialectFor(api).parseMessage(json.toStdString(), blocks);
    std::string line(roleName(role));
    for (const Block& block : blocks) {
        line += " ";
        line += blockKindName(block.kind);
        line += "(" + block.id + "," + block.name + "," + block.text + ")";
        line += block.isError ? "!" : "";
        line += block.isRefusal ? "?" : "";
    }
    return QByteArray::fromStdString(line);
}

class TestMessages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void messagesBecomeBlocks_data()
    {
        QTest::addColumn<Api>("api");
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("line");
        const auto row = [](const char* name, Api api, const char* json, const char* line) {
            QTest::newRow(name) << api << QByteArray(json) << QByteArray(line);
        };
        const Api messages = Api::AnthropicMessages;
        row("Messages: text", messages, R"({"role":"user","content":"hi"})", "user text(,,hi)");
        row("Messages: blocks", messages,
            R"({"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"ok"},{"type":"tool_use","id":"t","name":"ls","input":{"a": 1}}]})",
            "assistant thinking(,,hm) text(,,ok) tool_use(t,ls,{\"a\": 1})");
        row("Messages: results", messages,
            R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"out","is_error":true},{"type":"tool_result","tool_use_id":"u","content":[{"type":"text","text":"a"},{"type":"image"},{"type":"text","text":"b"}]}]})",
            "user tool_result(t,,out)! tool_result(u,,a\n[image]\nb)");
        row("Messages: an image", messages,
            R"({"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"x"}}]})",
            R"(user image(,image/png,{"type":"image","source":{"type":"base64","media_type":"image/png","data":"x"}}))");
        row("Messages: something new", messages, R"({"role":"user","content":[{"type":"song","a":1}]})",
            R"(user opaque(,song,{"type":"song","a":1}))");
        row("Messages: system", messages, R"({"role":"system","content":"x"})", "system text(,,x)");
        const Api chat = Api::OpenAiChat;
        row("Chat: developer", chat, R"({"role":"developer","content":"be kind"})", "system text(,,be kind)");
        row("Chat: calls after the text, wherever they stand", chat,
            R"({"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}],"content":"ok"})",
            "assistant text(,,ok) tool_use(c,f,{})");
        row("Chat: content null", chat, R"({"role":"assistant","content":null,"refusal":null})", "assistant");
        row("Chat: a tool's answer", chat,
            R"({"role":"tool","tool_call_id":"c","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]})",
            "tool tool_result(c,,a\nb)");
        row("Chat: an image", chat,
            R"({"role":"user","content":[{"type":"text","text":"see"},{"type":"image_url","image_url":{"url":"data:image/gif;base64,x"}}]})",
            R"(user text(,,see) image(,image/gif,{"type":"image_url","image_url":{"url":"data:image/gif;base64,x"}}))");
        row("Chat: a refusal part", chat, R"({"role":"assistant","content":[{"type":"refusal","refusal":"No."}]})",
            "assistant text(,,No.)?");
        row("Chat: the deprecated call", chat, R"({"role":"assistant","function_call":{"name":"f","arguments":"{}"}})",
            "assistant tool_use(,f,{})");
        const Api responses = Api::OpenAiResponses;
        row("Responses: a message without type", responses, R"({"role":"user","content":"hi"})", "user text(,,hi)");
        row("Responses: parts", responses,
            R"({"type":"message","role":"developer","content":[{"type":"input_text","text":"a"}]})",
            "system text(,,a)");
        row("Responses: a call", responses, R"({"type":"function_call","call_id":"c","name":"f","arguments":"{}"})",
            "assistant tool_use(c,f,{})");
        row("Responses: its output", responses, R"({"type":"function_call_output","call_id":"c","output":"42"})",
            "tool tool_result(c,,42)");
        row("Responses: reasoning", responses,
            R"({"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]})", "assistant thinking(,,hm)");
        row("Responses: something new", responses, R"({"type":"compaction","x":1})",
            R"(assistant opaque(,compaction,{"type":"compaction","x":1}))");
        const Api gemini = Api::Gemini;
        row("Gemini: parts", gemini,
            R"({"role":"model","parts":[{"text":"hm","thought":true},{"text":"ok"},{"functionCall":{"name":"f","args":{"a":1}}}]})",
            "assistant thinking(,,hm) text(,,ok) tool_use(,f,{\"a\":1})");
        row("Gemini: a result", gemini,
            R"({"role":"user","parts":[{"functionResponse":{"name":"f","response":{"b":2}}}]})",
            "user tool_result(f,,{\"b\":2})");
        row("Ollama: text", Api::Ollama, R"({"role":"user","content":"hi"})", "user text(,,hi)");
        row("another API", Api::Other, R"({"x":1})", R"(user opaque(,,{"x":1}))");
    }
    void messagesBecomeBlocks()
    {
        QFETCH(Api, api);
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, line);
        QCOMPARE(described(api, json), line);
    }
};

} // namespace

LUTHIEN_TEST(tst_messages, TestMessages)
#include "tst_messages.moc"
