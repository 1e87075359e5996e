// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/window_state.h"

#include <QGuiApplication>
#include <QScreen>
#include <QWindow>

#include <algorithm>
#include <chrono>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
const QString kGeometryKey = u"window/geometry"_s;
const QString kMaximisedKey = u"window/maximised"_s;
const QString kPageKey = u"window/page"_s;
const QString kPaneKey = u"panes/"_s;
constexpr auto kRest = 500ms;
/// Enough of a title bar to drag the window by.
constexpr int kLeastSeenWidth = 120;
constexpr int kLeastSeenHeight = 40;

QList<QRect> screensNow()
{
    QList<QRect> screens;
    for (const QScreen* screen : QGuiApplication::screens())
        screens.append(screen->availableGeometry());
    return screens;
}

qint64 area(const QRect& rectangle)
{
    return static_cast<qint64>(rectangle.width()) * rectangle.height();
}
} // namespace

QRect placeOnScreens(const QRect& kept, const QList<QRect>& screens)
{
    if (!kept.isValid())
        return {};
    QRect home;
    for (const QRect& screen : screens)
        if (home.isNull() || area(screen.intersected(kept)) > area(home.intersected(kept)))
            home = screen;
    const QRect seen = home.intersected(kept);
    if (seen.width() < kLeastSeenWidth || seen.height() < kLeastSeenHeight)
        return {};
    QRect placed(kept.topLeft(), kept.size().boundedTo(home.size()));
    placed.moveLeft(std::clamp(placed.left(), home.left(), home.right() + 1 - placed.width()));
    placed.moveTop(std::clamp(placed.top(), home.top(), home.bottom() + 1 - placed.height()));
    return placed;
}

WindowState::WindowState(const QString& settingsFile, QObject* parent)
    : QObject(parent)
    , m_settings(settingsFile, QSettings::IniFormat)
    , m_isMaximised(m_settings.value(kMaximisedKey).toBool())
    , m_page(m_settings.value(kPageKey, u"sessions"_s).toString())
{
    m_rest.setSingleShot(true);
    m_rest.setInterval(kRest);
    connect(&m_rest, &QTimer::timeout, this, &WindowState::keep);
}

WindowState::~WindowState()
{
    if (m_rest.isActive())
        keep();
}

void WindowState::follow(QWindow& window)
{
    m_window = &window;
    const QRect placed = placeOnScreens(m_settings.value(kGeometryKey).toRect(), screensNow());
    if (placed.isValid())
        window.setGeometry(placed);
    for (const auto moved : {&QWindow::xChanged, &QWindow::yChanged, &QWindow::widthChanged, &QWindow::heightChanged})
        connect(&window, moved, this, &WindowState::note);
    connect(&window, &QWindow::windowStateChanged, this, &WindowState::note);
    if (m_isMaximised)
        window.showMaximized();
    else
        window.show();
}

void WindowState::note()
{
    if (!m_window || !m_window->isVisible())
        return;
    const Qt::WindowState state = m_window->windowState();
    if (state == Qt::WindowMaximized || state == Qt::WindowNoState)
        m_isMaximised = state == Qt::WindowMaximized;
    if (state == Qt::WindowNoState)
        m_normal = m_window->geometry();
    m_rest.start();
}

void WindowState::keep()
{
    m_rest.stop();
    if (m_normal.isValid())
        m_settings.setValue(kGeometryKey, m_normal);
    m_settings.setValue(kMaximisedKey, m_isMaximised);
}

void WindowState::setPage(const QString& page)
{
    if (page == m_page)
        return;
    m_page = page;
    m_settings.setValue(kPageKey, page);
    Q_EMIT pageChanged();
}

int WindowState::paneWidth(const QString& pane, int standard) const
{
    return m_settings.value(kPaneKey + pane, standard).toInt();
}

void WindowState::keepPaneWidth(const QString& pane, int pixels)
{
    m_settings.setValue(kPaneKey + pane, pixels);
}

} // namespace luthien::desktop
