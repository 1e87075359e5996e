// SPDX-License-Identifier: Apache-2.0
#include "core/control/control_fixture.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::test;

class TestHttpConnection : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsARequestAtEverySplit();
    void answersPipelinedRequestsInOrder();
    void closesWhenAsked();
    void refusesAndCloses_data();
    void refusesAndCloses();
    void cutsASlowSender();
};

void TestHttpConnection::readsARequestAtEverySplit()
{
    const ControlFixture fixture([](control::ControlConfig& config) { config.requests.burst = 10'000; });
    const std::string request = fixture.patch("/api/v1/policies/sql", R"({"mode":"enforce"})");
    ControlClient client(fixture.port);
    client.socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
    for (std::size_t split = 1; split < request.size(); ++split) {
        client.send(request.substr(0, split));
        client.socket.waitForBytesWritten();
        QCOMPARE(statusOf(client.ask(request.substr(split))), 200);
    }
}

void TestHttpConnection::answersPipelinedRequestsInOrder()
{
    const ControlFixture fixture;
    ControlClient client(fixture.port);
    client.send(fixture.get("/api/v1/sessions") + fixture.get("/healthz") + fixture.get("/nothing"));
    QVERIFY(bodyOf(client.answer()).starts_with(R"({"items":[)"));
    QCOMPARE(bodyOf(client.answer()), R"({"status":"ok"})");
    QCOMPARE(statusOf(client.answer()), 404);
}

void TestHttpConnection::closesWhenAsked()
{
    const ControlFixture fixture;
    ControlClient client(fixture.port);
    const std::string answer = client.ask(fixture.get("/healthz", "Connection: close\r\n"));
    QCOMPARE(statusOf(answer), 200);
    QVERIFY(answer.find("Connection: close\r\n") != std::string::npos);
    QVERIFY(client.waitForClosed());
}

void TestHttpConnection::refusesAndCloses_data()
{
    QTest::addColumn<std::string>("request");
    QTest::addColumn<int>("status");
    const std::string host = "Host: 127.0.0.1\r\n";
    const auto row = [](const char* name, const std::string& request, int status) {
        QTest::newRow(name) << request << status;
    };
    row("garbage", "\x16\x03\x01\x02 what\r\n\r\n", 400);
    row("a head that is too large", "GET /healthz HTTP/1.1\r\n" + host + "X: " + std::string(9000, 'x') + "\r\n\r\n",
        431);
    row("a body", "GET /healthz HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\nhello", 413);
    row("a body in chunks", "GET /healthz HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 413);
    row("a body that is too large", "PATCH /api/v1/policies/a HTTP/1.1\r\n" + host + "Content-Length: 1048577\r\n\r\n",
        413);
    row("a body in chunks that is too large",
        "PATCH /api/v1/policies/a HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n100001\r\n" +
            std::string(0x100001, 'x'),
        413);
    row("two lengths", "GET /healthz HTTP/1.1\r\n" + host + "Content-Length: 0\r\nContent-Length: 1\r\n\r\n", 400);
    row("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
}

void TestHttpConnection::refusesAndCloses()
{
    QFETCH(std::string, request);
    QFETCH(int, status);
    const ControlFixture fixture;
    ControlClient client(fixture.port);
    const std::string answer = client.ask(request);
    QCOMPARE(statusOf(answer), status);
    QVERIFY(answer.find("Connection: close\r\n") != std::string::npos);
    QVERIFY(client.waitForClosed());
}

void TestHttpConnection::cutsASlowSender()
{
    const ControlFixture fixture(
        [](control::ControlConfig& config) { config.patience = std::chrono::milliseconds(50); });
    ControlClient client(fixture.port);
    client.send("GET /healthz HTTP/1.1\r\nHost:");
    QVERIFY(client.waitForClosed());
}

LUTHIEN_TEST(tst_http_connection, TestHttpConnection)
#include "tst_http_connection.moc"
