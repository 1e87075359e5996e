// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "desktop/models/call_texts.h"
#include "desktop/models/held_sessions.h"
#include "desktop/models/open_calls.h"
#include "desktop/models/session_sections.h"
#include "desktop/models/session_source.h"
#include "desktop/models/session_texts.h"
#include "live/live_hub.h"

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QTimer>

#include <unordered_map>
#include <unordered_set>

namespace luthien::desktop {

/// All sessions, or those a filter matches, newest activity first, in sections with a head each: the pinned ones, then
/// days or clients. Holds the place of each (32 bytes) and the rows of some pages; a row that is not held is empty
/// until its page arrives. Changes are taken a few times a second, all at once. Thread: GUI.
class SessionsModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)
    Q_PROPERTY(int shownCount READ shownCount NOTIFY countChanged FINAL)
    Q_PROPERTY(QString countText READ countText NOTIFY countChanged FINAL)
    Q_PROPERTY(QString shownText READ shownText NOTIFY countChanged FINAL)
    Q_PROPERTY(QString openText READ openText NOTIFY countChanged FINAL)
    Q_PROPERTY(QString flaggedText READ flaggedText NOTIFY countChanged FINAL)
    Q_PROPERTY(bool loaded READ isLoaded NOTIFY countChanged FINAL)
    Q_PROPERTY(int liveCalls READ liveCalls NOTIFY liveCallsChanged FINAL)
    Q_PROPERTY(qint64 storedCalls READ storedCalls NOTIFY countChanged FINAL)
    Q_PROPERTY(QString storedSize READ storedSize NOTIFY countChanged FINAL)
    Q_PROPERTY(QString error READ error NOTIFY countChanged FINAL)
    Q_PROPERTY(bool narrowed READ isNarrowed NOTIFY narrowedChanged FINAL)
    Q_PROPERTY(bool searching READ isSearching NOTIFY narrowedChanged FINAL)
    Q_PROPERTY(Part part READ part WRITE setPart NOTIFY narrowedChanged FINAL)
    Q_PROPERTY(Grouping grouping READ grouping WRITE setGrouping NOTIFY groupingChanged FINAL)

