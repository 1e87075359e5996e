// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/notice_queue.h"

#include <QDBusConnection>
#include <QHash>
#include <QObject>
#include <QStringList>

namespace luthien::desktop {

/// Shows notices the way the desktop does, if it does: over D-Bus, as plain text. Nothing waits for its answers.
/// Source: Desktop Notifications Specification 1.2 (org.freedesktop.Notifications). Thread: GUI.
class DesktopNotifier : public QObject
{
    Q_OBJECT

public:
    explicit DesktopNotifier(const QDBusConnection& bus, QObject* parent = nullptr);

    /// False until the desktop has said that it shows them.
    [[nodiscard]] bool isAvailable() const noexcept { return m_isAvailable; }
    /// In the place of the last one of its kind, if that is still there. title stands above the notice's text.
    void show(const Notice& notice, const QString& title);

Q_SIGNALS:
    void availableChanged();
    /// Somebody pressed it.
    void activated(const luthien::desktop::Notice& notice);

private Q_SLOTS:
    void takeAction(uint id, const QString& action);
    void takeClosed(uint id);

private:
    void takeCapabilities(const QStringList& capabilities);

    QDBusConnection m_bus;
    bool m_isAvailable = false;
    bool m_readsMarkup = false;  ///< then what we write has to be escaped
    QHash<uint, Notice> m_shown; ///< by the desktop's number
};

} // namespace luthien::desktop
