// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/metrics_model.h"

#include <QColor>
#include <QList>
#include <QPointer>
#include <QQuickPaintedItem>

namespace luthien::desktop {

/// Draws one card of the metrics: bars upon each other, or lines, over its time. Tells what the step under the pointer
/// holds. Painted as one picture, so that it is the same with every renderer. Thread: GUI; paint() while that one
/// waits.
class TimeChart : public QQuickPaintedItem
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(luthien::desktop::MetricsModel* metrics READ metrics WRITE setMetrics NOTIFY metricsChanged FINAL)
    Q_PROPERTY(int card READ card WRITE setCard NOTIFY cardChanged FINAL)
    Q_PROPERTY(QList<QColor> colors READ colors WRITE setColors NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor lineColor MEMBER m_line NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QString hovered READ hovered NOTIFY hoveredChanged FINAL)
    Q_PROPERTY(QString greatest READ greatest NOTIFY changed FINAL)
    Q_PROPERTY(QString begin READ begin NOTIFY changed FINAL)
    Q_PROPERTY(QString end READ end NOTIFY changed FINAL)

public:
    explicit TimeChart(QQuickItem* parent = nullptr);

    [[nodiscard]] MetricsModel* metrics() const { return m_metrics; }
    void setMetrics(MetricsModel* metrics);
    [[nodiscard]] int card() const noexcept { return m_card; }
    void setCard(int card);
    /// One for each chart::Tone.
    [[nodiscard]] QList<QColor> colors() const { return m_colors; }
    void setColors(const QList<QColor>& colors);
    /// "14:31 · 12 completed"; empty = the pointer is elsewhere.
    [[nodiscard]] QString hovered() const;
    /// What the upper edge stands for.
    [[nodiscard]] QString greatest() const;
    /// When the first step and the last one begin.
    [[nodiscard]] QString begin() const;
    [[nodiscard]] QString end() const;

    void paint(QPainter* painter) override;

Q_SIGNALS:
    void metricsChanged();
    void cardChanged();
    void colorsChanged();
    void hoveredChanged();
    void changed();

protected:
    void hoverMoveEvent(QHoverEvent* event) override;
    void hoverLeaveEvent(QHoverEvent* event) override;

private:
    [[nodiscard]] const MetricCard* shown() const;
    [[nodiscard]] double ceiling(const MetricCard& card) const;
    [[nodiscard]] QColor colorOf(chart::Tone tone) const;
    void paintBars(QPainter& painter, const MetricCard& card) const;
    void paintLines(QPainter& painter, const MetricCard& card) const;
    void paintRun(QPainter& painter, const MetricSeries& series, MetricRun run, const MetricCard& card) const;
    void setHovered(int step);
    void refresh();

    QPointer<MetricsModel> m_metrics;
    int m_card = -1;
    int m_hovered = -1; ///< step; -1 = none
    QList<QColor> m_colors;
    QColor m_line;
};

} // namespace luthien::desktop
