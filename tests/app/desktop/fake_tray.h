// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDBusConnection>
#include <QObject>
#include <QStringList>

namespace luthien::test {

/// A desktop with a tray. What it is asked comes with the event loop of the thread it lives in.
class FakeTray : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.kde.StatusNotifierWatcher")
    Q_PROPERTY(bool IsStatusNotifierHostRegistered READ tellsDrawn)

public:
    explicit FakeTray(QDBusConnection bus)
        : m_bus(std::move(bus))
    {
        m_bus.registerObject(QStringLiteral("/StatusNotifierWatcher"), this, QDBusConnection::ExportAllContents);
    }

    bool appear() { return m_bus.registerService(QStringLiteral("org.kde.StatusNotifierWatcher")); }
    void go() { m_bus.unregisterService(QStringLiteral("org.kde.StatusNotifierWatcher")); }
    [[nodiscard]] bool tellsDrawn()
    {
        ++asked;
        return isDrawn;
    }

    QStringList items;
    bool isDrawn = true;
    int asked = 0;

public Q_SLOTS:
    void RegisterStatusNotifierItem(const QString& service) { items += service; }

Q_SIGNALS:
    void StatusNotifierHostRegistered();
    void StatusNotifierHostUnregistered();

private:
    QDBusConnection m_bus;
};

} // namespace luthien::test
