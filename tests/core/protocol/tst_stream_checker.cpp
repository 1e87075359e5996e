// SPDX-License-Identifier: Apache-2.0
#include "protocol/stream_checker.h"
#include "support/corpus.h"
#include "support/stream_checker.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::protocol;
using namespace luthien::test;

namespace {

using Lines = std::vector<const char*>;

/// The event line of each event is its type; Chat, Gemini, Ollama and bodies have none.
std::vector<SentEvent> eventsOf(Api api, const Lines& lines)
{
    std::vector<SentEvent> events;
    for (const char* line : lines) {
        const std::string data(line);
        // Not raw: moc of Qt 6.4 loses its way in raw strings with such quotes.
        static constexpr std::string_view mark = "{\"type\":\"";
        const bool hasLine =
            data.starts_with(mark) && (api == Api::OpenAiResponses ||
                                       (api == Api::AnthropicMessages && !data.starts_with("{\"type\":\"message\",")));
        events.push_back({hasLine ? data.substr(mark.size(), data.find('"', mark.size()) - mark.size()) : "", data});
    }
    return events;
}

// Messages
constexpr const char* kStart = R"({"type":"message_start","message":{"content":[],"usage":{}}})";
constexpr const char* kText = R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})";
constexpr const char* kTextDelta =
    R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}})";
constexpr const char* kTool =
    R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"ls","input":{}}})";
constexpr const char* kStop = R"({"type":"content_block_stop","index":0})";
constexpr const char* kEndTurn = R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{}})";
constexpr const char* kToolUse = R"({"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{}})";
constexpr const char* kMessageStop = R"({"type":"message_stop"})";

// Chat
constexpr const char* kRole = R"({"choices":[{"index":0,"delta":{"role":"assistant","content":"a"}}]})";
constexpr const char* kCall =
    R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t","type":"function","function":{"name":"ls","arguments":""}}]}}]})";
constexpr const char* kCallEnd = R"({"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]})";
constexpr const char* kTextEnd = R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})";
constexpr const char* kDone = "[DONE]";

// Responses
constexpr const char* kCreated = R"({"type":"response.created","response":{"output":[]}})";
constexpr const char* kMessage =
    R"({"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"m","content":[]}})";
constexpr const char* kPart =
    R"({"type":"response.content_part.added","output_index":0,"item_id":"m","content_index":0,"part":{"type":"output_text","text":""}})";
constexpr const char* kOutput =
    R"({"type":"response.output_text.delta","output_index":0,"item_id":"m","content_index":0,"delta":"ab"})";
constexpr const char* kOutputDone =
    R"({"type":"response.output_text.done","output_index":0,"item_id":"m","content_index":0,"text":"ab"})";
constexpr const char* kPartDone =
    R"({"type":"response.content_part.done","output_index":0,"item_id":"m","content_index":0,"part":{"type":"output_text","text":"ab"}})";
constexpr const char* kMessageDone =
    R"({"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"m","content":[{"type":"output_text","text":"ab"}]}})";
constexpr const char* kCompleted =
    R"({"type":"response.completed","response":{"output":[{"type":"message","id":"m","content":[{"type":"output_text","text":"ab"}]}]}})";
constexpr const char* kFunction =
    R"({"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","id":"f","call_id":"c","name":"ls","arguments":""}})";
constexpr const char* kArguments =
    R"({"type":"response.function_call_arguments.delta","output_index":0,"item_id":"f","delta":"{}"})";
constexpr const char* kFunctionDone =
    R"({"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","id":"f","call_id":"c","name":"ls","arguments":"{}"}})";
constexpr const char* kCompletedCall =
    R"({"type":"response.completed","response":{"output":[{"type":"function_call","id":"f","call_id":"c","name":"ls","arguments":"{}"}]}})";

} // namespace

