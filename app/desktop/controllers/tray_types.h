// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QDBusArgument>
#include <QDBusVariant>
#include <QList>
#include <QMetaType>
#include <QString>
#include <QVariantMap>

/// What a tray icon and its menu are on D-Bus. Sources: StatusNotifierItem and com.canonical.dbusmenu, version 3.
namespace luthien::desktop {

/// ARGB32 in network byte order.
struct TrayPixmap
{
    int width = 0;
    int height = 0;
    QByteArray bytes;
};
using TrayPixmaps = QList<TrayPixmap>;

struct TrayToolTip
{
    QString icon;
    TrayPixmaps pixmaps;
    QString title;
    QString text;
};

/// One item of the menu as it is asked for in a list.
struct TrayMenuItem
{
    int id = 0;
    QVariantMap properties;
};
using TrayMenuItems = QList<TrayMenuItem>;

/// One item with what is below it.
struct TrayMenuLayout
{
    int id = 0;
    QVariantMap properties;
    QList<QVariant> children; ///< of TrayMenuLayout
};

QDBusArgument& operator<<(QDBusArgument& argument, const TrayPixmap& pixmap);
const QDBusArgument& operator>>(const QDBusArgument& argument, TrayPixmap& pixmap);
QDBusArgument& operator<<(QDBusArgument& argument, const TrayToolTip& toolTip);
const QDBusArgument& operator>>(const QDBusArgument& argument, TrayToolTip& toolTip);
QDBusArgument& operator<<(QDBusArgument& argument, const TrayMenuItem& item);
const QDBusArgument& operator>>(const QDBusArgument& argument, TrayMenuItem& item);
QDBusArgument& operator<<(QDBusArgument& argument, const TrayMenuLayout& layout);
const QDBusArgument& operator>>(const QDBusArgument& argument, TrayMenuLayout& layout);

/// Once, before the first of them is sent.
void registerTrayTypes();

} // namespace luthien::desktop

Q_DECLARE_METATYPE(luthien::desktop::TrayPixmap)
Q_DECLARE_METATYPE(luthien::desktop::TrayToolTip)
Q_DECLARE_METATYPE(luthien::desktop::TrayMenuItem)
Q_DECLARE_METATYPE(luthien::desktop::TrayMenuLayout)
