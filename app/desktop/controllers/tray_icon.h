// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/tray_menu.h"

#include <QDBusAbstractAdaptor>
#include <QDBusConnection>
#include <QDBusObjectPath>
#include <QObject>
#include <QQmlEngine>

namespace luthien::desktop {

/// The icon in the tray, where the desktop has one: with it, closing the window leaves the proxy running. A service
/// object of our own on D-Bus: Qt's needs Widgets (docs/decisions/0013). Thread: GUI.
class TrayIcon : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(bool shown READ isShown NOTIFY shownChanged FINAL)

public:
    explicit TrayIcon(const QDBusConnection& bus, QObject* parent = nullptr);
    ~TrayIcon() override;

    /// A tray has taken it.
    [[nodiscard]] bool isShown() const noexcept { return m_isShown; }
    /// What its hint says under the program's name, and whether something waits for a person.
    void setState(const QString& text, bool needsAttention);
    void setPaused(bool paused) { m_menu->setPaused(paused); }
    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] bool needsAttention() const noexcept { return m_needsAttention; }

Q_SIGNALS:
    void shownChanged();
    void changed();
    void openWanted();
    void pauseWanted();
    void quitWanted();

private:
    void enroll();
    void setShown(bool shown);

private Q_SLOTS: // the bus calls it
    /// Whether somebody draws what the watcher was given.
    void lookForHost();

private:
    QDBusConnection m_bus;
    QString m_service;
    QObject m_menuObject;
    TrayMenu* m_menu;
    QString m_text;
    bool m_needsAttention = false;
    bool m_isShown = false;
};

/// The icon as trays ask for it. Source: StatusNotifierItem of freedesktop.org, as KDE's org.kde interface.
class TrayItem : public QDBusAbstractAdaptor
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.kde.StatusNotifierItem")
    Q_PROPERTY(QString Category READ category CONSTANT)
    Q_PROPERTY(QString Id READ id CONSTANT)
    Q_PROPERTY(QString Title READ title CONSTANT)
    Q_PROPERTY(QString Status READ status)
    Q_PROPERTY(QString IconName READ iconName CONSTANT)
    Q_PROPERTY(luthien::desktop::TrayPixmaps IconPixmap READ iconPixmap CONSTANT)
    Q_PROPERTY(QString AttentionIconName READ iconName CONSTANT)
    Q_PROPERTY(luthien::desktop::TrayPixmaps AttentionIconPixmap READ iconPixmap CONSTANT)
    Q_PROPERTY(luthien::desktop::TrayToolTip ToolTip READ toolTip)
    Q_PROPERTY(bool ItemIsMenu READ itemIsMenu CONSTANT)
    Q_PROPERTY(QDBusObjectPath Menu READ menu CONSTANT)

public:
    explicit TrayItem(TrayIcon& icon);

    [[nodiscard]] static QString category() { return QStringLiteral("ApplicationStatus"); }
    [[nodiscard]] static QString id() { return QStringLiteral("luthien"); }
    [[nodiscard]] static QString title() { return QStringLiteral("Luthien"); }
    [[nodiscard]] QString status() const;
    [[nodiscard]] static QString iconName() { return QStringLiteral("luthien"); }
    [[nodiscard]] static TrayPixmaps iconPixmap();
    [[nodiscard]] TrayToolTip toolTip() const;
    [[nodiscard]] static bool itemIsMenu() { return false; }
    [[nodiscard]] static QDBusObjectPath menu();

public Q_SLOTS: // the names are those of the specification
    void Activate(int x, int y);
    void SecondaryActivate(int x, int y);
    void ContextMenu(int x, int y);
    void Scroll(int delta, const QString& orientation);

Q_SIGNALS:
    void NewStatus(const QString& status);
    void NewToolTip();

private:
    TrayIcon& m_icon;
};

} // namespace luthien::desktop
