// SPDX-License-Identifier: Apache-2.0
#include "conversation/response.h"
#include "support/corpus.h"
#include "support/running_proxy.h"
#include "support/test_registry.h"

#include <QObject>

#include <functional>
#include <map>
#include <random>

using namespace luthien;
using namespace luthien::test;
using conversation::Api;
using conversation::CallStatus;

namespace {
std::string pathOf(Api api)
{
    switch (api) {
    case Api::AnthropicMessages:
        return "/v1/messages";
    case Api::OpenAiChat:
        return "/v1/chat/completions";
    case Api::OpenAiResponses:
        return "/v1/responses";
    default:
        return "/openai/other";
    }
}

/// The recording's bytes in pieces of random size: mostly small ones, so that cuts fall everywhere.
std::vector<std::string> cutAtRandom(const std::string& bytes, unsigned seed)
{
    std::mt19937 random(seed);
    std::vector<std::string> pieces;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t size = 1 + random() % (random() % 4 == 0 ? 4096 : 60);
        pieces.push_back(bytes.substr(at, size));
        at += size;
        if (pieces.size() == 400) { // bounds the time of large recordings
            pieces.push_back(bytes.substr(std::min(at, bytes.size())));
            break;
        }
    }
    return pieces;
}
} // namespace

/// Every recorded reply, played by a real upstream through a real proxy to a real client.
class TestCorpusReplay : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        for (CorpusCase& recording : loadCorpus())
            m_cases.emplace(recording.id, std::move(recording));
        QVERIFY(m_cases.size() > 100);
        m_upstream = std::make_unique<ScriptedUpstream>([this](const ScriptedRequest& request) {
            const CorpusCase& recording = m_cases.at(request.header("x-recording"));
            const auto seed = static_cast<unsigned>(std::hash<std::string>()(recording.id));
            return ScriptedReply{.status = recording.status,
                                 .headers = {{"Content-Type", recording.isSse() ? "text/event-stream; charset=utf-8"
                                                                                : "application/json"}},
                                 .pieces = cutAtRandom(recording.bytes, seed),
                                 .framing =
                                     seed % 3 == 0 ? ScriptedReply::Framing::Length : ScriptedReply::Framing::Chunked};
        });
        m_proxy = std::make_unique<RunningProxy>(m_upstream->baseUrl());
    }

    void bytesPassAndTheRecordUnderstandsThem_data()
    {
        QTest::addColumn<std::string>("id");
        for (const auto& [id, recording] : m_cases)
            QTest::newRow(id.c_str()) << id;
    }
    void bytesPassAndTheRecordUnderstandsThem()
    {
        QFETCH(std::string, id);
        const CorpusCase& recording = m_cases.at(id);
        const std::string body = recording.request.empty() ? "{}" : recording.request;
        RawClient client(m_proxy->port);
        client.send(m_proxy->request(body, pathOf(recording.api), "x-recording: " + id + "\r\n"));
        const auto reply = client.readReply();
        QVERIFY(reply.complete);
        QCOMPARE(reply.status, int(recording.status));
        QVERIFY2(reply.body == recording.bytes, "the client's bytes are not the upstream's");
        QCOMPARE(m_upstream->requests().back().body, body);

        QVERIFY(m_proxy->recording.waitForEnded(m_proxy->recording.calls().size()));
        const RecordedCall call = m_proxy->recording.calls().back();
        QVERIFY2(call.receivedBody() == recording.bytes, "the record's bytes are not the upstream's");
        QVERIFY(call.hasGaplessNumbers());
        QCOMPARE(call.ended->response,
                 (conversation::BodyTotals{recording.bytes.size(), 0, Sha256::of(recording.bytes)}));
        const bool isRead = call.api != Api::Other;
        if (!isRead)
            return;
        const auto response =
            call.reply.empty() ? Result(conversation::Response()) : conversation::responseFromJson(call.reply);
        QVERIFY(response.hasValue());
        const QStringList found = differences(recording, *response);
        QVERIFY2(found.isEmpty(), qPrintable(found.join(QStringLiteral("; "))));
        if (recording.status >= 400)
            QCOMPARE(call.ended->status, CallStatus::Failed);
    }

private:
    std::map<std::string, CorpusCase> m_cases;
    std::unique_ptr<ScriptedUpstream> m_upstream;
    std::unique_ptr<RunningProxy> m_proxy;
};

LUTHIEN_TEST(tst_corpus_replay, TestCorpusReplay)
#include "tst_corpus_replay.moc"
