// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "desktop/models/place_index.h"
#include "desktop/models/session_source.h"
#include "live/live_hub.h"

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QTimer>

#include <list>
#include <unordered_map>
#include <unordered_set>

namespace luthien::desktop {

/// All sessions, newest activity first. Holds the place of each (16 bytes) and the rows of some pages; a row that is
/// not held is empty until its page arrives. Changes are taken a few times a second, all at once. Thread: GUI.
class SessionsModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)
    Q_PROPERTY(bool loaded READ isLoaded NOTIFY countChanged FINAL)
    Q_PROPERTY(int liveCalls READ liveCalls NOTIFY liveCallsChanged FINAL)
    Q_PROPERTY(qint64 storedCalls READ storedCalls NOTIFY countChanged FINAL)
    Q_PROPERTY(QString error READ error NOTIFY countChanged FINAL)

public:
    enum Role {
        IdRole = Qt::UserRole + 1,
        ReadyRole,
        TitleRole,
        ClientRole,
        CallsRole,
        TimeRole,
        StatusRole,
        LiveRole,
        FailedRole,
        BlocksRole,
        ReplacesRole,
        HoldsRole,
        ShadowsRole, ///< verdicts that were not carried out
    };

    /// Both outlive the model.
    SessionsModel(SessionSource& source, const Clock& clock, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    [[nodiscard]] int count() const { return static_cast<int>(m_places.size()); }
    [[nodiscard]] bool isLoaded() const noexcept { return m_loaded; }
    [[nodiscard]] int liveCalls() const noexcept { return static_cast<int>(m_openCalls.size()); }
    [[nodiscard]] qint64 storedCalls() const noexcept { return m_storedCalls; }
    [[nodiscard]] QString error() const { return m_error; }
    /// The session's row, if it is held.
    [[nodiscard]] const store::SessionRow* find(const QString& id) const;
    [[nodiscard]] std::size_t heldRows() const noexcept { return m_rows.size(); }

    void applyLive(const live::LiveBatch& batch);
    /// Reads the list; call once.
    void start();

    [[nodiscard]] Q_INVOKABLE QString idAt(int row) const;
    /// -1 if it is not in the list, or its row is not held.
    [[nodiscard]] Q_INVOKABLE int rowOf(const QString& id) const;

Q_SIGNALS:
    void countChanged();
    void liveCallsChanged();
    void sessionChanged(const luthien::store::SessionRow& session);
    /// It was deleted, or is past its time; row is where it stood.
    void sessionGone(const QString& id, int row);

private:
    struct Held
    {
        store::SessionRow row;
        std::list<std::int64_t>::iterator use;
    };
    void takeList(const LoadedSessions& loaded);
    void takePage(const LoadedSessions& loaded);
    void takeSession(const store::SessionRow& session);
    /// It is not in the record any more. One that is not held goes when its page is read.
    void dropSession(const std::string& id);
    /// Takes out what stands where the page was read and did not come with it.
    void dropMissing(const std::optional<store::Cursor>& from, const LoadedSessions& page);
    void removeRow(std::size_t rank);
    struct Wanted
    {
        std::size_t first = 0;
        std::optional<store::Cursor> from;
    };
    void countCalls(const store::SessionRow& session, bool isListed);
    void hold(const store::SessionRow& row);
    void want(std::size_t rank) const;
    void readChanged();
    void refreshTimes();
    [[nodiscard]] const store::SessionRow* held(std::size_t rank) const;
    [[nodiscard]] QVariant value(const store::SessionRow& session, Role role) const;
    [[nodiscard]] bool isLive(const store::SessionRow& session) const;

    SessionSource& m_source;
    const Clock& m_clock;
    PlaceIndex m_places;
    std::unordered_map<std::int64_t, Held> m_rows; ///< by database row
    std::list<std::int64_t> m_uses;                ///< least recently loaded first
    std::unordered_map<std::string, std::int64_t> m_rowOfId;
    mutable std::unordered_map<quint64, Wanted> m_wanted; ///< pages asked for, by token
    mutable quint64 m_token = 0;
    std::unordered_map<CallId, std::string> m_openCalls; ///< and their sessions
    std::unordered_map<std::string, int> m_liveSessions;
    std::unordered_set<std::string> m_changed; ///< sessions to read again
    QTimer m_readTimer;
    QTimer m_minute;
    qint64 m_storedCalls = 0;
    bool m_loaded = false;
    QString m_error;
};

} // namespace luthien::desktop
