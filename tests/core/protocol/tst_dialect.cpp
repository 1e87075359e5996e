// SPDX-License-Identifier: Apache-2.0
#include "conversation/response.h"
#include "protocol/dialect.h"
#include "protocol/sse_parser.h"
#include "support/corpus.h"
#include "support/test_registry.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::protocol;
using namespace luthien::test;

Q_DECLARE_METATYPE(luthien::conversation::Api)

namespace {

constexpr Api kAllApis[] = {
    Api::AnthropicMessages, Api::OpenAiChat, Api::OpenAiResponses, Api::Gemini, Api::Ollama, Api::Other};
constexpr Api kReadApis[] = {Api::AnthropicMessages, Api::OpenAiChat, Api::OpenAiResponses};

QJsonObject parsed(std::string_view json)
{
    return QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size()))).object();
}

QByteArray compact(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

class TestDialect : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachApiHasItsDialect()
    {
        for (const Api api : kAllApis)
            QCOMPARE(dialectFor(api).api(), api);
    }

    void errorBodiesHaveTheApisForm_data()
    {
        QTest::addColumn<Api>("api");
        QTest::addColumn<unsigned>("status");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char* name, Api api, unsigned status, const char* code, const char* body) {
            QTest::newRow(name) << api << status << QByteArray(code) << QByteArray(body);
        };
        row("Messages, too large", Api::AnthropicMessages, 413, "payload_too_large",
            R"({"error":{"details":{"code":"payload_too_large"},"message":"Why.","type":"request_too_large"},"request_id":"r1","type":"error"})");
        row("Messages, blocked", Api::AnthropicMessages, 400, "blocked_by_policy",
            R"({"error":{"details":{"code":"blocked_by_policy"},"message":"Why.","type":"invalid_request_error"},"request_id":"r1","type":"error"})");
        row("Messages, overloaded", Api::AnthropicMessages, 503, "overloaded",
            R"({"error":{"details":{"code":"overloaded"},"message":"Why.","type":"overloaded_error"},"request_id":"r1","type":"error"})");
        row("Messages, unreachable", Api::AnthropicMessages, 502, "upstream_unreachable",
            R"({"error":{"details":{"code":"upstream_unreachable"},"message":"Why.","type":"api_error"},"request_id":"r1","type":"error"})");
        row("Chat, blocked", Api::OpenAiChat, 400, "blocked_by_policy",
            R"({"error":{"code":"blocked_by_policy","message":"Why.","param":null,"type":"invalid_request_error"}})");
        row("Responses, timeout", Api::OpenAiResponses, 504, "upstream_timeout",
            R"({"error":{"code":"upstream_timeout","message":"Why.","param":null,"type":"server_error"}})");
        row("Gemini, blocked", Api::Gemini, 400, "blocked_by_policy",
            R"({"error":{"code":400,"details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"blocked_by_policy"}],"message":"Why.","status":"INVALID_ARGUMENT"}})");
        row("Ollama", Api::Ollama, 502, "upstream_unreachable", R"({"error":"Why."})");
        row("another API", Api::Other, 404, "not_found",
            R"({"error":{"code":"not_found","message":"Why.","request_id":"r1"}})");
    }
    void errorBodiesHaveTheApisForm()
    {
        QFETCH(Api, api);
        QFETCH(unsigned, status);
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, body);
        const std::string json = dialectFor(api).errorBody(status, code.toStdString(), "Why.", "r1");
        QCOMPARE(compact(parsed(json)), body);
        if (api == Api::Other)
            return;
        std::vector<StreamEvent> events; // our own errors read like the provider's
        const auto decoder = dialectFor(api).decodeBody(json, events);
        QCOMPARE(events.size(), std::size_t{1});
        QCOMPARE(events.front().kind, EventKind::Error);
        QCOMPARE(events.front().text, std::string_view("Why."));
    }

    void anErrorEventEndsAStream_data()
    {
        QTest::addColumn<Api>("api");
        for (const Api api : kReadApis)
            QTest::newRow(std::string(apiName(api)).c_str()) << api;
    }
    void anErrorEventEndsAStream()
    {
        QFETCH(Api, api);
        const Dialect& dialect = dialectFor(api);
        const auto decoder = dialect.makeDecoder();
        const std::string wire = dialect.errorEvent("upstream_cut", "The upstream broke off.");
        SseParser parser;
        ResponseAssembler assembler;
        for (std::string_view rest = wire; !rest.empty();) {
            const SseParser::Step step = parser.parse(rest);
            QCOMPARE(step.state, SseParser::State::Event);
            rest.remove_prefix(step.consumed);
            for (const StreamEvent& event : decoder->decode(step.event.type, step.event.data))
                assembler.apply(event);
        }
        QVERIFY(!parser.isInsideEvent());
        QVERIFY(decoder->isComplete());
        QVERIFY(!decoder->sawGarbage());
        QCOMPARE(assembler.response().error, std::string("The upstream broke off."));
        QCOMPARE(assembler.response().stopReason, StopReason::Failed);
    }

    /// Codex sends a request again after server_error, and shows the message after any other code.
    void codexRetriesOnlyWhatMayPass()
    {
        const Dialect& dialect = dialectFor(Api::OpenAiResponses);
        QVERIFY(dialect.errorEvent("upstream_cut", "x").find(R"("code":"server_error")") != std::string::npos);
        QVERIFY(dialect.errorEvent("shutting_down", "x").find(R"("code":"server_error")") != std::string::npos);
        QVERIFY(dialect.errorEvent("blocked_by_policy", "x").find(R"("code":"invalid_prompt")") != std::string::npos);
    }

    void keepAlivesMeanNothing_data() { anErrorEventEndsAStream_data(); }
    void keepAlivesMeanNothing()
    {
        QFETCH(Api, api);
        const Dialect& dialect = dialectFor(api);
        SseParser parser;
        const SseParser::Step step = parser.parse(dialect.keepalive());
        QCOMPARE(step.state, SseParser::State::Event);
        QCOMPARE(step.consumed, dialect.keepalive().size());
        if (step.event.isComment)
            return;
        const auto decoder = dialect.makeDecoder();
        const auto events = decoder->decode(step.event.type, step.event.data);
        QCOMPARE(events.size(), std::size_t{1});
        QCOMPARE(events.front().kind, EventKind::Keepalive);
    }

    /// JSONTestSuite: no input crashes, and only objects are requests.
    void anyBytesAreSurvived_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const QDir folder(QString::fromStdString(testDataDir()) + QLatin1String("/json-test-suite"));
        for (const QString& name : folder.entryList({QStringLiteral("*.json")}, QDir::Files))
            QTest::newRow(qPrintable(name)) << QByteArray::fromStdString(readFile(folder.filePath(name).toStdString()));
    }
    void anyBytesAreSurvived()
    {
        QFETCH(QByteArray, bytes);
        const std::string body = bytes.toStdString();
        const bool isValidObject =
            QByteArray(QTest::currentDataTag()).startsWith("y_") && bytes.trimmed().startsWith('{');
        for (const Api api : kAllApis) {
            const Dialect& dialect = dialectFor(api);
            const Result<RequestView> view = dialect.parseRequest("/v1/x", body);
            if (api != Api::Other) {
                QVERIFY(!view || bytes.trimmed().startsWith('{'));
                QVERIFY(view || !isValidObject);
            }
            std::vector<Block> blocks;
            std::ignore = dialect.parseMessage(body, blocks);
            std::vector<StreamEvent> events;
            std::ignore = dialect.decodeBody(body, events);
            const auto decoder = dialect.makeDecoder();
            for (const std::string_view type : {"", "content_block_start", "response.completed", "error"})
                QVERIFY(!decoder->decode(type, body).empty());
            if (!bytes.trimmed().isEmpty() && !bytes.trimmed().startsWith('{') && api != Api::Gemini &&
                api != Api::Ollama && api != Api::Other)
                QVERIFY(decoder->sawGarbage());
        }
    }

    void badWireTypesAreSurvived()
    {
        // Every member in turn has a type nobody sends.
        for (const char* value : {"null", "7", "\"\"", "[]", "{}", "true", "[[1]]", "[{}]", "1e400", "\"\\ud800\""}) {
            for (const char* key :
                 {"type",    "index",  "delta",    "content_block", "message",      "usage",    "error",
                  "choices", "item",   "part",     "response",      "output_index", "id",       "model",
                  "content", "output", "messages", "input",         "system",       "metadata", "stream"}) {
                const std::string json = std::string("{\"") + key + "\":" + value + "}";
                for (const Api api : kReadApis) {
                    for (const char* type : {"content_block_delta", "message_start", "response.output_item.done",
                                             "response.completed", "response.output_text.delta"})
                        QVERIFY(!dialectFor(api).makeDecoder()->decode(type, json).empty());
                    std::vector<StreamEvent> events;
                    std::ignore = dialectFor(api).decodeBody(json, events);
                    std::ignore = dialectFor(api).parseRequest("/", json);
                    std::vector<Block> blocks;
                    std::ignore = dialectFor(api).parseMessage(json, blocks);
                }
            }
        }
    }
};

} // namespace

LUTHIEN_TEST(tst_dialect, TestDialect)
#include "tst_dialect.moc"
