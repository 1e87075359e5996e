// SPDX-License-Identifier: Apache-2.0
#include "conversation/response.h"
#include "integration/corpus_upstream.h"
#include "support/running_proxy.h"
#include "support/test_registry.h"

#include <QObject>

#include <memory>
#include <string>

using namespace luthien;
using namespace luthien::test;
using conversation::Api;
using conversation::CallStatus;

/// Every recorded reply, played by a real upstream through a real proxy to a real client.
class TestCorpusReplay : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_cases = recordings();
        QVERIFY(m_cases.size() > 100);
        m_upstream = std::make_unique<ScriptedUpstream>(replaying(m_cases));
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
        client.send(m_proxy->request(body, replayPath(recording.api), "x-recording: " + id + "\r\n"));
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
    Recordings m_cases;
    std::unique_ptr<ScriptedUpstream> m_upstream;
    std::unique_ptr<RunningProxy> m_proxy;
};

LUTHIEN_TEST(tst_corpus_replay, TestCorpusReplay)
#include "tst_corpus_replay.moc"