class TestStreamChecker : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void realRepliesPass_data()
    {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < m_cases.size(); ++i)
            QTest::newRow(m_cases[i].id.c_str()) << i;
    }
    void realRepliesPass()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        QCOMPARE(breach(recording.api, splitReply(recording.kind, recording.bytes)), QString());
    }

    void halfRepliesDoNot_data()
    {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < m_cases.size(); ++i) {
            if ((m_cases[i].isSse() || m_cases[i].kind == "ndjson") && !m_cases[i].didSdkFail())
                QTest::newRow(m_cases[i].id.c_str()) << i;
        }
    }
    void halfRepliesDoNot()
    {
        QFETCH(std::size_t, index);
        const CorpusCase& recording = m_cases[index];
        std::vector<SentEvent> events = splitReply(recording.kind, recording.bytes);
        events.resize(events.size() / 2);
        QVERIFY(!breach(recording.api, events).isEmpty());
    }

    void goodOnesPass_data()
    {
        QTest::addColumn<Api>("api");
        QTest::addColumn<Lines>("lines");
        QTest::newRow("Messages: text") << Api::AnthropicMessages
                                        << Lines{kStart, kText, kTextDelta, kStop, kEndTurn, kMessageStop};
        QTest::newRow("Messages: a call")
            << Api::AnthropicMessages << Lines{kStart, kTool, kStop, kToolUse, kMessageStop};
        QTest::newRow("Messages: an error") << Api::AnthropicMessages << Lines{kStart, kText, R"({"type":"error"})"};
        QTest::newRow("Chat: text") << Api::OpenAiChat << Lines{kRole, kTextEnd, kDone};
        QTest::newRow("Chat: a call") << Api::OpenAiChat << Lines{kRole, kCall, kCallEnd, kDone};
        QTest::newRow("Chat: a forced call") << Api::OpenAiChat << Lines{kRole, kCall, kTextEnd, kDone};
        QTest::newRow("Chat: two choices")
            << Api::OpenAiChat
            << Lines{kRole, R"({"choices":[{"index":1,"delta":{"content":"b"}}]})", kTextEnd,
                     R"({"choices":[{"index":1,"delta":{},"finish_reason":"stop"}]})"};
        QTest::newRow("Responses: text") << Api::OpenAiResponses
                                         << Lines{kCreated,    kMessage,  kPart,        kOutput,
                                                  kOutputDone, kPartDone, kMessageDone, kCompleted};
        QTest::newRow("Responses: a call")
            << Api::OpenAiResponses << Lines{kCreated, kFunction, kArguments, kFunctionDone, kCompletedCall};
        QTest::newRow("Gemini: in two pieces")
            << Api::Gemini
            << Lines{R"({"candidates":[{"content":{"parts":[{"text":"a"}]}}]})",
                     R"({"candidates":[{"content":{"parts":[]},"finishReason":"STOP"}]})", R"({"usageMetadata":{}})"};
        QTest::newRow("Ollama: in two lines")
            << Api::Ollama << Lines{R"({"message":{"content":"a"},"done":false})", R"({"message":{},"done":true})"};
    }
    void goodOnesPass()
    {
        QFETCH(Api, api);
        QFETCH(Lines, lines);
        QCOMPARE(breach(api, eventsOf(api, lines)), QString());
    }

    void brokenRulesAreNamed_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<Api>("api");
        QTest::addColumn<Lines>("lines");
        addAnthropicRows();
        addAnthropicBodyRows();
        addChatRows();
        addResponsesRows();
        addResponsesTextRows();
        addGeminiRows();
        addOllamaRows();
    }
    void brokenRulesAreNamed()
    {
        QFETCH(QString, rule);
        QFETCH(Api, api);
        QFETCH(Lines, lines);
        const QString found = breach(api, eventsOf(api, lines));
        QVERIFY2(found.startsWith(rule), qPrintable(found));
    }

    void thereIsOneForEveryApiWeKnow()
    {
        for (const Api api : {Api::AnthropicMessages, Api::OpenAiChat, Api::OpenAiResponses, Api::Gemini, Api::Ollama})
            QVERIFY(makeStreamChecker(api));
        QVERIFY(!makeStreamChecker(Api::Other));
    }

    void initTestCase() { m_cases = loadCorpus(); }

