// SPDX-License-Identifier: Apache-2.0
#include "conversation/response.h"
#include "integration/corpus_upstream.h"
#include "support/no_drops.h"
#include "support/running_proxy.h"
#include "support/test_registry.h"

#include <QObject>

#include <algorithm>
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
        m_judged = std::make_unique<RunningProxy>(m_upstream->baseUrl(), [](auto&, proxy::ProxySnapshot& snapshot) {
            snapshot.gates = gatesWith(conversation::PolicyMode::Enforce);
        });
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
        const std::string body = recording.request.empty() ? askingFor(recording) : recording.request;
        RawClient client(m_proxy->port);
        client.send(m_proxy->request(body, replayPath(recording), "x-recording: " + id + "\r\n"));
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

    void whatPoliciesAllowPassesByteForByte_data() { bytesPassAndTheRecordUnderstandsThem_data(); }
    void whatPoliciesAllowPassesByteForByte()
    {
        QFETCH(std::string, id);
        const CorpusCase& recording = m_cases.at(id);
        const std::string body = askingFor(recording);
        RawClient client(m_judged->port);
        client.send(m_judged->request(body, replayPath(recording), "x-recording: " + id + "\r\n"));
        const auto reply = client.readReply();
        QVERIFY(m_judged->recording.waitForEnded(m_judged->recording.calls().size()));
        const RecordedCall call = m_judged->recording.calls().back();
        QVERIFY2(call.ended->status != CallStatus::Blocked, call.error.c_str());
        QVERIFY2(reply.body == recording.bytes, "what no policy changed is not what came");
        QVERIFY(reply.complete);
        QCOMPARE(call.ended->response.changedBytes, std::uint64_t(0));
        QVERIFY(call.sentReply.empty());
        m_holds += std::ranges::count(call.wires, conversation::WireKind::Hold, &RecordedCall::Wire::kind);
    }
    void cleanupTestCase() { QVERIFY2(m_holds > 20, "calls were waited for on the way"); }

private:
    Recordings m_cases;
    std::unique_ptr<ScriptedUpstream> m_upstream;
    std::unique_ptr<RunningProxy> m_proxy;
    std::ptrdiff_t m_holds = 0;
    std::unique_ptr<RunningProxy> m_judged; ///< with a policy that sees every call and allows them all
};

LUTHIEN_TEST(tst_corpus_replay, TestCorpusReplay)
#include "tst_corpus_replay.moc"
