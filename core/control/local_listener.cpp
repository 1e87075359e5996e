// SPDX-License-Identifier: Apache-2.0
#include "control/local_listener.h"

namespace luthien::control {

LocalListener::LocalListener(QObject* parent)
    : QLocalServer(parent)
{
    setSocketOptions(QLocalServer::UserAccessOption);
}

void LocalListener::incomingConnection(quintptr descriptor)
{
    auto* socket = new QTcpSocket;
    socket->setSocketDescriptor(static_cast<qintptr>(descriptor));
    Q_EMIT accepted(socket);
}

} // namespace luthien::control
