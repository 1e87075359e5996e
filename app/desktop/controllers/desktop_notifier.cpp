// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/desktop_notifier.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QVariantMap>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
const QString kService = u"org.freedesktop.Notifications"_s;
const QString kPath = u"/org/freedesktop/Notifications"_s;
constexpr int kDesktopsTime = -1;
constexpr uchar kNormal = 1;
constexpr uchar kCritical = 2; // stays until it is answered

uint numberOf(const QHash<uint, Notice>& shown, Notice::Kind kind)
{
    for (auto each = shown.cbegin(); each != shown.cend(); ++each)
        if (each->kind == kind)
            return each.key();
    return 0;
}
} // namespace

DesktopNotifier::DesktopNotifier(const QDBusConnection& bus, QObject* parent)
    : QObject(parent)
    , m_bus(bus)
{
    if (!m_bus.isConnected())
        return;
    m_bus.connect(kService, kPath, kService, u"ActionInvoked"_s, this, SLOT(takeAction(uint, QString)));
    m_bus.connect(kService, kPath, kService, u"NotificationClosed"_s, this, SLOT(takeClosed(uint)));
    const auto ask = QDBusMessage::createMethodCall(kService, kPath, kService, u"GetCapabilities"_s);
    auto* watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(ask), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher* done) {
        const QDBusPendingReply<QStringList> reply = *done;
        if (reply.isValid())
            takeCapabilities(reply.value());
        done->deleteLater();
    });
}

void DesktopNotifier::takeCapabilities(const QStringList& capabilities)
{
    m_readsMarkup = capabilities.contains("body-markup"_L1);
    m_isAvailable = true;
    Q_EMIT availableChanged();
}

void DesktopNotifier::show(const Notice& notice, const QString& title)
{
    if (!m_isAvailable)
        return;
    const QVariantMap hints{
        {u"desktop-entry"_s, u"luthien"_s},
        {u"urgency"_s, QVariant::fromValue(notice.kind == Notice::Kind::Approval ? kCritical : kNormal)}};
    auto message = QDBusMessage::createMethodCall(kService, kPath, kService, u"Notify"_s);
    message << u"Luthien"_s << numberOf(m_shown, notice.kind) << u"luthien"_s << title
            << (m_readsMarkup ? notice.text.toHtmlEscaped() : notice.text) << QStringList{u"default"_s, tr("Show")}
            << hints << kDesktopsTime;
    auto* watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(message), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, notice](QDBusPendingCallWatcher* done) {
        const QDBusPendingReply<uint> reply = *done;
        if (reply.isValid())
            m_shown.insert(reply.value(), notice);
        done->deleteLater();
    });
}

void DesktopNotifier::takeAction(uint id, const QString& action)
{
    if (!m_shown.contains(id) || action != "default"_L1)
        return;
    Q_EMIT activated(m_shown.take(id));
}

void DesktopNotifier::takeClosed(uint id)
{
    m_shown.remove(id);
}

} // namespace luthien::desktop
