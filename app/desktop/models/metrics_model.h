// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "desktop/controllers/metrics_history.h"
#include "desktop/models/metric_card.h"
#include "desktop/models/metrics_source.h"

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QTimer>

#include <vector>

namespace luthien::desktop {

/// What is measured, a card each: what is recorded of the chosen time, and of the last minutes what is not. It reads
/// while it is shown, and not otherwise. Thread: GUI.
class MetricsModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int range READ range WRITE setRange NOTIFY rangeChanged FINAL)
    Q_PROPERTY(bool shown READ isShown WRITE setShown NOTIFY shownChanged FINAL)
    Q_PROPERTY(bool loading READ isLoading NOTIFY loadingChanged FINAL)
    Q_PROPERTY(QString error READ error NOTIFY loadingChanged FINAL)

public:
    enum Role {
        TitleRole = Qt::UserRole + 1,
        ValueRole,
        DetailRole,
        RecentRole, ///< it is of the last minutes, whatever was chosen
        LegendRole, ///< names of the series that hold something, in order
        TonesRole,  ///< their tones
    };

    /// All outlive the model.
    MetricsModel(MetricsSource& source, const MetricsHistory& history, const Clock& clock, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    /// 0 = 15 minutes, 1 = an hour, 2 = a day, 3 = a week, 4 = 30 days.
    [[nodiscard]] int range() const noexcept { return m_range; }
    void setRange(int range);
    [[nodiscard]] bool isShown() const noexcept { return m_shown; }
    void setShown(bool shown);
    [[nodiscard]] bool isLoading() const noexcept { return m_loading; }
    [[nodiscard]] QString error() const { return m_error; }

    [[nodiscard]] const MetricCard* card(int row) const;
    /// The same as a table, for those who do not see a chart: the names of its columns, then a line for each step,
    /// newest first.
    [[nodiscard]] Q_INVOKABLE QStringList table(int row) const;
    /// Once a second while it is shown.
    void refresh();

Q_SIGNALS:
    void rangeChanged();
    void shownChanged();
    void loadingChanged();

private:
    void load();
    void take(const LoadedActivity& loaded);
    /// There are always as many of each kind.
    void replace(std::vector<MetricCard>& shown, std::vector<MetricCard> cards);

    MetricsSource& m_source;
    const MetricsHistory& m_history;
    const Clock& m_clock;
    std::vector<MetricCard> m_recorded;
    std::vector<MetricCard> m_recent;
    int m_range = 0;
    bool m_shown = false;
    bool m_loading = false;
    TimePoint m_loadedAt;
    store::ActivityRequest m_asked;
    QString m_error;
    QTimer m_second;
};

} // namespace luthien::desktop
