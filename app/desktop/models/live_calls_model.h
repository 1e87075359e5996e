// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "desktop/models/live_call.h"
#include "desktop/models/live_calls_source.h"
#include "live/live_hub.h"

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QTimer>

#include <unordered_map>
#include <vector>

namespace luthien::desktop {

/// The calls that run now, over all sessions, in the order they began, so that none moves under the pointer. One that
/// is over stays for some seconds. Thread: GUI.
class LiveCallsModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)
    Q_PROPERTY(int running READ running NOTIFY countChanged FINAL)
    Q_PROPERTY(int waiting READ waiting NOTIFY countChanged FINAL)

public:
    enum Role {
        CallRole = Qt::UserRole + 1,
        SessionRole,
        TitleRole,
        WhoRole, ///< client, agent and model
        StateRole,
        ToneRole,
        RateRole,
        ElapsedRole,
        WaitingRole, ///< for how long it has waited for a person
        LineRole,
        OverRole,
        SpokenRole, ///< all of it in one line
    };
    /// How long one that is over stays.
    static constexpr std::chrono::seconds kStays{8};

    /// Both outlive the model.
    LiveCallsModel(LiveCallsSource& source, const Clock& clock, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;
    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_calls.size()); }
    [[nodiscard]] int running() const noexcept { return m_running; }
    [[nodiscard]] int waiting() const noexcept { return m_waitingCount; }

    /// Reads what was open before we looked.
    void start();
    void applyLive(const live::LiveBatch& batch);
    /// Which calls wait for a person, since when.
    void setWaiting(std::unordered_map<CallId, std::int64_t> waiting);
    /// What time changes: how long and how fast, and what has been over for long enough. Comes once a second.
    void tick();

    [[nodiscard]] Q_INVOKABLE QString sessionAt(int row) const;
    [[nodiscard]] Q_INVOKABLE QString callAt(int row) const;
    /// -1 = it is not here (any more).
    [[nodiscard]] Q_INVOKABLE int rowOf(const QString& callId) const;

Q_SIGNALS:
    void countChanged();

private:
    void add(LiveCall call);
    void takeCommitted(const live::Committed& event);
    void takeOpen(const std::vector<store::CallRow>& calls);
    void finish(std::size_t row, const live::Ended& end);
    [[nodiscard]] LiveCall* find(const CallId& id);
    void touch(const CallId& id);
    void flush();
    void dropOver();
    void indexFrom(std::size_t row);

    LiveCallsSource& m_source;
    const Clock& m_clock;
    std::vector<LiveCall> m_calls;
    std::unordered_map<CallId, std::size_t> m_rows;
    std::unordered_map<CallId, std::int64_t> m_waiting;
    int m_running = 0;
    int m_waitingCount = 0;
    int m_firstTouched = -1; ///< rows that changed since the last flush()
    int m_lastTouched = -1;
    QTimer m_flush;
    QTimer m_second;
    QTimer m_reread;
};

} // namespace luthien::desktop
