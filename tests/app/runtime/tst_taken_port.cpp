// SPDX-License-Identifier: Apache-2.0
#include "runtime/taken_port.h"
#include "support/test_registry.h"

#include <QTcpServer>
#include <QTest>

#include <unistd.h>

using namespace luthien;

class TestTakenPort : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesTheProgramThatListens()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        const QString holder = QString::fromStdString(runtime::portHolder(server.serverPort()));
        QVERIFY2(holder.endsWith(QStringLiteral("(process %1)").arg(::getpid())), qPrintable(holder));
        QVERIFY(holder.startsWith(u"tst_app_runtime"));
    }

    void aPortOnlyConnectedToIsNobodys()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        const auto port = server.serverPort();
        server.close();
        QCOMPARE(runtime::portHolder(port), std::string());
    }
};

LUTHIEN_TEST(tst_taken_port, TestTakenPort)
#include "tst_taken_port.moc"
