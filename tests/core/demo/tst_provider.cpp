// SPDX-License-Identifier: Apache-2.0
#include "demo/provider.h"
#include "support/test_registry.h"

#include <QSignalSpy>
#include <QTcpSocket>

using namespace luthien;
using namespace luthien::demo;

class TestProvider : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answersOneRequestAfterTheOther();
    void refusesWhatItCannotRead_data();
    void refusesWhatItCannotRead();
    void endsConnectionsThatSendTooMuch();

private:
    static QByteArray post(const char* path, const QByteArray& body)
    {
        return QByteArray("POST ") + path +
               " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
    }
    /// Provider and client share the thread, so that both live from one event loop.
    static QByteArray talk(QTcpSocket& socket, const QByteArray& request, const char* until)
    {
        socket.write(request);
        QByteArray got;
        (void)QTest::qWaitFor(
            [&] {
                got += socket.readAll();
                return got.contains(until) || socket.state() == QAbstractSocket::UnconnectedState;
            },
            10'000);
        return got;
    }
};

void TestProvider::answersOneRequestAfterTheOther()
{
    Provider provider(std::chrono::milliseconds(0));
    QList<ModelTurn> turns;
    connect(&provider, &Provider::answering, this, [&turns](const ModelTurn& turn) { turns.append(turn); });
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, provider.listen().value());
    const QByteArray streamed =
        talk(socket, post("/v1/messages", R"({"model":"m","stream":true,"messages":[{"role":"user","content":"Hi"}]})"),
             "message_stop\"}\n\n\r\n0\r\n\r\n");
    QVERIFY(streamed.startsWith("HTTP/1.1 200"));
    QVERIFY(streamed.contains("event: message_start\n"));
    const QByteArray whole =
        talk(socket, post("/v1/responses?x=1", R"({"model":"m","input":"Hi"})"), R"("total_tokens")");
    QVERIFY(whole.startsWith("HTTP/1.1 200"));
    QCOMPARE(turns.size(), 2);
    QVERIFY(turns[0] == turns[1]);
    QVERIFY(turns[0].command.has_value());
}

void TestProvider::refusesWhatItCannotRead_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::newRow("another API") << post("/v1/chat/completions", R"({"messages":[]})");
    QTest::newRow("no JSON") << post("/v1/messages", "hello");
    QTest::newRow("no body") << QByteArray("GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
}

void TestProvider::refusesWhatItCannotRead()
{
    QFETCH(QByteArray, request);
    Provider provider(std::chrono::milliseconds(0));
    const QSignalSpy answers(&provider, &Provider::answering);
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, provider.listen().value());
    QVERIFY(talk(socket, request, "}}").startsWith("HTTP/1.1 400"));
    QVERIFY(answers.isEmpty());
}

void TestProvider::endsConnectionsThatSendTooMuch()
{
    Provider provider(std::chrono::milliseconds(0));
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, provider.listen().value());
    talk(socket, post("/v1/messages", QByteArray(3 * 1024 * 1024, ' ')), "HTTP");
    QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
}

LUTHIEN_TEST(tst_provider, TestProvider)
#include "tst_provider.moc"