private:
    static void add(const char* rule, Api api, const Lines& lines)
    {
        static int number = 0;
        QTest::addRow("%d: %s", number++, rule) << QString::fromLatin1(rule) << api << lines;
    }

    static void addAnthropicRows()
    {
        const auto row = [](const char* rule, const Lines& lines) { add(rule, Api::AnthropicMessages, lines); };
        row("An event is one JSON object.", {kStart, "[]"});
        row("A message begins with message_start.", {kText});
        row("A message starts once.", {kStart, kStart});
        row("A message starts without content.",
            {R"({"type":"message_start","message":{"content":[{"type":"text","text":"a"}]}})"});
        row("A block starts after the one before it has stopped.", {kStart, kText, kText});
        row("Blocks are numbered without gaps.",
            {kStart, R"({"type":"content_block_start","index":1,"content_block":{"type":"text"}})"});
        row("A block says its type.", {kStart, R"({"type":"content_block_start","index":0})"});
        row("A call begins with its id and name.",
            {kStart, R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t"}})"});
        row("No text follows a call.",
            {kStart, kTool, kStop, R"({"type":"content_block_start","index":1,"content_block":{"type":"text"}})"});
        row("A delta belongs to the open block.", {kStart, kTextDelta});
        row("A delta belongs to the open block.", {kStart, kText, kStop, kTextDelta});
        row("A delta is of its block's kind.", {kStart, kTool, kTextDelta});
        row("A delta is of its block's kind.",
            {kStart, kText,
             R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}})"});
        row("Only the open block stops.", {kStart, kStop});
        row("Only the open block stops.", {kStart, kText, R"({"type":"content_block_stop","index":1})"});
        row("Every block stops before the message does.", {kStart, kText, kEndTurn});
        row("message_delta has a usage.", {kStart, R"({"type":"message_delta","delta":{"stop_reason":"end_turn"}})"});
        row("A message says why it stops.", {kStart, R"({"type":"message_delta","delta":{},"usage":{}})"});
        row("A message that stops for a call has one.", {kStart, kText, kStop, kToolUse});
        row("A message with a call does not end the turn.", {kStart, kTool, kStop, kEndTurn});
        row("No block comes after message_delta.", {kStart, kEndTurn, kText});
        row("A message says why it stops before it does.", {kStart, kMessageStop});
        row("A message ends with message_stop or an error.", {kStart, kText, kStop, kEndTurn});
        row("Nothing follows the end of a message.", {kStart, kEndTurn, kMessageStop, kMessageStop});
        row("Nothing follows the end of a message.", {kStart, R"({"type":"error"})", kText});
    }

    static void addAnthropicBodyRows()
    {
        const auto row = [](const char* rule, const char* body) { add(rule, Api::AnthropicMessages, {body}); };
        row("A message that stops for a call has one.",
            R"({"type":"message","content":[{"type":"text"}],"stop_reason":"tool_use","usage":{}})");
        row("A message with a call does not end the turn.",
            R"({"type":"message","content":[{"type":"tool_use","id":"t","name":"ls"}],"stop_reason":"end_turn","usage":{}})");
        row("A message has a usage.", R"({"type":"message","content":[],"stop_reason":"end_turn"})");
        row("No text follows a call.",
            R"({"type":"message","content":[{"type":"tool_use","id":"t","name":"ls"},{"type":"text"}],"usage":{}})");
    }

    static void addChatRows()
    {
        const auto row = [](const char* rule, const Lines& lines) { add(rule, Api::OpenAiChat, lines); };
        row("A chunk is one JSON object.", {kRole, "[DONE] "});
        row("A chunk has a list of choices.", {kRole, R"({"usage":{}})"});
        row("Each of several choices has an index.", {R"({"choices":[{"delta":{}},{"delta":{}}]})"});
        row("A choice is the assistant's.",
            {kRole, R"({"choices":[{"index":0,"delta":{"role":"assistantassistant"}}]})"});
        row("A piece of a call has an index.",
            {R"({"choices":[{"index":0,"delta":{"tool_calls":[{"id":"t","type":"function","function":{"name":"ls"}}]}}]})"});
        row("Calls are numbered without gaps.",
            {kRole,
             R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"t","type":"function","function":{"name":"ls"}}]}}]})"});
        row("A call begins with its id, type and name.",
            {kRole, R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}}]})"});
        row("A call keeps its id and name.",
            {kCall, R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"u"}]}}]})"});
        row("Nothing follows a choice's finish reason.", {kRole, kTextEnd, kRole});
        row("Nothing follows a choice's finish reason.", {kRole, kTextEnd, kCall});
        row("A choice has one finish reason.", {kCall, kCallEnd, kTextEnd});
        row("A choice that finishes for calls has one.", {kRole, kCallEnd});
        row("Every choice has a finish reason.", {kRole});
        row("Every choice has a finish reason.", {kRole, kTextEnd, R"({"choices":[{"index":1,"delta":{}}]})"});
        row("Nothing follows the end of a completion.", {kRole, kTextEnd, kDone, kDone});
        row("Nothing follows the end of a completion.", {kRole, kTextEnd, kDone, kTextEnd});
        row("A completion has each choice once.",
            {R"({"choices":[{"index":0,"message":{},"finish_reason":"stop"},{"index":0,"message":{}}]})"});
        row("A call begins with its id, type and name.",
            {R"({"choices":[{"index":0,"message":{"tool_calls":[{"id":"t","function":{}}]}}]})"});
        row("A choice that finishes for calls has one.",
            {R"({"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"tool_calls"}]})"});
    }

    static void addResponsesRows()
    {
        const auto row = [](const char* rule, const Lines& lines) { add(rule, Api::OpenAiResponses, lines); };
        row("An event is one JSON object.", {kCreated, "{"});
        row("A response begins with response.created.", {kMessage});
        row("A response begins with response.created.", {R"({"type":"response.in_progress","response":{}})"});
        row("A response begins once.", {kCreated, kMessage, kCreated});
        row("An item says its type.",
            {kCreated, R"({"type":"response.output_item.added","output_index":0,"item":{}})"});
        row("Items are numbered without gaps.",
            {kCreated, R"({"type":"response.output_item.added","output_index":1,"item":{"type":"message"}})"});
        row("Items are numbered without gaps.", {kCreated, kMessage, kMessage});
        row("Only an item that was added and is open is done.", {kCreated, kMessageDone});
        row("Only an item that was added and is open is done.", {kCreated, kFunction, kFunctionDone, kFunctionDone});
        row("An item keeps its type and id.", {kCreated, kFunction, kMessageDone});
        row("An event belongs to an open item.", {kCreated, kArguments});
        row("An event belongs to an open item.", {kCreated, kFunction, kFunctionDone, kArguments});
        row("An event names the item it belongs to.", {kCreated, kMessage, kArguments});
        row("Arguments are what their deltas add up to.",
            {kCreated, kFunction, kArguments,
             R"({"type":"response.function_call_arguments.done","output_index":0,"item_id":"f","arguments":"{ }"})"});
        row("A call says the arguments of its deltas.", {kCreated, kFunction, kArguments, kArguments, kFunctionDone});
        row("A response says what the items of its stream say.",
            {kCreated, kFunction, kArguments, kFunctionDone,
             R"({"type":"response.completed","response":{"output":[{"type":"function_call","id":"f","call_id":"c","name":"ls","arguments":"{ }"}]}})"});
        row("A response has the items of its stream.", {kCreated, kFunction, kArguments, kFunctionDone,
                                                        R"({"type":"response.completed","response":{"output":[]}})"});
        row("Every item is done before the response is complete.", {kCreated, kFunction, kArguments, kCompletedCall});
        row("A response ends with completed, incomplete, failed or an error.", {kCreated, kFunction});
        row("Nothing follows the end of a response.", {kCreated, R"({"type":"error"})", kMessage});
        row("Nothing follows the end of a response.",
            {kCreated, kFunction, kFunctionDone, kCompletedCall, kCompletedCall});
        row("The parts of a summary are numbered without gaps.",
            {kCreated, R"({"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"r"}})",
             R"({"type":"response.reasoning_summary_part.added","output_index":0,"summary_index":1})"});
        row("A summary's text belongs to a part that was added.",
            {kCreated, R"({"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"r"}})",
             R"({"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"a"})"});
        row("A call has an id.", {R"({"object":"response","output":[{"type":"function_call","name":"ls"}]})"});
    }

    static void addResponsesTextRows()
    {
        const auto row = [](const char* rule, const Lines& lines) { add(rule, Api::OpenAiResponses, lines); };
        row("A part has an index and says its type.",
            {kCreated, kMessage, R"({"type":"response.content_part.added","output_index":0,"item_id":"m"})"});
        row("The parts of an item are numbered without gaps.",
            {kCreated, kMessage,
             R"({"type":"response.content_part.added","output_index":0,"item_id":"m","content_index":1,"part":{}})"});
        row("A text belongs to an open part.", {kCreated, kMessage, kOutput});
        row("A text belongs to an open part.", {kCreated, kMessage, kPart, kPartDone, kOutput});
        row("Only a part that was added and is open is done.", {kCreated, kMessage, kPartDone});
        row("A text is what its deltas add up to.", {kCreated, kMessage, kPart, kOutput, kOutput, kOutputDone});
        row("A part says the text of its deltas.", {kCreated, kMessage, kPart, kOutput, kOutput, kPartDone});
        row("An item says the texts of its deltas.",
            {kCreated, kMessage, kPart, kOutput, kOutputDone, kPartDone,
             R"({"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"m","content":[]}})"});
        row("Every part of an item is done before the item is.",
            {kCreated, kMessage, kPart, kOutput, kOutputDone, kMessageDone});
        row("A response says what the items of its stream say.",
            {kCreated, kMessage, kPart, kOutput, kOutputDone, kPartDone, kMessageDone,
             R"({"type":"response.completed","response":{"output":[{"type":"message","id":"m","content":[{"type":"output_text","text":"a"}]}]}})"});
    }

    static void addGeminiRows()
    {
        const auto row = [](const char* rule, const Lines& lines) { add(rule, Api::Gemini, lines); };
        const char* text = R"({"candidates":[{"content":{"parts":[{"text":"a"}]}}]})";
        const char* finish = R"({"candidates":[{"finishReason":"STOP"}]})";
        row("An event is one JSON object.", {text, "]"});
        row("Every candidate says why it finished.", {text});
        row("Every candidate says why it finished.", {text, R"({"candidates":[{"index":1,"finishReason":"STOP"}]})"});
        row("A reply has a candidate, or says why it has none.", {R"({"usageMetadata":{}})"});
        row("A candidate finishes once, and nothing follows.", {text, finish, text});
        row("A candidate finishes once, and nothing follows.", {text, finish, finish});
        row("A part is an object.", {R"({"candidates":[{"content":{"parts":["a"]}}]})"});
        row("A call begins with its name.",
            {R"({"candidates":[{"content":{"parts":[{"functionCall":{"args":{}}}]}}]})"});
        row("A call's arguments are an object.",
            {R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":"ls","args":"a"}}]}}]})"});
        const char* open =
            R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":"ls","willContinue":true}}]}}]})";
        row("A call begins after the one before it has ended.", {open, open});
        row("A candidate finishes after its calls have ended.", {open, finish});
        row("Nothing follows an error.", {text, R"({"error":{"code":500}})", finish});
    }

    static void addOllamaRows()
    {
        const auto row = [](const char* rule, const Lines& lines) { add(rule, Api::Ollama, lines); };
        const char* text = R"({"message":{"content":"a"},"done":false})";
        const char* done = R"({"message":{"content":""},"done":true})";
        row("A line is one JSON object.", {text, "[]"});
        row("The last line says that it is done.", {text});
        row("Nothing follows the line that is done.", {text, done, done});
        row("Nothing follows the line that is done.", {R"({"error":"e"})", done});
        row("A line has a message or a response, and says whether it is done.", {R"({"done":false})"});
        row("A line has a message or a response, and says whether it is done.", {R"({"message":{}})"});
        row("A call has a name, and arguments that are an object.",
            {R"({"message":{"tool_calls":[{"function":{"name":"ls","arguments":"{}"}}]},"done":false})"});
    }

    std::vector<CorpusCase> m_cases;
};

LUTHIEN_TEST(tst_stream_checker, TestStreamChecker)
#include "tst_stream_checker.moc"
