// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/tray_icon.h"
#include "private_bus.h"
#include "support/test_registry.h"

#include <QDBusInterface>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QSignalSpy>
#include <QTest>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;

/// A desktop with a tray.
class FakeTray : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.kde.StatusNotifierWatcher")

public:
    QStringList items;

public Q_SLOTS:
    void RegisterStatusNotifierItem(const QString& service) { items += service; }
};

class TestTrayIcon : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_bus = std::make_unique<test::PrivateBus>();
        QVERIFY(m_bus->isRunning());
        m_desktop = std::make_unique<QDBusConnection>(m_bus->connect(u"desktop"_s));
        m_tray = std::make_unique<FakeTray>();
        QVERIFY(m_desktop->registerObject(u"/StatusNotifierWatcher"_s, m_tray.get(), QDBusConnection::ExportAllSlots));
    }
    void cleanup() { m_bus.reset(); }

    void withoutATrayThereIsNone()
    {
        const TrayIcon icon(m_bus->connect(u"program"_s));
        QSignalSpy shown(&icon, &TrayIcon::shownChanged);
        showTray();
        QTRY_COMPARE(shown.size(), 1);
        QVERIFY2(icon.isShown(), "a tray that comes later takes it");
        m_desktop->unregisterService(u"org.kde.StatusNotifierWatcher"_s);
        QTRY_VERIFY(!icon.isShown());
    }

    void trayAndMenuAskAndPress()
    {
        showTray();
        TrayIcon icon(m_bus->connect(u"program"_s));
        QTRY_VERIFY(icon.isShown());
        const QString service = m_tray->items.constFirst();
        QCOMPARE(property(service, u"Title"_s), u"Luthien"_s);
        QCOMPARE(property(service, u"Status"_s), u"Active"_s);
        icon.setState(u"A call waits"_s, true);
        QCOMPARE(property(service, u"Status"_s), u"NeedsAttention"_s);

        QSignalSpy opened(&icon, &TrayIcon::openWanted);
        call(service, u"/StatusNotifierItem"_s, u"org.kde.StatusNotifierItem"_s, u"Activate"_s, {0, 0});
        QCOMPARE(opened.size(), 1);

        const auto menu = u"com.canonical.dbusmenu"_s;
        const auto path = u"/StatusNotifierItem/Menu"_s;
        const auto layout = call(service, path, menu, u"GetLayout"_s, {0, -1, QStringList()});
        QCOMPARE(layout.signature(), u"u(ia{sv}av)"_s);
        const auto root = qdbus_cast<TrayMenuLayout>(layout.arguments().at(1));
        QCOMPARE(root.children.size(), 3);
        const auto pause = qdbus_cast<TrayMenuLayout>(root.children.at(1));
        QCOMPARE(pause.properties.value(u"label"_s), u"Pause the proxy"_s);
        QSignalSpy paused(&icon, &TrayIcon::pauseWanted);
        call(service, path, menu, u"Event"_s,
             {pause.id, u"clicked"_s, QVariant::fromValue(QDBusVariant(0)), QVariant::fromValue(0U)});
        QCOMPARE(paused.size(), 1);
        icon.setPaused(true);
        const auto again = call(service, path, menu, u"GetLayout"_s, {0, -1, QStringList()});
        QVERIFY(again.arguments().at(0).toUInt() > layout.arguments().at(0).toUInt());
    }

private:
    void showTray() { QVERIFY(m_desktop->registerService(u"org.kde.StatusNotifierWatcher"_s)); }
    /// Asks without standing still: both ends live in this thread.
    QDBusMessage call(const QString& service, const QString& path, const QString& interface, const QString& method,
                      const QVariantList& arguments)
    {
        auto message = QDBusMessage::createMethodCall(service, path, interface, method);
        message.setArguments(arguments);
        QDBusPendingCallWatcher watcher(m_desktop->asyncCall(message));
        QSignalSpy done(&watcher, &QDBusPendingCallWatcher::finished);
        if (!watcher.isFinished())
            done.wait();
        return watcher.reply();
    }
    [[nodiscard]] QString property(const QString& service, const QString& name)
    {
        const auto reply = call(service, u"/StatusNotifierItem"_s, u"org.freedesktop.DBus.Properties"_s, u"Get"_s,
                                {u"org.kde.StatusNotifierItem"_s, name});
        return reply.arguments().isEmpty() ? reply.errorMessage()
                                           : reply.arguments().constFirst().value<QDBusVariant>().variant().toString();
    }

    std::unique_ptr<test::PrivateBus> m_bus;
    std::unique_ptr<QDBusConnection> m_desktop;
    std::unique_ptr<FakeTray> m_tray;
};

LUTHIEN_TEST(tst_tray_icon, TestTrayIcon)
#include "tst_tray_icon.moc"
