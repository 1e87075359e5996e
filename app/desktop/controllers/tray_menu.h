// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/tray_types.h"

#include <QDBusAbstractAdaptor>
#include <QDBusVariant>
#include <QStringList>

namespace luthien::desktop {

/// The menu of the tray icon as desktops ask for it. Source: com.canonical.dbusmenu, version 3. Thread: GUI.
class TrayMenu : public QDBusAbstractAdaptor
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "com.canonical.dbusmenu")
    Q_PROPERTY(uint Version READ version CONSTANT)
    Q_PROPERTY(QString Status READ status CONSTANT)

public:
    enum Item { Root, Open, Pause, Quit };

    explicit TrayMenu(QObject* parent);

    [[nodiscard]] static uint version() { return 3; }
    [[nodiscard]] static QString status() { return QStringLiteral("normal"); }
    void setPaused(bool paused);

public Q_SLOTS: // the names are those of the specification
    uint GetLayout(int parentId, int depth, const QStringList& names, luthien::desktop::TrayMenuLayout& layout);
    luthien::desktop::TrayMenuItems GetGroupProperties(const QList<int>& ids, const QStringList& names);
    QDBusVariant GetProperty(int id, const QString& name);
    void Event(int id, const QString& kind, const QDBusVariant& data, uint time);
    bool AboutToShow(int id);

Q_SIGNALS:
    void LayoutUpdated(uint revision, int parent);
    /// Not part of the interface's specification: what this program listens to.
    void chosen(int item);

private:
    [[nodiscard]] QVariantMap propertiesOf(int id) const;

    uint m_revision = 1;
    bool m_isPaused = false;
};

} // namespace luthien::desktop
