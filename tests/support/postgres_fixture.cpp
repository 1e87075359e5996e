// SPDX-License-Identifier: Apache-2.0
// postgres_fixture start|stop FILE: the server that all tests of one run share; FILE says where it is.
#include "support/postgres_server.h"

#include <QCoreApplication>
#include <QFile>

using luthien::test::PostgresServer;

namespace {
bool start(QFile& file)
{
    const auto server = PostgresServer::make();
    if (!server || !file.open(QIODevice::WriteOnly))
        return false;
    server->leaveRunning();
    return file.write(server->directory().toUtf8()) > 0;
}

bool stop(QFile& file)
{
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const PostgresServer server(QString::fromUtf8(file.readAll()), PostgresServer::Ownership::Ours);
    return file.remove();
}
} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    if (argc != 3)
        return 2;
    QFile file(QString::fromLocal8Bit(argv[2]));
    return (qstrcmp(argv[1], "start") == 0 ? start(file) : stop(file)) ? 0 : 1;
}
