// SPDX-License-Identifier: Apache-2.0
#include "desktop/raise_request.h"

#include "base/logging.h"

#include <QLocalSocket>

namespace luthien::desktop {

namespace {
constexpr int kConnectMs = 500;
}

RaiseRequests::RaiseRequests(const QString& socket, QObject* parent)
    : QObject(parent)
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    // We hold the directory's lock: whoever left this socket is gone.
    QLocalServer::removeServer(socket);
    if (!m_server.listen(socket))
        qCWarning(lcDesktop, "a second start will not raise this window: %s", qPrintable(m_server.errorString()));
    connect(&m_server, &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket* caller = m_server.nextPendingConnection())
            caller->deleteLater();
        Q_EMIT received();
    });
}

bool RaiseRequests::send(const QString& socket)
{
    QLocalSocket caller;
    caller.connectToServer(socket);
    return caller.waitForConnected(kConnectMs);
}

} // namespace luthien::desktop