public:
    enum Role {
        HeadRole = Qt::UserRole + 1, ///< not a session: the head of a section
        IdRole,
        ReadyRole,
        TitleRole,
        DetailRole,
        FactsRole,
        TimeRole,
        StatusRole,
        LiveRole,
        FailedRole,
        PinnedRole,
        NoteRole,
        SizeRole,
        BlocksRole,
        ReplacesRole,
        HoldsRole,
        ShadowsRole, ///< verdicts that were not carried out
    };
    enum class Part { All, Open, Flagged };
    Q_ENUM(Part)
    enum class Grouping { Day, Client };
    Q_ENUM(Grouping)

    /// Both outlive the model.
    SessionsModel(SessionSource& source, const Clock& clock, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    /// Of all sessions, whatever is shown of them. \{
    [[nodiscard]] int count() const { return static_cast<int>(m_all.size()); }
    [[nodiscard]] QString countText() const { return desktop::countText(count()); }
    [[nodiscard]] QString openText() const { return desktop::countText(m_openCount); }
    [[nodiscard]] QString flaggedText() const { return desktop::countText(m_flaggedCount); }
    [[nodiscard]] bool isLoaded() const noexcept { return m_loaded; }
    [[nodiscard]] int liveCalls() const noexcept { return m_open.count(); }
    [[nodiscard]] qint64 storedCalls() const noexcept { return m_storedCalls; }
    [[nodiscard]] QString storedSize() const { return sizeText(m_storedKibibytes * 1024); }
    /// \}
    [[nodiscard]] QString shownText() const { return desktop::countText(shownCount()); }
    [[nodiscard]] int shownCount() const { return static_cast<int>(m_shown->size()); }
    [[nodiscard]] QString error() const { return m_error; }
    [[nodiscard]] bool isNarrowed() const { return m_part != Part::All || !m_search.filter.isAll(); }
    [[nodiscard]] bool isSearching() const noexcept { return m_isSearching; }
    [[nodiscard]] Part part() const noexcept { return m_part; }
    void setPart(Part part);
    [[nodiscard]] Grouping grouping() const noexcept { return m_grouping; }
    void setGrouping(Grouping grouping);
    /// Shows only what the filter matches, from when the first of it is found.
    void setFilter(const filter::Expression& filter);

    /// The session's row, if it is held.
    [[nodiscard]] const store::SessionRow* find(const QString& id) const;
    [[nodiscard]] std::size_t heldRows() const noexcept { return m_rows.size(); }

    void applyLive(const live::LiveBatch& batch);
    /// Reads the list; call once.
    void start();
    /// Reads again what could not be read.
    Q_INVOKABLE void retry();

    /// Empty for a head, and for a row that is not held.
    [[nodiscard]] Q_INVOKABLE QString idAt(int row) const;
    /// -1 if it is not in the list, or its row is not held.
    [[nodiscard]] Q_INVOKABLE int rowOf(const QString& id) const;
    /// The session so many sessions further down, or the last one on the way there; -1 = there is none.
    [[nodiscard]] Q_INVOKABLE int sessionRowNear(int row, int step) const;
    /// See SessionSections. \{
    [[nodiscard]] Q_INVOKABLE double topOf(int row, int headHeight, int sessionHeight) const;
    [[nodiscard]] Q_INVOKABLE int rowAtTop(double top, int headHeight, int sessionHeight) const;
    /// \}

Q_SIGNALS:
    void countChanged();
    void liveCallsChanged();
    void narrowedChanged();
    void groupingChanged();
    void sessionChanged(const luthien::store::SessionRow& session);
    /// A row of the store was read, for whatever reason.
    void sessionRead(const luthien::store::SessionRow& session);
    /// It was deleted, or is past its time; row is where it stood in the list, -1 = nowhere.
    void sessionGone(const QString& id, int row);

private:
    enum class Count : int { Out = -1, In = 1 };
    [[nodiscard]] std::int64_t sectionOf(const SessionPlace& place) const;
    /// Of a session whose client is known, see learn().
    [[nodiscard]] SessionPlace placeOf(const store::SessionRow& session) const;
    void learn(const store::SessionRow& session);
    [[nodiscard]] bool isInPart(const SessionPlace& place) const;
    [[nodiscard]] QString sectionTitle(std::size_t section) const;
    [[nodiscard]] const store::SessionRow* held(int row) const;
    [[nodiscard]] QVariant value(const store::SessionRow& session, Role role) const;
    [[nodiscard]] bool isLive(const store::SessionRow& session) const;
    [[nodiscard]] QString timeText(const store::SessionRow& session) const;

    void takeList(const LoadedSessions& loaded);
    void takePage(const LoadedSessions& loaded);
    void takeFound(const LoadedSessions& loaded);
    void takeChecked(quint64 token, const std::string& id, bool matches);
    void takeSession(const store::SessionRow& session);
    void takeMissing(const std::string& id);
    void hold(const store::SessionRow& session);
    void want(int row) const;
    void readChanged();
    void refreshTimes();

    /// Brings one session to where it belongs now; none = nowhere. \{
    void put(const std::optional<SessionPlace>& old, const std::optional<SessionPlace>& now);
    void putIn(SessionSections& list, const std::optional<SessionPlace>& old, const std::optional<SessionPlace>& now);
    void move(SessionSections& list, const SessionSections::Spot& from, const SessionPlace& now);
    void insert(SessionSections& list, const SessionPlace& place);
    void remove(SessionSections& list, const SessionSections::Spot& spot);
    /// \}
    /// A run of places, each after all of its section.
    void append(SessionSections& list, const std::vector<SessionPlace>& places);
    void tally(const SessionPlace& place, Count direction);
    void narrow();
    void endSearch(const QString& error);

    SessionSource& m_source;
    const Clock& m_clock;
    mutable LocalDays m_days;
    Grouping m_grouping = Grouping::Day;
    Part m_part = Part::All;
    SessionSections m_all;
    SessionSections m_found; ///< of them, what is looked for
    SessionSections* m_shown = &m_all;
    HeldSessions m_rows;
    std::vector<QString> m_clients; ///< by SessionPlace::client
    std::unordered_map<std::string, std::uint16_t> m_clientNumbers;
    std::int64_t m_newestRow = 0; ///< the greatest key of the database that was seen

    SessionSearch m_search;
    bool m_isSearching = false;
    bool m_showsFound = false;                   ///< the first of what m_search finds is there
    std::unordered_set<std::string> m_unchecked; ///< changed while the search ran

    mutable std::unordered_map<quint64, std::vector<SessionPlace>> m_wanted; ///< asked for, by token
    mutable std::unordered_set<std::int64_t> m_wantedRows;
    mutable quint64 m_token = 0;
    OpenCalls m_open;
    std::unordered_set<std::string> m_changed; ///< sessions to read again
    QTimer m_readTimer;
    QTimer m_minute;
    qint64 m_storedCalls = 0;
    qint64 m_storedKibibytes = 0;
    int m_openCount = 0;
    int m_flaggedCount = 0;
    std::optional<store::Cursor> m_listEnd; ///< where the list goes on after an error
    bool m_loaded = false;
    QString m_error;
    mutable LocalDays m_today; ///< apart from m_days, which remembers the day it was asked for last
};

} // namespace luthien::desktop
