// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "protocol/dialect.h"
#include "protocol/request_editor.h"
#include "support/corpus.h"
#include "support/test_registry.h"

#include <boost/json.hpp>

#include <algorithm>
#include <set>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::protocol;
using namespace luthien::test;

namespace json = boost::json;

Q_DECLARE_METATYPE(luthien::conversation::Api)

namespace {

struct Recorded
{
    std::string name;
    Api api = Api::Other;
    std::string path;
    std::string body;
};

Api apiOf(std::string_view path)
{
    return path.find("/messages") != std::string_view::npos      ? Api::AnthropicMessages
           : path.find("/completions") != std::string_view::npos ? Api::OpenAiChat
           : path.find("/responses") != std::string_view::npos   ? Api::OpenAiResponses
           : path.find("/v1beta") != std::string_view::npos      ? Api::Gemini
                                                                 : Api::Ollama;
}

std::string_view pathOf(Api api)
{
    switch (api) {
    case Api::AnthropicMessages:
        return "/v1/messages";
    case Api::OpenAiChat:
        return "/v1/chat/completions";
    case Api::OpenAiResponses:
        return "/v1/responses";
    case Api::Gemini:
        return "/v1beta/models/m:generateContent";
    default:
        return "/api/chat";
    }
}

/// Everything recorded that is a request: what clients sent, and what recorded replies answer.
std::vector<Recorded> recordedRequests()
{
    std::vector<Recorded> all;
    for (const ClientRequest& request : loadClientRequests()) {
        if (request.method == "POST")
            all.push_back({request.name, apiOf(request.path), request.path, request.body});
    }
    for (const CorpusCase& recording : loadCorpus()) {
        if (!recording.request.empty())
            all.push_back({recording.id, recording.api, std::string(pathOf(recording.api)), recording.request});
    }
    return all;
}

std::unique_ptr<RequestEditor> editorOf(Api api, std::string_view path, std::string_view body)
{
    auto editor = makeRequestEditor(api, path, body);
    return editor ? std::move(*editor) : nullptr;
}

/// "kind message [id name]: text", one a line.
QString listed(const std::vector<RequestPart>& parts)
{
    QString list;
    for (const RequestPart& part : parts) {
        list += QString::fromUtf8(partKindName(part.kind).data(), qsizetype(partKindName(part.kind).size()));
        list += QLatin1Char(' ') + QString::number(part.message);
        if (part.kind == PartKind::ToolResult)
            list += QStringLiteral(" [%1 %2]")
                        .arg(QString::fromStdString(part.toolId), QString::fromStdString(part.toolName));
        list += QStringLiteral(": ") + QString::fromStdString(part.text) + QLatin1Char('\n');
    }
    return list;
}

/// Every string value of a document, in its order.
void allTexts(const json::value& value, std::vector<std::string>& texts)
{
    if (value.is_string())
        texts.emplace_back(value.get_string());
    for (const json::value& element : value.is_array() ? value.get_array() : json::array())
        allTexts(element, texts);
    for (const auto& member : value.is_object() ? value.get_object() : json::object())
        allTexts(member.value(), texts);
}

class TestRequestEditor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void partsStandInTheOrderOfTheRequest_data()
    {
        QTest::addColumn<Api>("api");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("parts");
        const auto row = [](const char* name, Api api, const char* body, const char* parts) {
            QTest::newRow(name) << api << QByteArray(body) << QString::fromUtf8(parts);
        };
        row("Messages, all kinds", Api::AnthropicMessages,
            R"({"system":[{"type":"text","text":"S1","cache_control":{"type":"ephemeral"}},{"type":"text","text":"S2"}],
                "messages":[{"role":"user","content":"U"},
                {"content":[{"type":"thinking","thinking":"T","signature":"x"},{"type":"text","text":"A"},
                  {"type":"tool_use","id":"t1","name":"Bash","input":{"text":"no"}},
                  {"type":"tool_use","id":"t2","name":"Read","input":{}}],"role":"assistant"},
                {"role":"user","content":[{"type":"tool_result","tool_use_id":"t2","content":"R2"},
                  {"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"R1"},
                    {"type":"image","source":{"type":"base64","data":"no"}}],"is_error":true},
                  {"type":"text","text":"and"}]},
                {"role":"system","content":"late"}]})",
            "system 0: S1\nsystem 0: S2\nuser 0: U\nassistant 1: A\ntool_result 2 [t2 Read]: R2\n"
            "tool_result 2 [t1 Bash]: R1\nuser 2: and\nsystem 3: late\n");
        row("Messages, the system text last, a result without its call", Api::AnthropicMessages,
            R"({"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t9","content":"R"}]}],
                "system":"S"})",
            "tool_result 0 [t9 ]: R\nsystem 0: S\n");
        row("Messages, an id that is used again", Api::AnthropicMessages,
            R"({"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"A","input":{}}]},
                {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"1"}]},
                {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"B","input":{}}]},
                {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"2"}]}]})",
            "tool_result 1 [t A]: 1\ntool_result 3 [t B]: 2\n");
        row("Messages, documents and found texts", Api::AnthropicMessages,
            R"({"messages":[{"role":"user","content":[
                {"type":"document","source":{"type":"text","media_type":"text/plain","data":"D"},"title":"t"},
                {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"no"}},
                {"type":"document","source":{"type":"content","content":[{"type":"text","text":"C"}]}},
                {"type":"search_result","source":"no","title":"no","content":[{"type":"text","text":"F"}]}]}]})",
            "user 0: D\nuser 0: t\nuser 0: C\nuser 0: no\nuser 0: no\nuser 0: F\n");
        row("Messages, what tools of the provider gave back", Api::AnthropicMessages,
            R"({"messages":[{"role":"assistant","content":[
                {"type":"mcp_tool_use","id":"m1","name":"find","server_name":"no","input":{"q":"no"}},
                {"type":"mcp_tool_result","tool_use_id":"m1","is_error":false,"content":[{"type":"text","text":"M1"}]},
                {"type":"mcp_tool_result","tool_use_id":"m2","content":"M2"},
                {"type":"server_tool_use","id":"s1","name":"code_execution","input":{"code":"no"}},
                {"type":"code_execution_tool_result","tool_use_id":"s1","content":{"type":"code_execution_result",
                  "stdout":"O","stderr":"E","return_code":0,"content":[{"type":"code_execution_output","file_id":"no"}]}},
                {"type":"text_editor_code_execution_tool_result","tool_use_id":"s1","content":{
                  "type":"text_editor_code_execution_view_result","file_type":"no","content":"V"}},
                {"type":"web_fetch_tool_result","tool_use_id":"s2","content":{"type":"web_fetch_result","url":"W",
                  "retrieved_at":"no","content":{"type":"document","title":"T","source":{"type":"base64","data":"no"}}}},
                {"type":"web_search_tool_result","tool_use_id":"s2","content":[{"type":"web_search_result","title":"H",
                  "encrypted_content":"no","page_age":"no"}]},
                {"type":"web_search_tool_result","tool_use_id":"s2","content":{"type":"no","error_code":"no"}},
                {"type":"compaction","content":"K","cache_control":{"type":"no","ttl":"no"}}]}]})",
            "tool_result 0 [m1 find]: M1\ntool_result 0 [m2 ]: M2\ntool_result 0 [s1 code_execution]: O\n"
            "tool_result 0 [s1 code_execution]: E\ntool_result 0 [s1 code_execution]: V\ntool_result 0 [s2 ]: W\n"
            "tool_result 0 [s2 ]: T\ntool_result 0 [s2 ]: H\nassistant 0: K\n");
        row("Messages, all of what is not known", Api::AnthropicMessages,
            R"({"messages":[{"role":"user","content":[{"type":"no","detail":"D","status":"S","signature":"G",
                "note_id":"I","inner":[{"type":{"text":"T"},"image_url":"M"}],
                "source":{"type":"base64","data":"bm8="},"other":{"type":"base64","data":"not so"}}]}]})",
            "user 0: D\nuser 0: S\nuser 0: G\nuser 0: I\nuser 0: T\nuser 0: M\nuser 0: not so\n");
        row("Chat, all kinds", Api::OpenAiChat,
            R"({"messages":[{"role":"developer","content":"D"},{"role":"user","content":[{"type":"text","text":"U"},
                {"type":"image_url","image_url":{"url":"no"}},{"type":"file","file":{"file_data":"no"}}]},
                {"role":"assistant","content":null,"reasoning_content":"no","refusal":"No.","tool_calls":[
                  {"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},
                  {"id":"c2","type":"custom","custom":{"name":"g","input":"no"}}]},
                {"role":"tool","tool_call_id":"c2","content":[{"type":"text","text":"R2"}]},
                {"role":"tool","tool_call_id":"c1","content":"R1"},
                {"role":"function","name":"h","content":"R0"},
                {"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"no"}]},
                  {"type":"text","text":"A"}]}],
                "prediction":{"type":"content","content":"P"}})",
            "system 0: D\nuser 1: U\nassistant 2: No.\ntool_result 3 [c2 g]: R2\ntool_result 4 [c1 f]: R1\n"
            "tool_result 5 [ h]: R0\nassistant 6: A\nuser 0: P\n");
        row("Responses, all kinds", Api::OpenAiResponses,
            R"({"instructions":"I","input":[{"role":"developer","content":"D"},
                {"type":"message","role":"user","content":[{"type":"input_text","text":"U"},
                  {"type":"input_image","image_url":"no"}]},
                {"type":"reasoning","id":"r","summary":[{"type":"summary_text","text":"no"}],"encrypted_content":"no"},
                {"type":"message","role":"assistant","content":[{"type":"output_text","text":"A"},
                  {"type":"refusal","refusal":"N"}]},
                {"type":"function_call","call_id":"c1","name":"f","arguments":"no"},
                {"type":"custom_tool_call","call_id":"c2","name":"g","input":"no"},
                {"type":"local_shell_call","call_id":"c3","action":{"command":["no"]}},
                {"type":"function_call_output","call_id":"c1","output":"R1"},
                {"type":"custom_tool_call_output","call_id":"c2","output":[{"type":"input_text","text":"R2"}]},
                {"type":"local_shell_call_output","call_id":"c3","output":"R3"},
                {"type":"shell_call","call_id":"c4","action":{}},
                {"type":"shell_call_output","call_id":"c4","output":[{"stdout":"R4","stderr":"E4","outcome":{}}]}]})",
            "system 0: I\nsystem 0: D\nuser 1: U\nassistant 3: A\nassistant 3: N\n"
            "tool_result 7 [c1 f]: R1\ntool_result 8 [c2 g]: R2\ntool_result 9 [c3 local_shell]: R3\n"
            "tool_result 11 [c4 shell]: R4\ntool_result 11 [c4 shell]: E4\n");
        row("Responses, what tools of the provider gave back", Api::OpenAiResponses,
            R"({"input":[{"type":"mcp_call","id":"m1","name":"find","server_label":"no","arguments":"no","output":"M"},
                {"type":"mcp_call","id":"m2","name":"find","error":{"type":"no","message":"E"}},
                {"type":"code_interpreter_call","id":"i","code":"no","container_id":"no","status":"no",
                  "outputs":[{"type":"logs","logs":"L"},{"type":"image","url":"U"}]},
                {"type":"file_search_call","id":"s","queries":["no"],"results":[{"file_id":"no","text":"F"}]},
                {"type":"image_generation_call","id":"g","result":"no"},
                {"type":"mcp_approval_response","approval_request_id":"no","approve":false,"reason":"P"},
                {"type":"compaction","encrypted_content":"no"},
                {"type":"what_comes_next","text":"N","detail":"D"}]})",
            "tool_result 0 [m1 find]: M\ntool_result 1 [m2 find]: E\ntool_result 2 [i code_interpreter]: L\n"
            "tool_result 2 [i code_interpreter]: U\ntool_result 3 [s file_search]: F\nuser 5: P\nuser 7: N\nuser 7: "
            "D\n");
        row("Responses, a plain text and a stored prompt", Api::OpenAiResponses,
            R"({"prompt":{"id":"p","variables":{"a":"V","b":{"type":"input_text","text":"W"}}},"input":"U"})",
            "user 0: V\nuser 0: W\nuser 0: U\n");
        row("Gemini, all kinds", Api::Gemini,
            R"({"contents":[{"role":"user","parts":[{"text":"U"},{"inlineData":{"mimeType":"image/png","data":"no"}}]},
                {"role":"model","parts":[{"text":"no","thought":true},{"text":"A","thoughtSignature":"no"},
                  {"functionCall":{"name":"f","args":{"text":"no"}}}]},
                {"role":"user","parts":[{"functionResponse":{"id":"i","name":"f",
                  "response":{"output":"R","more":[{"text":"S"}],"n":1}}}]}],
                "systemInstruction":{"parts":[{"text":"I"}]}})",
            "user 0: U\nassistant 1: A\ntool_result 2 [i f]: R\ntool_result 2 [i f]: S\nsystem 0: I\n");
        row("Gemini, what tools of the provider gave back", Api::Gemini,
            R"({"contents":[{"role":"model","parts":[{"executableCode":{"language":"no","code":"no"}},
                {"codeExecutionResult":{"outcome":"no","output":"O"}},{"code_execution_result":{"output":"P"}},
                {"toolResponse":{"id":"i","toolType":"SEARCH","response":{"found":"F"}}}]}]})",
            "tool_result 0 [ code_execution]: O\ntool_result 0 [ code_execution]: P\ntool_result 0 [i SEARCH]: F\n");
        row("Gemini, snake case, one object for a list of one", Api::Gemini,
            R"({"system_instruction":{"parts":{"text":"I"}},"contents":{"parts":{"text":"U"}}})",
            "system 0: I\nuser 0: U\n");
        row("Gemini, wrapped by Code Assist", Api::Gemini,
            R"({"model":"m","project":"p","request":{"contents":[{"role":"user","parts":[{"text":"U"}]}]}})",
            "user 0: U\n");
        row("Ollama, results named in three ways", Api::Ollama,
            R"({"messages":[{"role":"system","content":"S"},{"role":"user","content":"U","images":["no"]},
                {"role":"assistant","content":"","thinking":"no","tool_calls":[{"function":{"name":"f","arguments":{}}},
                  {"id":"c2","function":{"name":"g","arguments":{}}},{"function":{"name":"h","arguments":{}}}]},
                {"role":"tool","tool_name":"h","content":"R3"},{"role":"tool","content":"R1"},
                {"role":"tool","tool_call_id":"c2","content":"R2"},{"role":"assistant","content":"A"}]})",
            "system 0: S\nuser 1: U\ntool_result 3 [ h]: R3\ntool_result 4 [ f]: R1\ntool_result 5 [c2 g]: R2\n"
            "assistant 6: A\n");
        row("Ollama, a prompt", Api::Ollama, R"({"prompt":"U","system":"S","suffix":"X","template":"{{ .Prompt }}"})",
            "user 0: U\nsystem 0: S\nuser 0: X\nsystem 0: {{ .Prompt }}\n");
        row("texts that are none", Api::AnthropicMessages,
            R"({"system":7,"messages":[{"role":"user","content":""},{"role":"user"},7,{"content":[7,{"text":8}]}]})",
            "");
        row("nothing", Api::OpenAiChat, "{}", "");
    }
    void partsStandInTheOrderOfTheRequest()
    {
        QFETCH(Api, api);
        QFETCH(QByteArray, body);
        QFETCH(QString, parts);
        const std::string bytes = body.toStdString();
        const auto editor = editorOf(api, pathOf(api), bytes);
        QVERIFY(editor);
        QCOMPARE(listed(editor->parts()), parts);
    }

    void whatIsNotChangedLeavesByteForByte()
    {
        std::size_t parts = 0;
        for (const Recorded& request : recordedRequests()) {
            const auto editor = editorOf(request.api, request.path, request.body);
            QVERIFY2(editor, request.name.c_str());
            QCOMPARE(editor->with({}), request.body);
            std::vector<PartChange> same;
            for (std::size_t i = 0; i < editor->parts().size(); ++i)
                same.push_back({i, editor->parts()[i].text});
            QCOMPARE(editor->with(same), request.body);
            parts += same.size();
        }
        QVERIFY2(parts > 100, qPrintable(QString::number(parts)));
    }

    void aChangeChangesThatTextAndNothingElse()
    {
        const std::string odd = "\"\\ new\n\x01 \xF0\x9F\x98\x80 </tag>";
        for (const Recorded& request : recordedRequests()) {
            const auto editor = editorOf(request.api, request.path, request.body);
            std::vector<std::string> before;
            allTexts(json::parse(request.body), before);
            std::multiset<std::string> expected(before.begin(), before.end());
            std::vector<PartChange> changes;
            for (std::size_t i = 0; i < editor->parts().size(); i += 2) {
                expected.erase(expected.find(editor->parts()[i].text));
                changes.push_back({i, odd + std::to_string(i)});
                expected.insert(changes.back().text);
            }
            const std::string changed = editor->with(changes);
            const auto strict = parseStrictJson(changed);
            QVERIFY2(strict, request.name.c_str());
            std::vector<std::string> after;
            allTexts(*strict, after);
            QVERIFY2(std::multiset<std::string>(after.begin(), after.end()) == expected, request.name.c_str());

            // Changed back, it is what it was, but for how its texts are escaped.
            const auto again = editorOf(request.api, request.path, changed);
            QVERIFY(again);
            QCOMPARE(again->parts().size(), editor->parts().size());
            std::vector<PartChange> back;
            for (const PartChange& change : changes) {
                QCOMPARE(again->parts()[change.part].text, change.text);
                back.push_back({change.part, editor->parts()[change.part].text});
            }
            QVERIFY(json::parse(again->with(back)) == json::parse(request.body));
            QVERIFY(std::ranges::equal(editorOf(request.api, request.path, again->with(back))->parts(), editor->parts(),
                                       {}, &RequestPart::text, &RequestPart::text));
        }
    }

    void everyTextOfRecordedRequestsIsSeen()
    {
        // What the display reader shows as text, thinking apart, policies see.
        for (const Recorded& request : recordedRequests()) {
            const auto editor = editorOf(request.api, request.path, request.body);
            std::set<std::string> seen;
            for (const RequestPart& part : editor->parts())
                seen.insert(part.text);
            const Dialect& dialect = dialectFor(request.api);
            const auto view = dialect.parseRequest(request.path, request.body);
            QVERIFY(view);
            for (const Span& span : view->messages) {
                std::vector<Block> blocks;
                dialect.parseMessage(std::string_view(request.body).substr(span.offset, span.length), blocks);
                for (const Block& block : blocks) {
                    if (block.kind == BlockKind::Text && !block.text.empty())
                        QVERIFY2(seen.contains(block.text), (request.name + ": " + block.text).c_str());
                }
            }
        }
    }

    void onlyRequestsForAReplyAreEdited_data()
    {
        QTest::addColumn<Api>("api");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("isEdited");
        const auto row = [](Api api, const char* path, bool isEdited) {
            QTest::newRow(path) << api << QByteArray(path) << isEdited;
        };
        row(Api::AnthropicMessages, "/v1/messages", true);
        row(Api::AnthropicMessages, "/v1/messages?beta=true", true);
        row(Api::AnthropicMessages, "/V1//%6Dessages/", true);
        row(Api::AnthropicMessages, "/v1/messages/count_tokens", false);
        row(Api::AnthropicMessages, "/v1/messages/batches", false);
        row(Api::OpenAiChat, "/openai/deployments/d/chat/completions?api-version=1", true);
        row(Api::OpenAiChat, "/v1/chat/completions/chatcmpl-1", false);
        row(Api::OpenAiResponses, "/v1/responses", true);
        row(Api::OpenAiResponses, "/v1/responses/compact", true);
        row(Api::OpenAiResponses, "/v1/responses/resp_1/cancel", false);
        row(Api::Gemini, "/v1beta/models/m:streamGenerateContent?alt=sse", true);
        row(Api::Gemini, "/v1internal:generateContent", true);
        row(Api::Gemini, "/v1beta/models/m:countTokens", false);
        row(Api::Ollama, "/api/chat", true);
        row(Api::Ollama, "/api/generate", true);
        row(Api::Ollama, "/api/show", false);
        row(Api::Other, "/v1/embeddings", false);
    }
    void onlyRequestsForAReplyAreEdited()
    {
        QFETCH(Api, api);
        QFETCH(QByteArray, path);
        QFETCH(bool, isEdited);
        const auto editor = makeRequestEditor(api, path.toStdString(), isEdited ? "{}" : "no JSON at all");
        QVERIFY(editor);
        QCOMPARE(*editor != nullptr, isEdited);
    }

    void whatCouldBeReadInTwoWaysIsRefused_data()
    {
        QTest::addColumn<Api>("api");
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char* name, Api api, const QByteArray& body) { QTest::newRow(name) << api << body; };
        for (const Api api :
             {Api::AnthropicMessages, Api::OpenAiChat, Api::OpenAiResponses, Api::Gemini, Api::Ollama}) {
            const QByteArray of = QByteArray::fromStdString(std::string(apiName(api))) + ": ";
            row(of + "no object", api, "[]");
            row(of + "nothing", api, "");
            row(of + "cut", api, R"({"messages":[)");
            row(of + "two objects", api, "{} {}");
            row(of + "messages twice", api, R"({"messages":[],"m\u0065ssages":[]})");
            row(of + "a text twice", api, R"({"input":[{"role":"user","content":"a","content":"b"}]})");
            row(of + "invalid UTF-8", api, "{\"a\":\"\xE9\"}");
            row(of + "a lone surrogate", api, R"({"a":"\ud83d"})");
            row(of + "too deep", api, "{\"a\":" + QByteArray(128, '[') + QByteArray(128, ']') + '}');
        }
        row("Gemini: two names of one member", Api::Gemini, R"({"systemInstruction":{},"system_instruction":{}})");
        row("Gemini: two results in a part", Api::Gemini,
            R"({"contents":[{"parts":[{"functionResponse":{},"function_response":{}}]}]})");
        row("Gemini: a request beside another", Api::Gemini, R"({"request":{"contents":[]},"contents":[]})");
        row("Gemini: two results of a run", Api::Gemini,
            R"({"contents":[{"parts":[{"codeExecutionResult":{},"code_execution_result":{}}]}]})");
        row("Ollama: a name in other letters", Api::Ollama, R"({"Messages":[]})");
        row("Ollama: a name with a long s", Api::Ollama, R"({"me\u017fsages":[]})");
        row("Ollama: a member in other letters", Api::Ollama, R"({"messages":[{"role":"user","CONTENT":"x"}]})");
    }
    void whatCouldBeReadInTwoWaysIsRefused()
    {
        QFETCH(Api, api);
        QFETCH(QByteArray, body);
        const auto editor = makeRequestEditor(api, pathOf(api), body.toStdString());
        QVERIFY(!editor);
        QCOMPARE(editor.error().code, ErrorCode::InvalidInput);
    }

    void schemasAreFoundWhereEachApiHasThem_data()
    {
        QTest::addColumn<Api>("api");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("schema");
        const QByteArray schema = R"({ "type" : "object" })";
        const auto row = [&schema](const char* name, Api api, QByteArray body, bool isFound = true) {
            QTest::newRow(name) << api << body.replace("SCHEMA", schema) << (isFound ? schema : QByteArray());
        };
        row("Messages", Api::AnthropicMessages,
            R"({"tools":[{"name":"x","input_schema":{}},{"name":"f","input_schema":SCHEMA}]})");
        row("Chat", Api::OpenAiChat, R"({"tools":[{"type":"function","function":{"name":"f","parameters":SCHEMA}}]})");
        row("Chat's functions", Api::OpenAiChat, R"({"functions":[{"name":"f","parameters":SCHEMA}]})");
        row("Responses", Api::OpenAiResponses,
            R"({"tools":[{"type":"custom","name":"c"},{"type":"function","name":"f","parameters":SCHEMA}]})");
        row("Responses, in a namespace", Api::OpenAiResponses,
            R"({"tools":[{"type":"namespace","name":"n","tools":[{"type":"function","name":"f","parameters":SCHEMA}]}]})");
        row("Gemini", Api::Gemini,
            R"({"contents":[],"tools":[{"functionDeclarations":[{"name":"f","parameters":SCHEMA}]}]})");
        row("Gemini, JSON schema", Api::Gemini,
            R"({"contents":[],"tools":[{"googleSearch":{}},{"function_declarations":[{"name":"f","parametersJsonSchema":SCHEMA}]}]})");
        row("Gemini by Code Assist", Api::Gemini,
            R"({"request":{"contents":[],"tools":[{"functionDeclarations":[{"name":"f","parameters":SCHEMA}]}]}})");
        row("Ollama", Api::Ollama, R"({"tools":[{"type":"function","function":{"name":"f","parameters":SCHEMA}}]})");
        row("not declared", Api::OpenAiChat,
            R"({"tools":[{"type":"function","function":{"name":"g","parameters":SCHEMA}}]})", false);
        row("no JSON", Api::OpenAiChat, R"({"tools":)", false);
    }
    void schemasAreFoundWhereEachApiHasThem()
    {
        QFETCH(Api, api);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, schema);
        QCOMPARE(QByteArray::fromStdString(toolSchema(api, body.toStdString(), "f")), schema);
    }

    void everyToolOfRecordedRequestsHasASchema()
    {
        const auto schema = [](std::string_view file, std::string_view tool) {
            for (const Recorded& request : recordedRequests()) {
                if (request.name == file)
                    return toolSchema(request.api, request.body, tool);
            }
            return std::string();
        };
        for (const auto& [file, tool] :
             std::initializer_list<std::pair<const char*, const char*>>{{"claude-code-2", "Bash"},
                                                                        {"codex-1", "exec_command"},
                                                                        {"codex-1", "spawn_agent"},
                                                                        {"gemini-cli-1", "read_file"},
                                                                        {"opencode-2", "bash"},
                                                                        {"opencode-6", "bash"}}) {
            const auto found = parseStrictJson(schema(file, tool));
            QVERIFY2(found && found->is_object() && found->get_object().contains("properties"), tool);
        }
    }
};

} // namespace

LUTHIEN_TEST(tst_request_editor, TestRequestEditor)
#include "tst_request_editor.moc"
