// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QLocalServer>
#include <QTcpSocket>

namespace luthien::control {

/// A socket in the file system that only we can open (0600). Thread: control.
class LocalListener : public QLocalServer
{
    Q_OBJECT
public:
    explicit LocalListener(QObject* parent);

Q_SIGNALS:
    /// The receiver takes the socket over. QLocalSocket does the same with its descriptor; this way one kind of
    /// connection serves both.
    void accepted(QTcpSocket* socket);

protected:
    void incomingConnection(quintptr descriptor) override;
};

} // namespace luthien::control
