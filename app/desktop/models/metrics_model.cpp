// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/metrics_model.h"

#include "desktop/models/metric_cards.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::microseconds;

namespace {
/// A time one can choose.
struct Range
{
    microseconds length;
    microseconds step;
    microseconds reread; ///< it changes so slowly that more would tell nothing new
};

/// A legend names what is drawn, or what would be drawn first.
bool isSeen(const MetricCard& card, const MetricSeries& series)
{
    return &series == &card.series.front() ||
           std::ranges::any_of(series.values, [](double value) { return value > 0; });
}

constexpr std::array<Range, 5> kRanges = {
    Range{15min, 10s, 2s}, {1h, 1min, 10s}, {24h, 30min, 60s}, {7 * 24h, 4h, 5min}, {30 * 24h, 24h, 15min},
};
} // namespace

MetricsModel::MetricsModel(MetricsSource& source, const MetricsHistory& history, const Clock& clock, QObject* parent)
    : QAbstractListModel(parent)
    , m_source(source)
    , m_history(history)
    , m_clock(clock)
{
    connect(&source, &MetricsSource::activityLoaded, this,
            [this](const std::shared_ptr<const LoadedActivity>& loaded) { take(*loaded); });
    m_second.setInterval(1s);
    connect(&m_second, &QTimer::timeout, this, &MetricsModel::refresh);
}

int MetricsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_recorded.size() + m_recent.size());
}

const MetricCard* MetricsModel::card(int row) const
{
    const auto recorded = static_cast<int>(m_recorded.size());
    if (row < 0 || row >= rowCount())
        return nullptr;
    return row < recorded ? &m_recorded[static_cast<std::size_t>(row)]
                          : &m_recent[static_cast<std::size_t>(row - recorded)];
}

QVariant MetricsModel::data(const QModelIndex& index, int role) const
{
    const MetricCard* card = index.isValid() ? this->card(index.row()) : nullptr;
    if (card == nullptr)
        return {};
    switch (role) {
    case TitleRole:
        return card->title;
    case ValueRole:
        return card->value;
    case DetailRole:
        return card->detail;
    case RecentRole:
        return card->isRecent;
    case LegendRole: {
        QStringList names;
        for (const MetricSeries& series : card->series)
            if (isSeen(*card, series))
                names += series.name;
        return names;
    }
    case TonesRole: {
        QList<int> tones;
        for (const MetricSeries& series : card->series)
            if (isSeen(*card, series))
                tones += static_cast<int>(series.tone);
        return QVariant::fromValue(tones);
    }
    default:
        return {};
    }
}

QHash<int, QByteArray> MetricsModel::roleNames() const
{
    return {{TitleRole, "title"},   {ValueRole, "value"},   {DetailRole, "detail"},
            {RecentRole, "recent"}, {LegendRole, "legend"}, {TonesRole, "tones"}};
}

QStringList MetricsModel::table(int row) const
{
    const MetricCard* card = this->card(row);
    if (card == nullptr)
        return {};
    QStringList lines;
    for (std::size_t step = card->steps(); step-- > 0;)
        lines += stepFacts(*card, step);
    return lines;
}

void MetricsModel::setRange(int range)
{
    if (range == m_range || range < 0 || range >= std::ssize(kRanges))
        return;
    m_range = range;
    Q_EMIT rangeChanged();
    if (m_shown)
        load();
}

void MetricsModel::setShown(bool shown)
{
    if (shown == m_shown)
        return;
    m_shown = shown;
    if (m_shown) {
        m_second.start();
        load();
        refresh();
    } else {
        m_second.stop();
    }
    Q_EMIT shownChanged();
}

void MetricsModel::refresh()
{
    replace(m_recent, recentCards(m_history.samples(), m_clock.now()));
    if (!m_loading && m_clock.now() - m_loadedAt >= kRanges[static_cast<std::size_t>(m_range)].reread)
        load();
}

void MetricsModel::load()
{
    const Range& range = kRanges[static_cast<std::size_t>(m_range)];
    const TimePoint now = m_clock.now();
    // As many whole steps as the range has, the one that has just begun the last of them.
    const TimePoint end = fromMicros((toMicros(now) / range.step.count() + 1) * range.step.count());
    m_asked = {.since = end - range.length, .until = end, .span = range.step};
    m_loadedAt = now;
    m_loading = true;
    m_source.loadActivity(m_asked);
    Q_EMIT loadingChanged();
}

void MetricsModel::take(const LoadedActivity& loaded)
{
    if (!(loaded.request == m_asked))
        return; // of a range that is not shown any more
    m_loading = false;
    m_error = loaded.error;
    if (m_error.isEmpty())
        replace(m_recorded, recordedCards(loaded.activity, loaded.request));
    Q_EMIT loadingChanged();
}

void MetricsModel::replace(std::vector<MetricCard>& shown, std::vector<MetricCard> cards)
{
    const int first = &shown == &m_recorded ? 0 : static_cast<int>(m_recorded.size());
    const int last = first + static_cast<int>(cards.size()) - 1;
    if (shown.empty()) {
        beginInsertRows({}, first, last);
        shown = std::move(cards);
        endInsertRows();
        return;
    }
    shown = std::move(cards);
    Q_EMIT dataChanged(index(first), index(last));
}

} // namespace luthien::desktop
