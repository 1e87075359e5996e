// SPDX-License-Identifier: Apache-2.0
#include "desktop/proxy_sender.h"
#include "support/test_registry.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;

namespace {
constexpr const char* kCall = "01890a5d-ac96-774b-bcce-b302099a8057";
constexpr const char* kRequest = "POST /v1/messages HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}";
} // namespace

class TestProxySender : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_server = std::make_unique<QTcpServer>();
        QVERIFY(m_server->listen(QHostAddress::LocalHost));
        m_sender = std::make_unique<ProxySender>(u"http://127.0.0.1:%1"_s.arg(m_server->serverPort()), "of-this-proxy");
        m_answered = std::make_unique<QSignalSpy>(m_sender.get(), &RequestSender::answered);
        m_failed = std::make_unique<QSignalSpy>(m_sender.get(), &RequestSender::failed);
    }
    void cleanup()
    {
        m_sender.reset();
        m_server.reset();
    }

    void tellsUnderWhichIdItWasRecorded_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<int>("status"); // 0 = it failed
        const QByteArray id = "x-luthien-call-id: " + QByteArray(kCall) + "\r\n";
        QTest::newRow("a whole one") << "HTTP/1.1 200 OK\r\n" + id + "Content-Length: 2\r\n\r\n{}" << 200;
        QTest::newRow("a stream") << "HTTP/1.1 200 OK\r\n" + id +
                                         "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"
                                  << 200;
        QTest::newRow("an error of the provider") << "HTTP/1.1 429 No\r\n" + id + "Content-Length: 0\r\n\r\n" << 429;
        QTest::newRow("one that is cut") << "HTTP/1.1 200 OK\r\n" + id + "Content-Length: 9\r\n\r\n{}" << 200;
        QTest::newRow("a refusal of the proxy") << QByteArray("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n") << 0;
        QTest::newRow("nothing") << QByteArray() << 0;
    }
    void tellsUnderWhichIdItWasRecorded()
    {
        QFETCH(const QByteArray, reply);
        QFETCH(const int, status);
        m_sender->send(7, kRequest);
        QTcpSocket* const client = accept();
        QVERIFY(client != nullptr);
        client->write(reply);
        client->disconnectFromHost();
        QTRY_COMPARE(m_answered->size() + m_failed->size(), 1);
        QCOMPARE(m_answered->size(), status != 0 ? 1 : 0);
        if (status != 0) {
            QCOMPARE(m_answered->at(0)[0].toULongLong(), 7ULL);
            QCOMPARE(m_answered->at(0)[1].value<CallId>().toString(), std::string(kCall));
            QCOMPARE(m_answered->at(0)[2].toInt(), status);
        }
    }

    void nobodyThereIsTold()
    {
        m_server->close();
        m_sender->send(1, kRequest);
        QTRY_COMPARE(m_failed->size(), 1);
    }

    void whatIsGivenUpEndsAtOnce()
    {
        m_sender->send(1, kRequest);
        QTcpSocket* const client = accept();
        QVERIFY(client != nullptr);
        m_sender->cancel();
        QTRY_COMPARE(client->state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(m_answered->size() + m_failed->size(), 0);
    }

private:
    /// The request, once it is here as a whole.
    QTcpSocket* accept()
    {
        if (!m_server->hasPendingConnections() && !m_server->waitForNewConnection(10'000))
            return nullptr;
        QTcpSocket* const client = m_server->nextPendingConnection();
        QByteArray got;
        while (!got.endsWith("{}") && client->waitForReadyRead(10'000))
            got += client->readAll();
        return got == kRequest ? client : nullptr;
    }

    std::unique_ptr<QTcpServer> m_server;
    std::unique_ptr<ProxySender> m_sender;
    std::unique_ptr<QSignalSpy> m_answered;
    std::unique_ptr<QSignalSpy> m_failed;
};

LUTHIEN_TEST(tst_proxy_sender, TestProxySender)
#include "tst_proxy_sender.moc"
