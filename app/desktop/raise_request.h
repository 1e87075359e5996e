// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QLocalServer>
#include <QObject>
#include <QString>

namespace luthien::desktop {

/// Listens for a second start with the same data directory, which asks the first to come to the front. The socket lies
/// in that directory, which only its owner can enter. Thread: GUI.
class RaiseRequests : public QObject
{
    Q_OBJECT

public:
    explicit RaiseRequests(const QString& socket, QObject* parent = nullptr);

    /// Asks the instance behind the socket to come to the front; false if nobody is there.
    [[nodiscard]] static bool send(const QString& socket);

Q_SIGNALS:
    void received();

private:
    QLocalServer m_server;
};

} // namespace luthien::desktop
