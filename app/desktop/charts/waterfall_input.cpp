// SPDX-License-Identifier: Apache-2.0
#include "desktop/charts/waterfall.h"

#include <QHoverEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace luthien::desktop {

namespace {
constexpr qreal kDragFrom = 4;  ///< pixels; less is a click of an unsteady hand
constexpr qreal kReach = 3;     ///< pixels beside a bar that still mean it
constexpr qreal kKeyZoom = 1.5; ///< of one key
constexpr qreal kKeyPan = 0.15; ///< of the width, of one key
constexpr qreal kNotchZoom = 1.25;
constexpr qreal kNotch = 120;
} // namespace

bool Waterfall::event(QEvent* event)
{
    // The letters are ours while we have the keyboard, though the window has shortcuts of one letter.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool isLetter =
            key->key() == Qt::Key_W || key->key() == Qt::Key_A || key->key() == Qt::Key_S || key->key() == Qt::Key_D;
        if (isLetter && key->modifiers() == Qt::NoModifier) {
            event->accept();
            return true;
        }
    }
    return QQuickPaintedItem::event(event);
}

bool Waterfall::handleKey(int key, Qt::KeyboardModifiers modifiers)
{
    const qreal middle = width() / 2;
    switch (key) {
    case Qt::Key_W:
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoom(1 / kKeyZoom, middle);
        return true;
    case Qt::Key_S:
    case Qt::Key_Minus:
        zoom(kKeyZoom, middle);
        return true;
    case Qt::Key_A:
        pan(-kKeyPan * width());
        return true;
    case Qt::Key_D:
        pan(kKeyPan * width());
        return true;
    case Qt::Key_0:
        showAll();
        return true;
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (modifiers & Qt::ShiftModifier)
            return markNext(key == Qt::Key_Right ? 1 : -1);
        chooseNext(key == Qt::Key_Right ? 1 : -1);
        return true;
    case Qt::Key_Home:
    case Qt::Key_End:
        if (m_timeline && m_timeline->count() > 0)
            choose(key == Qt::Key_Home ? 0 : static_cast<std::uint32_t>(m_timeline->count() - 1));
        return true;
    case Qt::Key_Escape:
        if (!m_mark && m_isWhole)
            return false;
        if (m_mark)
            clearMark();
        else
            showAll();
        return true;
    default:
        return false;
    }
}

/// From where the mark began, or from the current call, to the next call and over it.
bool Waterfall::markNext(int step)
{
    if (!m_timeline || m_timeline->count() == 0)
        return true;
    const auto at = [this](const std::optional<CallId>& id) { return id ? m_timeline->positionOf(*id) : std::nullopt; };
    const auto last = static_cast<std::uint32_t>(m_timeline->count() - 1);
    std::uint32_t to = at(m_current).value_or(step > 0 ? 0 : last);
    std::uint32_t from = to;
    if (m_mark && at(m_markedFrom) && at(m_markedTo)) {
        from = *at(m_markedFrom);
        to = static_cast<std::uint32_t>(std::clamp<std::int64_t>(std::int64_t{*at(m_markedTo)} + step, 0, last));
    }
    m_markedFrom = m_timeline->call(from).id;
    m_markedTo = m_timeline->call(to).id;
    const auto [first, end] = std::minmax(from, to);
    const TimelineCall& newest = m_timeline->call(end);
    setMark(
        Range{toMicros(m_timeline->call(first).startedAt), toMicros(newest.endedAt.value_or(newest.startedAt)) + 1});
    tellMark();
    choose(to);
    return true;
}

void Waterfall::keyPressEvent(QKeyEvent* event)
{
    event->setAccepted(handleKey(event->key(), event->modifiers()));
}

