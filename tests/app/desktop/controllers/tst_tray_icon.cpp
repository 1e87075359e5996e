// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/tray_icon.h"
#include "fake_tray.h"
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

class TestTrayIcon : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_bus = std::make_unique<test::PrivateBus>();
        QVERIFY(m_bus->isRunning());
        m_desktop = std::make_unique<QDBusConnection>(m_bus->connect(u"desktop"_s));
        m_tray = std::make_unique<test::FakeTray>(*m_desktop);
    }
    void cleanup() { m_bus.reset(); }

    void withoutATrayThereIsNone()
    {
        const TrayIcon icon(m_bus->connect(u"program"_s));
        QSignalSpy shown(&icon, &TrayIcon::shownChanged);
        showTray();
        QTRY_COMPARE(shown.size(), 1);
        QVERIFY2(icon.isShown(), "a tray that comes later takes it");
        m_tray->go();
        QTRY_VERIFY(!icon.isShown());
    }

    // A service that keeps the list of icons may run where nothing draws them.
    void anIconThatNobodyDrawsIsNotShown()
    {
        m_tray->isDrawn = false;
        showTray();
        const TrayIcon icon(m_bus->connect(u"program"_s));
        QSignalSpy shown(&icon, &TrayIcon::shownChanged);
        QTRY_COMPARE(m_tray->asked, 1);
        Q_EMIT m_tray->StatusNotifierHostUnregistered();
        QTRY_COMPARE(m_tray->asked, 2); // so the first answer has come
        QVERIFY(shown.isEmpty());
        m_tray->isDrawn = true;
        Q_EMIT m_tray->StatusNotifierHostRegistered();
        QTRY_VERIFY(icon.isShown());
        m_tray->isDrawn = false;
        Q_EMIT m_tray->StatusNotifierHostUnregistered();
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
    void showTray() { QVERIFY(m_tray->appear()); }
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
    std::unique_ptr<test::FakeTray> m_tray;
};

LUTHIEN_TEST(tst_tray_icon, TestTrayIcon)
#include "tst_tray_icon.moc"
