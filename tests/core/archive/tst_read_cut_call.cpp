// SPDX-License-Identifier: Apache-2.0
#include "archive/json_shapes.h"
#include "archive/read_cut_call.h"
#include "archive/read_texts.h"
#include "archive/text_hits.h"
#include "conversation/response.h"
#include "filter/word_query.h"
#include "store/store.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace luthien;
using namespace luthien::archive;
using namespace luthien::conversation;
using luthien::test::TestDatabase;

namespace {
constexpr std::string_view kHead = "{\"status\":200,\"headers\":[[\"content-type\",\"text/event-stream\"]]}";
constexpr std::string_view kStart =
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m1\",\"type\":\"message\",\"role\":"
    "\"assistant\",\"model\":\"claude-test-2\",\"content\":[],\"usage\":{\"input_tokens\":1000,\"output_tokens\":1}}}"
    "\n\n";
constexpr std::string_view kBlock = "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
                                    "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";
constexpr std::string_view kText = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                                   "\"delta\":{\"type\":\"text_delta\",\"text\":\"The zeppelin lands\"}}\n\n";
constexpr std::chrono::seconds kLong{20};

std::unique_ptr<store::Store> open(const TestDatabase& database)
{
    auto prices = std::make_shared<const PriceTable>(std::vector<ModelPrice>{
        {.model = "claude-test-2", .input = 3, .output = 15, .cacheRead = {}, .cacheWrite = {}}});
    auto store = store::Store::open({.directory = database.path().toStdString(),
                                     .database = database.url(),
                                     .ballastBytes = 0,
                                     .readTexts = readTexts,
                                     .readCutCall = readCutCalls(std::move(prices))});
    return store ? *std::move(store) : nullptr;
}

/// One that its process did not live to end.
CallId record(EventSink& sink)
{
    const TimePoint start = fromMicros(1'790'000'000'000'000);
    const CallId id = CallId::make(start);
    sink.opened({.call = id,
                 .at = start,
                 .identity = {.session = "cut", .client = "sample"},
                 .api = Api::AnthropicMessages,
                 .upstream = "anthropic",
                 .method = "POST",
                 .path = "/v1/messages",
                 .model = "claude-test",
                 .preview = "hi",
                 .stream = true});
    sink.request({.call = id, .seq = 0, .at = start, .head = "{}", .body = "{}", .messages = {}});
    std::uint32_t seq = 1;
    for (const auto& [kind, bytes] : {std::pair(WireKind::Head, kHead), std::pair(WireKind::Usage, kStart),
                                      std::pair(WireKind::Head, kBlock), std::pair(WireKind::Text, kText)}) {
        sink.wire({.call = id,
                   .seq = seq,
                   .at = start + std::chrono::milliseconds(seq),
                   .direction = Direction::Received,
                   .kind = kind,
                   .partial = false,
                   .bytes = bytes,
                   .meaning = {}});
        ++seq;
    }
    return id;
}
} // namespace

class TestReadCutCall : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }

    void aCallThatACrashCutOffSaysWhatItHad()
    {
        const TestDatabase database;
        auto store = open(database);
        QVERIFY(store);
        auto sink = store->makeSink(0);
        const CallId id = record(*sink);
        QVERIFY(store->flush(kLong));
        sink.reset();
        store.reset();
        store = open(database);
        QVERIFY(store && store->flush(kLong));

        const auto reader = *store->openReader();
        const auto call = reader->call(id);
        QVERIFY(call);
        QCOMPARE(call->status, CallStatus::Truncated);
        QCOMPARE(call->httpStatus, 200);
        QCOMPARE(call->model, std::string("claude-test-2"));
        QCOMPARE(call->usage.input, std::optional<std::int64_t>(1000));
        QCOMPARE(call->firstByteAt, std::optional(call->startedAt + std::chrono::milliseconds(1)));
        QCOMPARE(call->firstTokenAt, std::optional(call->startedAt + std::chrono::milliseconds(4)));
        QVERIFY(call->costUsd && *call->costUsd > 0.003 && *call->costUsd < 0.0031);
        const auto reply = responseFromJson(reader->reply(id).value());
        QVERIFY(reply && reply->blocks.size() == 1);
        QCOMPARE(reply->blocks.front().text, std::string("The zeppelin lands"));
        const auto session = reader->session("cut");
        QVERIFY(session && session->inputTokens == 1000 && session->costUsd);

        QVERIFY(QTest::qWaitFor([&] { return *reader->countUnindexed(1) == 0; }, 20'000));
        const auto hits =
            findHits(*reader, {.words = *filter::parseWordQuery("zeppelin"), .filter = {}, .now = {}}, {}, 10);
        QVERIFY(hits && hits->items.size() == 1);
        QCOMPARE(hits->items.front().call, id);
    }

    /// A policy threw the reply away, and the model had not answered again yet.
    void aReplyThatWasThrownAwayIsNotItsReply()
    {
        const auto cut = readCutCalls(nullptr)({.api = Api::AnthropicMessages, .stream = true, .model = "m"});
        const auto read = [&cut](WireKind kind, std::string_view bytes, Direction direction = Direction::Received) {
            WireEvent event;
            event.kind = kind;
            event.bytes = bytes;
            event.direction = direction;
            cut->read(event);
        };
        read(WireKind::Request, "{}");
        read(WireKind::Head, kHead);
        read(WireKind::Usage, kStart);
        read(WireKind::Head, kBlock);
        read(WireKind::Text, kText);
        read(WireKind::Request, "{}", Direction::Sent);
        CallEnded ended;
        cut->describe(ended);
        QCOMPARE(ended.httpStatus, 0);
        QCOMPARE(std::string(ended.reply), std::string());
        QCOMPARE(std::string(ended.model), std::string());
        QCOMPARE(ended.usage.input, std::optional<std::int64_t>(1000)); // it was paid for
    }

    void whatNobodyCountedIsNull()
    {
        const TestDatabase database;
        auto store = open(database);
        auto sink = store->makeSink(0);
        const CallId id = record(*sink);
        sink.reset();
        store.reset();
        store = open(database);
        QVERIFY(store && store->flush(kLong));
        const auto call = (*store->openReader())->call(id);
        QVERIFY(call);
        const QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(callJson(*call, {}))).object();
        for (const char* side : {"request", "response"}) {
            const QJsonObject totals = json.value(QLatin1String(side)).toObject();
            QCOMPARE(totals.size(), 3);
            for (const QJsonValue& value : totals)
                QVERIFY(value.isNull());
        }
    }
};

LUTHIEN_TEST(tst_read_cut_call, TestReadCutCall)
#include "tst_read_cut_call.moc"
