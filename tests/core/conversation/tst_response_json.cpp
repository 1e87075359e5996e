// SPDX-License-Identifier: Apache-2.0
#include "conversation/response.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::conversation;

namespace {

/// A reply with every member in use.
Response fullResponse()
{
    Response response;
    response.id = "msg_1";
    response.model = "m";
    response.blocks.resize(3);
    response.blocks[0].text = "caf\xC3\xA9 \"x\"\n";
    response.blocks[0].isRefusal = true;
    response.blocks[1].kind = BlockKind::ToolUse;
    response.blocks[1].choice = 1;
    response.blocks[1].executor = Executor::Mcp;
    response.blocks[1].id = "toolu_1";
    response.blocks[1].name = "Read";
    response.blocks[1].text = R"({"a": 1})";
    response.blocks[2].kind = BlockKind::ToolResult;
    response.blocks[2].isError = true;
    response.stopReason = StopReason::ToolUse;
    response.rawStopReason = "tool_use";
    response.rawStopReasons = {"tool_use", ""};
    response.usage = {.input = 5, .output = 0, .cacheRead = {}, .cacheWrite = 7, .reasoning = 3};
    response.error = "broken";
    return response;
}

class TestResponseJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theStoredFormReadsBackTheSame()
    {
        const Response response = fullResponse();
        const std::string json = toJson(response);
        const Result<Response> back = responseFromJson(json);
        QVERIFY(back.hasValue());
        QVERIFY(*back == response);
        QCOMPARE(toJson(*back), json);
        QVERIFY(*responseFromJson(toJson(Response())) == Response());
    }

    void theStoredFormIsFixed()
    {
        QCOMPARE(toJson(fullResponse()),
                 std::string("{\"id\":\"msg_1\",\"model\":\"m\",\"blocks\":["
                             "{\"kind\":\"text\",\"is_refusal\":true,\"text\":\"caf\xC3\xA9 \\\"x\\\"\\n\"},"
                             "{\"kind\":\"tool_use\",\"choice\":1,\"executor\":\"mcp\",\"id\":\"toolu_1\","
                             "\"name\":\"Read\",\"text\":\"{\\\"a\\\": 1}\"},"
                             "{\"kind\":\"tool_result\",\"is_error\":true,\"text\":\"\"}],"
                             "\"stop_reason\":\"tool_use\",\"raw_stop_reason\":\"tool_use\","
                             "\"raw_stop_reasons\":[\"tool_use\",\"\"],"
                             "\"usage\":{\"input\":5,\"output\":0,\"cache_write\":7,\"reasoning\":3},"
                             "\"error\":\"broken\"}"));
    }

    void otherJsonIsRefused_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("a list") << QByteArray("[]");
        QTest::newRow("no blocks") << QByteArray("{\"id\":\"x\"}");
        QTest::newRow("a block that is no object") << QByteArray("{\"blocks\":[1]}");
        QTest::newRow("a block of unknown kind") << QByteArray("{\"blocks\":[{\"kind\":\"song\"}]}");
        QTest::newRow("bytes after the end") << QByteArray("{\"blocks\":[]}{}");
    }
    void otherJsonIsRefused()
    {
        QFETCH(QByteArray, json);
        const Result<Response> response = responseFromJson(json.toStdString());
        QVERIFY(!response.hasValue());
        QCOMPARE(response.error().code, ErrorCode::InvalidInput);
    }
};

} // namespace

LUTHIEN_TEST(tst_response_json, TestResponseJson)
#include "tst_response_json.moc"
