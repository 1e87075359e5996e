// SPDX-License-Identifier: Apache-2.0
#include "private_bus.h"

namespace luthien::test {

namespace {
constexpr int kPatienceMs = 30'000;
}

PrivateBus::PrivateBus()
{
    m_daemon.start(QStringLiteral("dbus-daemon"), {QStringLiteral("--session"), QStringLiteral("--nofork"),
                                                   QStringLiteral("--nopidfile"), QStringLiteral("--print-address=1")});
    while (m_daemon.state() != QProcess::NotRunning && !m_daemon.canReadLine())
        if (!m_daemon.waitForReadyRead(kPatienceMs))
            return;
    m_address = QString::fromUtf8(m_daemon.readLine()).trimmed();
}

PrivateBus::~PrivateBus()
{
    for (const QString& name : m_names)
        QDBusConnection::disconnectFromBus(name);
    m_daemon.terminate();
    m_daemon.waitForFinished(kPatienceMs);
}

QDBusConnection PrivateBus::connect(const QString& name)
{
    m_names += name;
    return QDBusConnection::connectToBus(m_address, name);
}

} // namespace luthien::test
