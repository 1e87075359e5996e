// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/appearance.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QEvent>
#include <QGuiApplication>
#include <QPalette>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
const QString kSchemeKey = u"scheme"_s;
const QString kPortal = u"org.freedesktop.portal.Desktop"_s;
const QString kPortalPath = u"/org/freedesktop/portal/desktop"_s;
const QString kPortalSettings = u"org.freedesktop.portal.Settings"_s;
const QString kGroup = u"org.freedesktop.appearance"_s;
const QString kKey = u"color-scheme"_s;

QString schemeName(Appearance::Scheme scheme)
{
    switch (scheme) {
    case Appearance::Scheme::Light:
        return u"light"_s;
    case Appearance::Scheme::Dark:
        return u"dark"_s;
    case Appearance::Scheme::System:
        break;
    }
    return u"system"_s;
}
} // namespace

Appearance::Appearance(const QString& settingsFile, QObject* parent)
    : QObject(parent)
    , m_settings(settingsFile, QSettings::IniFormat)
{
    const QString kept = m_settings.value(kSchemeKey).toString();
    for (const Scheme scheme : {Scheme::Light, Scheme::Dark})
        if (kept == schemeName(scheme))
            m_scheme = scheme;
    qGuiApp->installEventFilter(this);
}

bool Appearance::isDark() const
{
    return m_scheme == Scheme::System ? isDesktopDark() : m_scheme == Scheme::Dark;
}

bool Appearance::isDesktopDark() const
{
    if (m_desktopScheme != 0)
        return m_desktopScheme == 1;
    const QPalette palette = QGuiApplication::palette();
    return palette.window().color().lightness() < palette.windowText().color().lightness();
}

void Appearance::setScheme(Scheme scheme)
{
    if (scheme == m_scheme)
        return;
    m_scheme = scheme;
    m_settings.setValue(kSchemeKey, schemeName(scheme));
    Q_EMIT changed();
}

void Appearance::switchScheme()
{
    if (m_scheme == Scheme::System)
        setScheme(isDark() ? Scheme::Light : Scheme::Dark);
    else
        setScheme(isDark() == isDesktopDark() ? Scheme::System : isDesktopDark() ? Scheme::Dark : Scheme::Light);
}

void Appearance::followDesktop()
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(kPortal, kPortalPath, kPortalSettings, u"SettingChanged"_s, this,
                SLOT(takeDesktopSetting(QString, QString, QDBusVariant)));
    QDBusMessage read = QDBusMessage::createMethodCall(kPortal, kPortalPath, kPortalSettings, u"Read"_s);
    read << kGroup << kKey;
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(read), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher* done) {
        const QDBusPendingReply<QDBusVariant> reply = *done;
        // Read wraps the value in a second variant.
        if (reply.isValid())
            takeDesktopScheme(reply.value().variant().value<QDBusVariant>().variant().toUInt());
        done->deleteLater();
    });
}

void Appearance::takeDesktopSetting(const QString& group, const QString& key, const QDBusVariant& value)
{
    if (group == kGroup && key == kKey)
        takeDesktopScheme(value.variant().toUInt());
}

void Appearance::takeDesktopScheme(uint value)
{
    m_desktopScheme = value <= 2 ? value : 0;
    Q_EMIT changed();
}

bool Appearance::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ApplicationPaletteChange && watched == qGuiApp)
        Q_EMIT changed();
    return QObject::eventFilter(watched, event);
}

} // namespace luthien::desktop
