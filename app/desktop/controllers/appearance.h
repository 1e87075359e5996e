// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDBusVariant>
#include <QObject>
#include <QQmlEngine>
#include <QSettings>

namespace luthien::desktop {

/// Light or dark: as the desktop says, until the person chooses; the choice is kept. Thread: GUI.
class Appearance : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(bool dark READ isDark NOTIFY changed FINAL)
    Q_PROPERTY(Scheme scheme READ scheme WRITE setScheme NOTIFY changed FINAL)

public:
    enum class Scheme { System, Light, Dark };
    Q_ENUM(Scheme)

    /// settingsFile keeps the choice.
    explicit Appearance(const QString& settingsFile, QObject* parent = nullptr);

    [[nodiscard]] bool isDark() const;
    [[nodiscard]] Scheme scheme() const noexcept { return m_scheme; }
    void setScheme(Scheme scheme);
    /// As the desktop -> the other one -> the first one -> as the desktop.
    Q_INVOKABLE void switchScheme();
    /// Follows the desktop's setting from now on. Source: org.freedesktop.portal.Settings, appearance color-scheme
    /// (1 = dark, 2 = light, 0 = no preference: then the palette tells).
    void followDesktop();

Q_SIGNALS:
    void changed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private Q_SLOTS:
    void takeDesktopSetting(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void takeDesktopScheme(uint value);
    [[nodiscard]] bool isDesktopDark() const;

    QSettings m_settings;
    Scheme m_scheme = Scheme::System;
    uint m_desktopScheme = 0;
};

} // namespace luthien::desktop