std::optional<Waterfall::Hit> Waterfall::hitAt(QPointF point) const
{
    const auto row = static_cast<std::size_t>(std::max(0.0, point.y() / laneHeight()));
    if (row >= m_lanes.size())
        return std::nullopt;
    const TimelineLane lane = m_lanes[row];
    const std::vector<SpanBar>& bars = this->bars(lane);
    const auto column = static_cast<int>(point.x() * m_scale);
    const auto reach = static_cast<int>(kReach * m_scale);
    auto bar = std::ranges::upper_bound(bars, column, {}, &SpanBar::first);
    std::optional<Hit> best;
    int distance = reach + 1;
    for (int i = 0; i < 2; ++i) {
        if (bar != bars.end()) {
            const int away = column < bar->first ? bar->first - column : std::max(0, column - bar->end + 1);
            if (away < distance) {
                distance = away;
                best = Hit{lane, *bar};
            }
        }
        if (bar == bars.begin())
            break;
        --bar;
    }
    return best;
}

void Waterfall::mousePressEvent(QMouseEvent* event)
{
    forceActiveFocus(Qt::MouseFocusReason);
    const bool isPan = event->button() != Qt::LeftButton || (event->modifiers() & Qt::ShiftModifier);
    m_press = Press{.x = event->position().x(), .view = m_view, .isPan = isPan};
    event->accept();
}

void Waterfall::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_press)
        return;
    const qreal x = event->position().x();
    m_press->isDrag = m_press->isDrag || std::abs(x - m_press->x) >= kDragFrom;
    if (!m_press->isDrag)
        return;
    setKeepMouseGrab(true);
    if (m_press->isPan) {
        const auto length = static_cast<double>(m_press->view.to - m_press->view.from);
        const auto by = static_cast<std::int64_t>((m_press->x - x) / width() * length);
        setView({m_press->view.from + by, m_press->view.to + by});
        return;
    }
    const auto [from, to] = std::minmax({timeAt(std::clamp(x, 0.0, width())), timeAt(m_press->x)});
    m_markedFrom.reset();
    setMark(Range{from, to + 1});
}

void Waterfall::mouseReleaseEvent(QMouseEvent* event)
{
    if (!m_press)
        return;
    const Press press = *std::exchange(m_press, std::nullopt);
    setKeepMouseGrab(false);
    if (press.isPan || !m_timeline)
        return;
    if (!press.isDrag) {
        if (const auto hit = hitAt(event->position()))
            choose(hit->bar.owner);
        else
            clearMark();
        return;
    }
    tellMark();
}

void Waterfall::mouseUngrabEvent()
{
    m_press.reset();
    setKeepMouseGrab(false);
}

void Waterfall::hover(QPointF point)
{
    QStringList facts;
    if (const auto hit = m_timeline ? hitAt(point) : std::nullopt) {
        facts = m_timeline->facts(hit->lane, hit->bar.owner);
        const auto edge = [this](int column) { return timeAt(column / m_scale); };
        const auto begun = m_timeline->lane(hit->lane).begunIn(edge(hit->bar.first), edge(hit->bar.end));
        if (!hit->bar.isWhole && begun > 1)
            facts += tr("and %1 more here; look closer with the wheel").arg(begun - 1);
    }
    m_hoveredX = point.x();
    m_hovered = facts;
    Q_EMIT hoveredChanged();
}

void Waterfall::hoverMoveEvent(QHoverEvent* event)
{
    hover(event->position());
    event->ignore();
}

void Waterfall::hoverLeaveEvent(QHoverEvent*)
{
    m_hovered.clear();
    Q_EMIT hoveredChanged();
}

void Waterfall::wheelEvent(QWheelEvent* event)
{
    const QPoint turned = event->angleDelta();
    event->accept();
    if (turned.x() != 0 || (event->modifiers() & Qt::ShiftModifier))
        pan(-(turned.x() != 0 ? turned.x() : turned.y()) / kNotch * kKeyPan * width());
    else
        zoom(std::pow(kNotchZoom, -turned.y() / kNotch), event->position().x());
}

} // namespace luthien::desktop
