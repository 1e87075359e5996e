// SPDX-License-Identifier: Apache-2.0
#include "archive/read_cut_call.h"
#include "conversation/response.h"
#include "integration/corpus_upstream.h"
#include "store/store.h"
#include "support/running_proxy.h"
#include "support/stored_events.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QJsonDocument>
#include <QObject>

#include <map>
#include <memory>
#include <string>

using namespace luthien;
using namespace luthien::test;
using conversation::Direction;
using conversation::WireKind;

namespace {
std::string callIdOf(const RawClient::Reply& reply)
{
    return reply.header("x-luthien-call-id");
}

std::string spaced(const std::string& json)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(json)).toJson(QJsonDocument::Indented).toStdString();
}

/// The reply's body as the record has it.
std::string receivedBody(const std::vector<store::EventRow>& events)
{
    std::string body;
    for (const store::EventRow& event : events) {
        const bool isHead = event.kind == WireKind::Head && event.bytes.starts_with("{\"status\"");
        if (event.direction == Direction::Received && event.kind != WireKind::Request && event.kind != WireKind::End &&
            !isHead)
            body += event.bytes;
    }
    return body;
}
} // namespace

/// What stands in the database after every recorded reply went through the proxy.
class TestCorpusStore : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data() { addEngines(); }
    void initTestCase()
    {
        m_recordings = recordings();
        QVERIFY(m_recordings.size() > 100);
        m_upstream = std::make_unique<ScriptedUpstream>(replaying(m_recordings));
    }
    void init()
    {
        QFETCH_GLOBAL(QString, engine);
        auto& recorded = m_recorded[engine];
        if (!recorded)
            recorded = std::make_unique<Recorded>(engine, m_upstream->baseUrl());
        m_store = recorded->store.get();
        m_reader = recorded->reader.get();
        m_proxy = recorded->proxy.get();
        QVERIFY(m_proxy != nullptr);
    }
    void cleanupTestCase() { m_recorded.clear(); }

    void theStoredConversationIsTheRecordedOne_data()
    {
        QTest::addColumn<std::string>("id");
        for (const auto& [id, recording] : m_recordings)
            QTest::newRow(id.c_str()) << id;
    }
    void theStoredConversationIsTheRecordedOne()
    {
        QFETCH(std::string, id);
        const CorpusCase& recording = m_recordings.at(id);
        const std::string body = recording.request.empty() ? askingFor(recording) : recording.request;
        RawClient client(m_proxy->port);
        client.send(m_proxy->request(body, replayPath(recording), "x-recording: " + id + "\r\n"));
        const auto answer = client.readReply();
        const auto call = CallId::parse(callIdOf(answer));
        QVERIFY(call);
        QVERIFY(m_store->flush(std::chrono::seconds(10)).hasValue());

        const auto row = m_reader->call(*call);
        QVERIFY2(row.hasValue(), row ? "" : row.error().toString().c_str());
        QVERIFY(row->status != conversation::CallStatus::Open);
        QCOMPARE(row->httpStatus, recording.status);
        QCOMPARE(m_reader->requestBody(*call).value(), body);
        const auto events = eventsOf(*m_reader, *call);
        QVERIFY(events.hasValue());
        for (std::size_t seq = 0; seq < events->size(); ++seq)
            QCOMPARE((*events)[seq].seq, seq);
        QVERIFY2(receivedBody(*events) == recording.bytes, "the record's bytes are not the upstream's");

        // Had it been cut off before its end, its events would say the same.
        const auto cut = archive::readCutCalls(nullptr)({.api = row->api, .stream = row->stream, .model = row->model});
        for (const store::EventRow& event : *events)
            cut->read({.seq = event.seq,
                       .at = event.at,
                       .direction = event.direction,
                       .kind = event.kind,
                       .bytes = event.bytes});
        conversation::CallEnded ended;
        cut->describe(ended);
        QCOMPARE(std::string(ended.reply), m_reader->reply(*call).value());
        QCOMPARE(ended.httpStatus, row->httpStatus);
        QCOMPARE(ended.stopReason, row->stopReason);
        QCOMPARE(std::string(ended.rawStopReason), row->rawStopReason);
        QVERIFY(ended.usage == row->usage);
        QCOMPARE(ended.firstByteAt.has_value(), row->firstByteAt.has_value());
        QCOMPARE(ended.firstTokenAt.has_value(), row->firstTokenAt.has_value());

        if (row->api == conversation::Api::Other)
            return;
        const std::string reply = m_reader->reply(*call).value();
        const auto response = reply.empty() ? Result(conversation::Response()) : conversation::responseFromJson(reply);
        QVERIFY(response.hasValue());
        const QStringList found = differences(recording, *response);
        QVERIFY2(found.isEmpty(), qPrintable(found.join(QStringLiteral("; "))));
        QVERIFY(row->usage == response->usage);
        QCOMPARE(row->rawStopReason, response->rawStopReason);
    }

    void realRequestsAreRestoredByteForByte_data()
    {
        QTest::addColumn<std::string>("path");
        QTest::addColumn<std::string>("body");
        for (const ClientRequest& request : loadClientRequests()) {
            if (request.body.empty())
                continue;
            const bool isRouted = !request.path.starts_with("/v1beta/");
            const std::string path = (isRouted ? "" : "/openai") + request.path;
            QTest::newRow(request.name.c_str()) << path << request.body;
            // The next turn of a conversation shares its messages, and not every client writes them without spaces.
            QTest::addRow("%s, written with spaces", request.name.c_str()) << path << spaced(request.body);
        }
    }
    void realRequestsAreRestoredByteForByte()
    {
        QFETCH(std::string, path);
        QFETCH(std::string, body);
        RawClient client(m_proxy->port);
        client.send(m_proxy->request(body, path, "x-recording: " + m_recordings.begin()->first + "\r\n"));
        const auto call = CallId::parse(callIdOf(client.readReply()));
        QVERIFY(call);
        QVERIFY(m_store->flush(std::chrono::seconds(10)).hasValue());
        QVERIFY(m_reader->requestBody(*call).value() == body);
        const auto messages = m_reader->messages(*call, 0, 1000);
        QVERIFY(messages.hasValue());
        QCOMPARE(m_reader->call(*call)->messageCount, messages->size());
        if (m_reader->call(*call)->api != conversation::Api::Other)
            QVERIFY(!messages->empty());
        std::size_t at = 0;
        for (const store::MessageRow& message : *messages) {
            at = body.find(message.json, at);
            QVERIFY(at != std::string::npos);
            at += message.json.size();
        }
    }

private:
    /// A proxy that records into one of the databases.
    struct Recorded
    {
        Recorded(const QString& engine, const std::string& upstream)
            : database(engine)
        {
            auto opened = store::Store::open(
                {.directory = database.path().toStdString(), .database = database.url(), .ballastBytes = 0});
            if (!opened)
                return;
            store = *std::move(opened);
            auto reading = store->openReader();
            if (!reading)
                return;
            reader = *std::move(reading);
            proxy = std::make_unique<RunningProxy>(upstream, RunningProxy::Change(),
                                                   [this](int worker) { return store->makeSink(worker); });
        }

        TestDatabase database;
        std::unique_ptr<store::Store> store;
        std::unique_ptr<store::Reader> reader;
        std::unique_ptr<RunningProxy> proxy;
    };

    Recordings m_recordings;
    std::unique_ptr<ScriptedUpstream> m_upstream;
    std::map<QString, std::unique_ptr<Recorded>> m_recorded; ///< by engine
    store::Store* m_store = nullptr;
    store::Reader* m_reader = nullptr;
    RunningProxy* m_proxy = nullptr;
};

LUTHIEN_TEST(tst_corpus_store, TestCorpusStore)
#include "tst_corpus_store.moc"
