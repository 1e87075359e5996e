// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/timeline.h"

#include <QColor>
#include <QPointer>
#include <QQuickPaintedItem>

#include <optional>

namespace luthien::desktop {

/// Draws a timeline: a row for each lane, a bar for each span, times below. One looks closer with the wheel and moves
/// with Shift or the right button, or with WASD, + and -; a drag marks a part of the time, a click chooses a call. It
/// is painted as one picture, so that it is the same with every renderer and its cost is bounded by its width.
/// Thread: GUI; paint() while that one waits.
class Waterfall : public QQuickPaintedItem
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(luthien::desktop::Timeline* timeline READ timeline WRITE setTimeline NOTIFY timelineChanged FINAL)
    Q_PROPERTY(QString currentCall READ currentCall WRITE setCurrentCall NOTIFY currentCallChanged FINAL)
    Q_PROPERTY(QStringList lanes READ lanes NOTIFY lanesChanged FINAL)
    Q_PROPERTY(qreal laneHeight READ laneHeight CONSTANT FINAL)
    Q_PROPERTY(bool whole READ isWhole NOTIFY viewChanged FINAL)
    Q_PROPERTY(QString viewText READ viewText NOTIFY viewChanged FINAL)
    Q_PROPERTY(bool marked READ isMarked NOTIFY markChanged FINAL)
    Q_PROPERTY(QString markText READ markText NOTIFY markChanged FINAL)
    Q_PROPERTY(QString hoveredTitle READ hoveredTitle NOTIFY hoveredChanged FINAL)
    Q_PROPERTY(QString hoveredText READ hoveredText NOTIFY hoveredChanged FINAL)
    Q_PROPERTY(qreal hoveredX READ hoveredX NOTIFY hoveredChanged FINAL)
    Q_PROPERTY(QString summary READ summary NOTIFY summaryChanged FINAL)
    Q_PROPERTY(QColor modelColor MEMBER m_model NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor agentColor MEMBER m_agent NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor toolColor MEMBER m_tool NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor changedColor MEMBER m_changed NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor personColor MEMBER m_person NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor failedColor MEMBER m_failed NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor blockedColor MEMBER m_blocked NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor lineColor MEMBER m_line NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor textColor MEMBER m_text NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor accentColor MEMBER m_accent NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QString fontFamily MEMBER m_fontFamily NOTIFY colorsChanged FINAL)

public:
    explicit Waterfall(QQuickItem* parent = nullptr);

    [[nodiscard]] Timeline* timeline() const { return m_timeline; }
    void setTimeline(Timeline* timeline);
    [[nodiscard]] QString currentCall() const;
    void setCurrentCall(const QString& id);
    /// Names of the lanes that are drawn, from the top; each is laneHeight high.
    [[nodiscard]] QStringList lanes() const;
    [[nodiscard]] static constexpr qreal laneHeight() noexcept { return 14; }
    /// All of the time there is, is in view.
    [[nodiscard]] bool isWhole() const noexcept { return m_isWhole; }
    /// "0:55 to 1:50"; empty = all of it.
    [[nodiscard]] QString viewText() const;
    [[nodiscard]] bool isMarked() const noexcept { return m_mark.has_value(); }
    /// "0:55 to 1:50 · 12 calls"
    [[nodiscard]] QString markText() const;
    /// What is under the pointer; empty = nothing is.
    [[nodiscard]] QString hoveredTitle() const { return m_hovered.value(0); }
    /// What it says about itself, in lines.
    [[nodiscard]] QString hoveredText() const { return m_hovered.mid(1).join(u'\n'); }
    [[nodiscard]] qreal hoveredX() const noexcept { return m_hoveredX; }
    /// For those who do not see it.
    [[nodiscard]] QString summary() const;

    /// All of the time.
    Q_INVOKABLE void showAll();
    /// The span at x becomes factor times as long as it is, around it.
    Q_INVOKABLE void zoom(qreal factor, qreal x);
    /// So many pixels to the right.
    Q_INVOKABLE void pan(qreal pixels);
    Q_INVOKABLE void clearMark();
    /// Whether it began within what is marked.
    [[nodiscard]] Q_INVOKABLE bool isInMark(const QString& callId) const;
    /// The call so many after the current one.
    Q_INVOKABLE void chooseNext(int step);

    void paint(QPainter* painter) override;
    [[nodiscard]] const std::vector<SpanBar>& bars(TimelineLane lane) const;
    /// Where a time is, in pixels of the item.
    [[nodiscard]] qreal xOf(std::int64_t micros) const;
    [[nodiscard]] std::int64_t timeAt(qreal x) const;

Q_SIGNALS:
    void timelineChanged();
    void currentCallChanged();
    void lanesChanged();
    void viewChanged();
    void markChanged();
    void hoveredChanged();
    void summaryChanged();
    void colorsChanged();
    /// A click, or the keyboard, is on this call.
    void chosen(const QString& callId);
    /// A part of the time was marked in which calls began; microseconds since 1970.
    void markMade(qint64 from, qint64 to);

protected:
    bool event(QEvent* event) override;
    void geometryChange(const QRectF& now, const QRectF& before) override;
    void itemChange(ItemChange change, const ItemChangeData& data) override;
    void updatePolish() override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseUngrabEvent() override;
    void hoverMoveEvent(QHoverEvent* event) override;
    void hoverLeaveEvent(QHoverEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    struct Range
    {
        std::int64_t from = 0;
        std::int64_t to = 0;
        bool operator==(const Range&) const = default;
    };
    struct Press
    {
        qreal x = 0;
        Range view;
        bool isPan = false;
        bool isDrag = false;
    };
    struct Hit
    {
        TimelineLane lane = TimelineLane::Model;
        SpanBar bar;
    };
    [[nodiscard]] Range all() const;
    void setView(Range view);
    void takeChange();
    void refresh();
    void setMark(std::optional<Range> mark);
    /// Tells of a mark that is complete.
    void tellMark();
    void choose(std::uint32_t position);
    [[nodiscard]] bool markNext(int step);
    void reveal(std::int64_t micros);
    [[nodiscard]] bool handleKey(int key, Qt::KeyboardModifiers modifiers);
    [[nodiscard]] std::optional<Hit> hitAt(QPointF point) const;
    [[nodiscard]] QString rangeText(const Range& range) const;
    [[nodiscard]] QColor colorOf(SpanTone tone) const;
    void paintLane(QPainter& painter, TimelineLane lane, qreal y) const;
    void paintBar(QPainter& painter, const SpanBar& bar, TimelineLane lane, qreal y) const;
    void paintAxis(QPainter& painter) const;
    void paintCurrent(QPainter& painter) const;
    void hover(QPointF point);

    QPointer<Timeline> m_timeline;
    std::vector<TimelineLane> m_lanes;
    std::array<std::vector<SpanBar>, kTimelineLanes> m_bars;
    Range m_view; ///< microseconds since 1970
    bool m_isWhole = true;
    qreal m_scale = 1; ///< columns in a pixel of the item
    std::optional<CallId> m_current;
    std::optional<Range> m_mark;
    std::optional<CallId> m_markedFrom; ///< where the keyboard began to mark, and where it has come to
    std::optional<CallId> m_markedTo;
    std::optional<Press> m_press;
    QStringList m_hovered; ///< a title, then lines
    qreal m_hoveredX = 0;
    QTimer m_growing;
    QColor m_model, m_agent, m_tool, m_changed, m_person, m_failed, m_blocked, m_line, m_text, m_accent;
    QString m_fontFamily;
};

} // namespace luthien::desktop
