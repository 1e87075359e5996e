// SPDX-License-Identifier: Apache-2.0
#include "support/running_proxy.h"
#include "support/test_registry.h"

#include <QFile>
#include <QObject>
#include <QTemporaryDir>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;

namespace {
ScriptedReply json(std::string body)
{
    return {.headers = {{"Content-Type", "application/json"}}, .pieces = {std::move(body)}};
}

} // namespace

class TestTls : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_certificate = TestCertificate::make({"localhost", "upstream.test"}, {"127.0.0.1"});
        m_wrong = TestCertificate::make({"other.test"});
        m_caFile = write("ca.pem", m_certificate.certificatePem);
        m_wrongCaFile = write("wrong.pem", m_wrong.certificatePem);
    }

    void aTrustedUpstreamIsReachedAndItsConnectionKept_data()
    {
        QTest::addColumn<QString>("host");
        QTest::newRow("by name") << QStringLiteral("localhost");
        QTest::newRow("by address") << QStringLiteral("127.0.0.1");
    }
    void aTrustedUpstreamIsReachedAndItsConnectionKept()
    {
        QFETCH(QString, host);
        ScriptedUpstream upstream([](const auto& request) { return json(request.body); }, m_certificate);
        RunningProxy running(upstream.baseUrl(host.toStdString()), trusting(m_caFile));
        RawClient client(running.port);
        const std::string large(3 * 1024 * 1024, 'x');
        for (const std::string& body : {std::string("1"), large, std::string("3")}) {
            client.send(running.request(body));
            const auto reply = client.readReply();
            QVERIFY(reply.complete);
            QVERIFY(reply.body == body);
        }
        QCOMPARE(upstream.connections(), 1);
    }

    void aTlsStreamPassesAsItComes()
    {
        std::vector<std::string> pieces;
        std::string sent;
        for (int i = 0; i < 300; ++i)
            sent += pieces.emplace_back("data: {\"n\":" + std::to_string(i) + "}\n\n");
        ScriptedUpstream upstream(
            [&](const auto&) {
                return ScriptedReply{.headers = {{"Content-Type", "text/event-stream"}},
                                     .pieces = pieces,
                                     .framing = ScriptedReply::Framing::Chunked};
            },
            m_certificate);
        RunningProxy running(upstream.baseUrl("localhost"), trusting(m_caFile));
        RawClient client(running.port);
        client.send(running.request("{}", "/v1/chat/completions"));
        QCOMPARE(client.readReply().body, sent);
    }

    void aClientThatLeavesAbortsATlsUpstream()
    {
        ScriptedUpstream upstream(
            [](const auto&) {
                return ScriptedReply{.headers = {{"Content-Type", "text/event-stream"}},
                                     .pieces = {"data: 1\n\n"},
                                     .framing = ScriptedReply::Framing::Chunked,
                                     .end = ScriptedReply::End::Hang};
            },
            m_certificate);
        RunningProxy running(upstream.baseUrl("localhost"), trusting(m_caFile));
        RawClient client(running.port);
        client.send(running.request("{}", "/v1/chat/completions"));
        QVERIFY(client.readUntil("data: 1").find("data: 1") != std::string::npos);
        client.close();
        QVERIFY(upstream.waitForAbort(5s).has_value());
    }

    void anUpstreamThatCannotProveItsNameIsRefused_data()
    {
        QTest::addColumn<bool>("trusted");
        QTest::newRow("a trusted certificate for another name") << true;
        QTest::newRow("the right name, nobody vouches for it") << false;
    }
    void anUpstreamThatCannotProveItsNameIsRefused()
    {
        QFETCH(bool, trusted);
        ScriptedUpstream upstream([](const auto&) { return json("secret"); }, trusted ? m_wrong : m_certificate);
        RunningProxy running(upstream.baseUrl("localhost"), trusting(m_wrongCaFile));
        RawClient client(running.port);
        client.send(running.request("{}"));
        const auto reply = client.readReply();
        QCOMPARE(reply.status, 502);
        QVERIFY2(reply.body.find("certificate") != std::string::npos, reply.body.c_str());
        QVERIFY2(upstream.requests().empty(), "not a byte of the request may leave");
    }

    void anUnreadableCaFileIsSaidAtTheStart()
    {
        Metrics metrics;
        Recording recording;
        proxy::Proxy proxy(
            {.port = 0, .caFile = "/nonexistent.pem"}, std::make_shared<proxy::ProxySnapshot>(),
            [&](int) { return recording.makeSink(); }, metrics);
        const auto listening = proxy.start();
        QVERIFY(!listening.hasValue());
        QCOMPARE(listening.error().code, ErrorCode::InvalidArgument);
    }

private:
    static RunningProxy::Change trusting(const std::string& caFile)
    {
        return [caFile](proxy::ProxyConfig& config, proxy::ProxySnapshot&) { config.caFile = caFile; };
    }
    std::string write(const char* name, const std::string& pem)
    {
        QFile file(m_directory.filePath(QString::fromLatin1(name)));
        if (file.open(QIODevice::WriteOnly))
            file.write(QByteArray::fromStdString(pem));
        return file.fileName().toStdString();
    }

    QTemporaryDir m_directory;
    TestCertificate m_certificate;
    TestCertificate m_wrong;
    std::string m_caFile;
    std::string m_wrongCaFile;
};

LUTHIEN_TEST(tst_tls, TestTls)
#include "tst_tls.moc"
