// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/tray_icon.h"

#include <QCoreApplication>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>
#include <QIcon>
#include <QImage>
#include <QPixmap>
#include <QtEndian>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
const QString kWatcher = u"org.kde.StatusNotifierWatcher"_s;
const QString kWatcherPath = u"/StatusNotifierWatcher"_s;
const QString kItemPath = u"/StatusNotifierItem"_s;
const QString kMenuPath = u"/StatusNotifierItem/Menu"_s;
constexpr std::array kSizes{22, 44};

TrayPixmap pixmapOf(const QIcon& icon, int size)
{
    const QImage image = icon.pixmap(size).toImage().convertToFormat(QImage::Format_ARGB32);
    TrayPixmap pixmap{.width = image.width(), .height = image.height(), .bytes = {}};
    pixmap.bytes.reserve(image.sizeInBytes());
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const quint32 big = qToBigEndian(image.pixel(x, y));
            pixmap.bytes.append(reinterpret_cast<const char*>(&big), sizeof(big));
        }
    }
    return pixmap;
}
} // namespace

TrayIcon::TrayIcon(const QDBusConnection& bus, QObject* parent)
    : QObject(parent)
    , m_bus(bus)
    , m_service(u"org.kde.StatusNotifierItem-%1-1"_s.arg(QCoreApplication::applicationPid()))
    , m_menu(new TrayMenu(&m_menuObject))
{
    if (!m_bus.isConnected())
        return;
    registerTrayTypes();
    new TrayItem(*this); // belongs to this object
    connect(m_menu, &TrayMenu::chosen, this, [this](int item) {
        if (item == TrayMenu::Open)
            Q_EMIT openWanted();
        else if (item == TrayMenu::Pause)
            Q_EMIT pauseWanted();
        else if (item == TrayMenu::Quit)
            Q_EMIT quitWanted();
    });
    m_bus.registerObject(kItemPath, this, QDBusConnection::ExportAdaptors);
    m_bus.registerObject(kMenuPath, &m_menuObject, QDBusConnection::ExportAdaptors);
    m_bus.registerService(m_service);
    auto* trays = new QDBusServiceWatcher(kWatcher, m_bus, QDBusServiceWatcher::WatchForOwnerChange, this);
    connect(trays, &QDBusServiceWatcher::serviceRegistered, this, &TrayIcon::enroll);
    connect(trays, &QDBusServiceWatcher::serviceUnregistered, this, [this] { setShown(false); });
    for (const QString& told : {u"StatusNotifierHostRegistered"_s, u"StatusNotifierHostUnregistered"_s})
        m_bus.connect(kWatcher, kWatcherPath, kWatcher, told, this, SLOT(lookForHost()));
    enroll();
}

TrayIcon::~TrayIcon()
{
    m_bus.unregisterObject(kItemPath);
    m_bus.unregisterObject(kMenuPath);
    m_bus.unregisterService(m_service);
}

void TrayIcon::enroll()
{
    auto message = QDBusMessage::createMethodCall(kWatcher, kWatcherPath, kWatcher, u"RegisterStatusNotifierItem"_s);
    message << m_service;
    auto* watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(message), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher* done) {
        const QDBusPendingReply<> reply = *done;
        if (reply.isValid())
            lookForHost();
        else
            setShown(false);
        done->deleteLater();
    });
}

void TrayIcon::lookForHost()
{
    auto message =
        QDBusMessage::createMethodCall(kWatcher, kWatcherPath, u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    message << kWatcher << u"IsStatusNotifierHostRegistered"_s;
    auto* watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(message), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher* done) {
        const QDBusPendingReply<QDBusVariant> reply = *done;
        setShown(reply.isValid() && reply.value().variant().toBool());
        done->deleteLater();
    });
}

void TrayIcon::setShown(bool shown)
{
    if (shown == m_isShown)
        return;
    m_isShown = shown;
    Q_EMIT shownChanged();
}

void TrayIcon::setState(const QString& text, bool needsAttention)
{
    if (text == m_text && needsAttention == m_needsAttention)
        return;
    m_text = text;
    m_needsAttention = needsAttention;
    Q_EMIT changed();
}

TrayItem::TrayItem(TrayIcon& icon)
    : QDBusAbstractAdaptor(&icon)
    , m_icon(icon)
{
    setAutoRelaySignals(false);
    connect(&m_icon, &TrayIcon::changed, this, [this] {
        Q_EMIT NewStatus(status());
        Q_EMIT NewToolTip();
    });
}

QString TrayItem::status() const
{
    return m_icon.needsAttention() ? u"NeedsAttention"_s : u"Active"_s;
}

TrayPixmaps TrayItem::iconPixmap()
{
    const QIcon icon(u":/icons/luthien.svg"_s);
    TrayPixmaps pixmaps;
    for (const int size : kSizes)
        pixmaps.append(pixmapOf(icon, size));
    return pixmaps;
}

TrayToolTip TrayItem::toolTip() const
{
    return {.icon = iconName(), .pixmaps = {}, .title = title(), .text = m_icon.text().toHtmlEscaped()};
}

QDBusObjectPath TrayItem::menu()
{
    return QDBusObjectPath(kMenuPath);
}

void TrayItem::Activate(int /*x*/, int /*y*/)
{
    Q_EMIT m_icon.openWanted();
}

void TrayItem::SecondaryActivate(int /*x*/, int /*y*/)
{
    Q_EMIT m_icon.openWanted();
}

void TrayItem::ContextMenu(int /*x*/, int /*y*/)
{
    // The tray draws it from Menu.
}

void TrayItem::Scroll(int /*delta*/, const QString& /*orientation*/)
{
    // Nothing to scroll through.
}

} // namespace luthien::desktop
