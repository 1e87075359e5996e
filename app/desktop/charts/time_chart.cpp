// SPDX-License-Identifier: Apache-2.0
#include "desktop/charts/time_chart.h"

#include <QHoverEvent>
#include <QPainter>
#include <QPolygonF>

#include <algorithm>
#include <cmath>

namespace luthien::desktop {

namespace {
constexpr qreal kLineWidth = 1.5;
constexpr qreal kDot = 2;     ///< radius of a step that stands alone
constexpr qreal kGapFrom = 4; ///< pixels; narrower bars have no gap between them
constexpr float kSoft = 0.14F;
} // namespace

TimeChart::TimeChart(QQuickItem* parent)
    : QQuickPaintedItem(parent)
{
    setAcceptHoverEvents(true);
    connect(this, &TimeChart::colorsChanged, this, [this] { update(); });
}

void TimeChart::setMetrics(MetricsModel* metrics)
{
    if (metrics == m_metrics)
        return;
    if (m_metrics)
        disconnect(m_metrics, nullptr, this, nullptr);
    m_metrics = metrics;
    if (m_metrics)
        connect(m_metrics, &QAbstractItemModel::dataChanged, this,
                [this](const QModelIndex& first, const QModelIndex& last) {
                    if (first.row() <= m_card && m_card <= last.row())
                        refresh();
                });
    Q_EMIT metricsChanged();
    refresh();
}

void TimeChart::setCard(int card)
{
    if (card == m_card)
        return;
    m_card = card;
    Q_EMIT cardChanged();
    refresh();
}

void TimeChart::setColors(const QList<QColor>& colors)
{
    m_colors = colors;
    Q_EMIT colorsChanged();
}

void TimeChart::refresh()
{
    update();
    Q_EMIT changed();
    Q_EMIT hoveredChanged();
}

const MetricCard* TimeChart::shown() const
{
    return m_metrics ? m_metrics->card(m_card) : nullptr;
}

double TimeChart::ceiling(const MetricCard& card) const
{
    double greatest = 0;
    for (std::size_t step = 0; step < card.steps(); ++step) {
        double sum = 0;
        for (const MetricSeries& series : card.series) {
            const double value = series.values[step];
            sum = card.form == MetricCard::Form::Stacked ? sum + value : std::max(sum, value);
        }
        greatest = std::max(greatest, sum);
    }
    return greatest;
}

QString TimeChart::greatest() const
{
    const MetricCard* card = shown();
    const double most = card != nullptr ? ceiling(*card) : 0;
    return most > 0 ? amountText(most, card->unit) : QString();
}

QString TimeChart::begin() const
{
    const MetricCard* card = shown();
    return card != nullptr && card->steps() > 0 ? stepText(*card, 0) : QString();
}

QString TimeChart::end() const
{
    const MetricCard* card = shown();
    return card != nullptr && card->steps() > 0 ? stepText(*card, card->steps() - 1) : QString();
}

QString TimeChart::hovered() const
{
    const MetricCard* card = shown();
    const auto step = static_cast<std::size_t>(m_hovered);
    return card != nullptr && m_hovered >= 0 && step < card->steps() ? stepFacts(*card, step) : QString();
}

QColor TimeChart::colorOf(chart::Tone tone) const
{
    const auto number = static_cast<qsizetype>(tone);
    return number < m_colors.size() ? m_colors[number] : QColor();
}

void TimeChart::paint(QPainter* painter)
{
    painter->fillRect(QRectF(0, height() - 1, width(), 1), m_line);
    const MetricCard* card = shown();
    if (card == nullptr || card->steps() == 0)
        return;
    if (m_hovered >= 0 && m_hovered < static_cast<int>(card->steps())) {
        const qreal step = width() / static_cast<double>(card->steps());
        painter->fillRect(QRectF(m_hovered * step, 0, std::max(1.0, step), height()), m_line);
    }
    if (card->form == MetricCard::Form::Stacked)
        paintBars(*painter, *card);
    else
        paintLines(*painter, *card);
}

void TimeChart::paintBars(QPainter& painter, const MetricCard& card) const
{
    const double most = ceiling(card);
    if (most <= 0)
        return;
    const qreal wide = width() / static_cast<double>(card.steps());
    const qreal bar = wide >= kGapFrom ? wide - 1 : wide;
    for (std::size_t step = 0; step < card.steps(); ++step) {
        qreal bottom = height() - 1;
        for (const MetricSeries& series : card.series) {
            if (series.values[step] <= 0)
                continue;
            const qreal tall = std::max(1.0, series.values[step] / most * (height() - 2));
            const qreal x = static_cast<double>(step) * wide;
            painter.fillRect(QRectF(x, std::max(0.0, bottom - tall), bar, std::min(tall, bottom)),
                             colorOf(series.tone));
            bottom -= tall;
        }
    }
}

void TimeChart::paintLines(QPainter& painter, const MetricCard& card) const
{
    if (ceiling(card) <= 0)
        return;
    painter.setRenderHint(QPainter::Antialiasing, true);
    for (auto series = card.series.rbegin(); series != card.series.rend(); ++series)
        for (const MetricRun run : runsOf(*series))
            paintRun(painter, *series, run, card);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void TimeChart::paintRun(QPainter& painter, const MetricSeries& series, MetricRun run, const MetricCard& card) const
{
    const double most = ceiling(card);
    const qreal wide = width() / static_cast<double>(card.steps());
    QPolygonF points;
    for (std::size_t step = run.first; step < run.end; ++step)
        points << QPointF((static_cast<double>(step) + 0.5) * wide,
                          height() - 2 - series.values[step] / most * (height() - 4));
    QColor color = colorOf(series.tone);
    if (points.size() == 1) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawEllipse(points.first(), kDot, kDot);
        return;
    }
    painter.setPen(QPen(color, kLineWidth));
    painter.drawPolyline(points);
    if (series.tone != chart::Tone::Main)
        return;
    points << QPointF(points.last().x(), height() - 1) << QPointF(points.first().x(), height() - 1);
    color.setAlphaF(kSoft);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(points);
}

void TimeChart::setHovered(int step)
{
    if (step == m_hovered)
        return;
    m_hovered = step;
    refresh();
}

void TimeChart::hoverMoveEvent(QHoverEvent* event)
{
    const MetricCard* card = shown();
    const auto steps = card != nullptr ? static_cast<double>(card->steps()) : 0;
    setHovered(width() > 0 ? static_cast<int>(event->position().x() / width() * steps) : -1);
    event->ignore();
}

void TimeChart::hoverLeaveEvent(QHoverEvent*)
{
    setHovered(-1);
}

} // namespace luthien::desktop
