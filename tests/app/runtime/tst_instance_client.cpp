// SPDX-License-Identifier: Apache-2.0
#include "runtime/instance_client.h"
#include "support/test_registry.h"

#include <QLocalServer>
#include <QLocalSocket>
#include <QTemporaryDir>
#include <QThread>

#include <filesystem>
#include <future>

using namespace luthien;
using namespace luthien::runtime;
using namespace std::chrono_literals;

class TestInstanceClient : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsAnswers_data();
    void readsAnswers();
    void nobodyIsThere();
    void problemsBecomeErrors();

private:
    QTemporaryDir m_directory;
    Paths m_paths{.dataDirectory = m_directory.path().toStdString()};
};

void TestInstanceClient::readsAnswers_data()
{
    QTest::addColumn<QByteArray>("answer"); // then the instance closes
    QTest::addColumn<QByteArray>("outcome");
    const auto row = [](const char* name, const char* answer, const char* outcome) {
        QTest::newRow(name) << QByteArray(answer) << QByteArray(outcome);
    };
    row("a length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", "200 []");
    row("a problem", "HTTP/1.1 409 Conflict\r\nContent-Length: 2\r\n\r\n{}", "409 {}");
    row("an answer that breaks off", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n[]", "its answer breaks off");
    row("no answer", "", "its answer breaks off");
    row("no HTTP", "hello\r\n\r\n", "its answer cannot be read");
}

void TestInstanceClient::readsAnswers()
{
    QFETCH(QByteArray, answer);
    QFETCH(QByteArray, outcome);
    std::filesystem::create_directories(m_paths.socketFile().parent_path());
    const QString path = QString::fromStdString(m_paths.socketFile().string());
    QLocalServer::removeServer(path);
    QLocalServer server;
    QVERIFY(server.listen(path));
    auto asked = std::async(std::launch::async, [this] { return askInstance(m_paths, "PUT", "/x", "{\"a\":1}", 10s); });
    QVERIFY(server.waitForNewConnection(10'000));
    const std::unique_ptr<QLocalSocket> socket(server.nextPendingConnection());
    QByteArray request;
    while (!request.endsWith("{\"a\":1}") && socket->waitForReadyRead(10'000))
        request += socket->readAll();
    QVERIFY2(request.startsWith("PUT /x HTTP/1.1\r\nHost: "), request.constData());
    QVERIFY(request.contains("\r\nContent-Length: 7\r\n"));
    socket->write(answer);
    socket->flush();
    socket->disconnectFromServer();
    const auto result = asked.get();
    const std::string told =
        result ? std::to_string(result->status) + ' ' + result->body : std::string(result.error().message);
    QCOMPARE(QByteArray::fromStdString(told), outcome);
}

void TestInstanceClient::nobodyIsThere()
{
    const QTemporaryDir empty;
    const auto answer = askInstance({.dataDirectory = empty.path().toStdString()}, "GET", "/");
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::NotFound);
}

void TestInstanceClient::problemsBecomeErrors()
{
    const Error error = errorOf({.status = 409, .body = R"({"detail":"They have changed."})"});
    QCOMPARE(error.code, ErrorCode::Conflict);
    QCOMPARE(error.message, std::string("They have changed."));
    QCOMPARE(errorOf({.status = 404, .body = "?"}).code, ErrorCode::NotFound);
    QVERIFY(errorOf({.status = 500, .body = ""}).message.find("500") != std::string::npos);
}

LUTHIEN_TEST(tst_instance_client, TestInstanceClient)
#include "tst_instance_client.moc"
