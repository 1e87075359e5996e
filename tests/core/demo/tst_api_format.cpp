// SPDX-License-Identifier: Apache-2.0
#include "conversation/response.h"
#include "demo/api_format.h"
#include "protocol/dialect.h"
#include "protocol/sse_parser.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::demo;
using conversation::Api;
using conversation::Block;
using conversation::BlockKind;
using conversation::Response;
using conversation::Role;

Q_DECLARE_METATYPE(luthien::conversation::Api)

namespace {
Response readEvents(Api api, const std::vector<std::string>& events, bool& isComplete)
{
    const auto decoder = protocol::dialectFor(api).makeDecoder();
    conversation::ResponseAssembler assembler;
    protocol::SseParser parser;
    for (const std::string& bytes : events) {
        const auto step = parser.parse(bytes);
        for (const auto& event : decoder->decode(step.event.type, step.event.data))
            assembler.apply(event);
    }
    isComplete = decoder->isComplete() && !decoder->sawGarbage();
    return assembler.response();
}

Response readBody(Api api, const std::string& body)
{
    std::vector<conversation::StreamEvent> events;
    const auto decoder = protocol::dialectFor(api).decodeBody(body, events);
    conversation::ResponseAssembler assembler;
    for (const auto& event : events)
        assembler.apply(event);
    return assembler.response();
}

std::vector<Message> readRequest(Api api, const std::string& path, const std::string& body)
{
    const auto& dialect = protocol::dialectFor(api);
    const auto request = dialect.parseRequest(path, body);
    std::vector<Message> conversation;
    for (const auto& span : request->messages) {
        Message message;
        message.role = dialect.parseMessage(std::string_view(body).substr(span.offset, span.length), message.blocks);
        conversation.push_back(std::move(message));
    }
    return conversation;
}
} // namespace

/// What one side writes, the dialects of protocol/ read, which are held against recordings of the real thing.
class TestApiFormat : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void repliesReadAsTheTurn_data() { addApis(); }
    void repliesReadAsTheTurn();
    void requestsReadAsTheConversation_data() { addApis(); }
    void requestsReadAsTheConversation();
    void cutsBetweenCharacters();
    void speaksNothingElse();

private:
    static void addApis()
    {
        QTest::addColumn<Api>("api");
        QTest::newRow("Messages") << Api::AnthropicMessages;
        QTest::newRow("Responses") << Api::OpenAiResponses;
    }
};

void TestApiFormat::repliesReadAsTheTurn()
{
    QFETCH(Api, api);
    const ApiFormat& format = *formatFor(api);
    const ModelTurn turn{.text = "Käufer: “all”", .command = kDropCommand};
    bool isComplete = false;
    const Response streamed = readEvents(api, format.replyEvents(turn, "m1"), isComplete);
    QVERIFY(isComplete);
    QCOMPARE(streamed.blocks.size(), 2U);
    QCOMPARE(streamed.blocks[0].text, turn.text);
    QCOMPARE(commandOf(streamed.blocks[1].text).value(), *turn.command);
    QCOMPARE(streamed.stopReason, conversation::StopReason::ToolUse);
    QVERIFY2(readBody(api, format.replyBody(turn, "m1")) == streamed, "whole and streamed differ");

    const Response last = readEvents(api, format.replyEvents({.text = "Done", .command = {}}, "m2"), isComplete);
    QVERIFY(isComplete);
    QCOMPARE(last.blocks.size(), 1U);
    QCOMPARE(last.stopReason, conversation::StopReason::EndTurn);
}

void TestApiFormat::requestsReadAsTheConversation()
{
    QFETCH(Api, api);
    const ApiFormat& format = *formatFor(api);
    const Block call{.kind = BlockKind::ToolUse, .id = "c1", .name = "t", .text = R"({"command":"ls"})"};
    const Block result{.kind = BlockKind::ToolResult, .id = "c1", .text = "240\n"};
    const std::vector<Message> conversation{
        {Role::User, {{.text = kTask}}}, {Role::Assistant, {{.text = "First"}, call}}, {Role::Tool, {result}}};
    const std::string body = format.requestBody(conversation, ReplyForm::Streamed);
    QVERIFY(protocol::dialectFor(api).parseRequest(format.path(), body)->stream);
    QVERIFY(!protocol::dialectFor(api)
                 .parseRequest(format.path(), format.requestBody(conversation, ReplyForm::Whole))
                 ->stream);
    std::vector<Block> read;
    for (const Message& message : readRequest(api, std::string(format.path()), body))
        read.insert(read.end(), message.blocks.begin(), message.blocks.end());
    QCOMPARE(read.size(), 4U);
    QCOMPARE(read[1].text, std::string("First"));
    QCOMPARE(read[2].kind, BlockKind::ToolUse);
    QCOMPARE(commandOf(read[2].text).value(), std::string("ls"));
    QCOMPARE(read[3].kind, BlockKind::ToolResult);
    QCOMPARE(read[3].id, std::string("c1"));
    QCOMPARE(read[3].text, result.text);
}

void TestApiFormat::cutsBetweenCharacters()
{
    const std::string text = "123456ä7€89ab";
    std::string joined;
    for (const std::string_view piece : piecesOf(text)) {
        QVERIFY(QString::fromUtf8(piece.data(), static_cast<qsizetype>(piece.size())).toStdString() == piece);
        joined += piece;
    }
    QCOMPARE(joined, text);
    QVERIFY(piecesOf("").empty());
}

void TestApiFormat::speaksNothingElse()
{
    QVERIFY(formatFor(Api::OpenAiChat) == nullptr);
}

LUTHIEN_TEST(tst_api_format, TestApiFormat)
#include "tst_api_format.moc"
