// SPDX-License-Identifier: Apache-2.0
#include "control/local_listener.h"
#include "support/test_registry.h"

#include <QLocalSocket>
#include <QTemporaryDir>

using namespace luthien::control;

class TestLocalListener : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void handsOutSocketsThatWork();
};

void TestLocalListener::handsOutSocketsThatWork()
{
    const QTemporaryDir directory;
    LocalListener listener(nullptr);
    QTcpSocket* accepted = nullptr;
    connect(&listener, &LocalListener::accepted, this, [&accepted](QTcpSocket* socket) { accepted = socket; });
    QVERIFY(listener.listen(directory.filePath(QStringLiteral("s"))));
    QLocalSocket client;
    client.connectToServer(directory.filePath(QStringLiteral("s")));
    client.write("question");
    QTRY_VERIFY(accepted != nullptr);
    const std::unique_ptr<QTcpSocket> socket(accepted);
    QTRY_COMPARE(socket->bytesAvailable(), 8);
    QCOMPARE(socket->readAll(), QByteArray("question"));
    socket->write("answer");
    QTRY_COMPARE(client.bytesAvailable(), 6);
    QSignalSpy gone(socket.get(), &QTcpSocket::disconnected);
    client.close();
    QTRY_COMPARE(gone.size(), 1);
}

LUTHIEN_TEST(tst_local_listener, TestLocalListener)
#include "tst_local_listener.moc"
