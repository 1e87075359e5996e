// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QPointer>
#include <QQmlEngine>
#include <QRect>
#include <QSettings>
#include <QTimer>

class QWindow;

namespace luthien::desktop {

/// Where a window that stood at kept may stand today: moved into the screen it overlaps most and made as small as that
/// screen is; a null rectangle if no screen shows enough of it to take hold of. Thread: any.
[[nodiscard]] QRect placeOnScreens(const QRect& kept, const QList<QRect>& screens);

/// How the window was left, for the next start: place and size, the page, the widths of panes. Thread: GUI.
class WindowState : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString page READ page WRITE setPage NOTIFY pageChanged FINAL)

public:
    /// settingsFile keeps it.
    explicit WindowState(const QString& settingsFile, QObject* parent = nullptr);
    ~WindowState() override;

    /// Puts the window where it was left, shows it, and keeps where it goes from now on.
    void follow(QWindow& window);

    [[nodiscard]] QString page() const { return m_page; }
    void setPage(const QString& page);
    /// Pixels; standard if none was kept.
    [[nodiscard]] Q_INVOKABLE int paneWidth(const QString& pane, int standard) const;
    Q_INVOKABLE void keepPaneWidth(const QString& pane, int pixels);

Q_SIGNALS:
    void pageChanged();

private:
    void note();
    void keep();

    QSettings m_settings;
    QPointer<QWindow> m_window;
    QRect m_normal; ///< while neither maximised nor hidden
    bool m_isMaximised = false;
    QString m_page;
    QTimer m_rest; ///< a window that is dragged moves a hundred times
};

} // namespace luthien::desktop
