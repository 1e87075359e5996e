// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/conversation_source.h"
#include "desktop/models/followed_call.h"
#include "desktop/models/place_index.h"
#include "live/live_hub.h"

#include <QAbstractListModel>
#include <QQmlEngine>

#include <deque>

namespace luthien::desktop {

/// The conversation of one session: a window of some hundred rows over all its calls, that slides as one reads on and
/// grows as the reply streams. Rows outside it are not held; the window never moves what is being read.
/// Thread: GUI.
class ConversationModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString sessionId READ sessionId NOTIFY sessionIdChanged FINAL)
    Q_PROPERTY(bool atEnd READ isAtEnd NOTIFY windowChanged FINAL)
    Q_PROPERTY(bool loading READ isLoading NOTIFY windowChanged FINAL)
    Q_PROPERTY(QString error READ error NOTIFY windowChanged FINAL)
    Q_PROPERTY(double position READ position NOTIFY positionChanged FINAL)
    Q_PROPERTY(double visibleShare READ visibleShare NOTIFY positionChanged FINAL)

public:
    enum Role {
        KindRole = Qt::UserRole + 1,
        ToneRole,
        StyleRole,
        DepthRole,
        FirstRole,
        LastRole,
        ExpandableRole,
        ExpandedRole,
        GlyphRole,
        MarkerRole,
        TitleRole,
        TextRole,
        DetailRole,
        JoinedRole, ///< the card of a tool call and that of its result are one: here is the border between them
        MatchedRole,
        MarksRole,
        ReceivedRole,
        ReceivedLabelRole,
    };

    explicit ConversationModel(ConversationSource& source, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    [[nodiscard]] QString sessionId() const { return QString::fromStdString(m_session); }
    [[nodiscard]] bool isAtEnd() const noexcept { return m_atEnd; }
    [[nodiscard]] bool isLoading() const noexcept { return m_loading; }
    [[nodiscard]] QString error() const { return m_error; }
    [[nodiscard]] double position() const;
    [[nodiscard]] double visibleShare() const;

    void applyLive(const live::LiveBatch& batch);

    Q_INVOKABLE void open(const QString& sessionId);
    /// Loads the newest calls if the window is elsewhere.
    Q_INVOKABLE void jumpToNewest();
    /// Shows the calls around this share of the session, 0 to 1.
    Q_INVOKABLE void jumpTo(double share);
    Q_INVOKABLE void toggle(int row);
    /// The text of a row; of a header, that of everything its speaker says, as far as it is held.
    [[nodiscard]] Q_INVOKABLE QString textOf(int row) const;
    /// Tells what is on screen; more calls are read when it comes near an end of the window.
    Q_INVOKABLE void showRows(int first, int last);

Q_SIGNALS:
    void sessionIdChanged();
    void windowChanged();
    void positionChanged();
    /// The window shows another part of the session: show its last row, else its first.
    void jumped(bool toEnd);
    /// Rows come in or go away above the ones on screen: keep those where they are.
    void aboutToSlide();
    void slid();

private:
    void takeCalls(LoadedCalls& loaded);
    void restartAt(LoadedCalls& loaded);
    void prepend(LoadedCalls& loaded);
    void append(LoadedCalls& loaded);
    void takeCall(CallView& stored);
    void takePlaces(const LoadedPlaces& loaded);
    void takeOpened(const live::Opened& event);
    void takeCommitted(const live::Committed& event);
    /// Those after the last one on screen, if that is the last of the session.
    void readNewCalls();
    void request(store::Order order, std::optional<store::Cursor> from);
    void restart(store::Order order, std::optional<store::Cursor> from);
    void publishChanges(std::size_t entry);
    void publish(std::size_t entry, const CallChange& change);
    void replaceView(std::size_t entry, CallView stored);
    void dropNewest();
    void dropOldest();
    void rebuildOffsets();
    [[nodiscard]] FollowedCall* find(CallId id);
    [[nodiscard]] std::size_t entryOf(int row) const;
    [[nodiscard]] const ConversationRow& rowAt(int row) const;
    [[nodiscard]] bool isResultOfRowAbove(int row) const;
    void refreshBorder(int row);

    ConversationSource& m_source;
    quint64 m_token = 0;
    quint64 m_serial = 0;
    std::string m_session;
    std::deque<FollowedCall> m_calls; ///< ascending by start
    std::vector<int> m_offsets;       ///< first row of each call; one more: the number of rows
    PlaceIndex m_places;
    int m_firstVisible = 0;
    int m_lastVisible = 0;
    bool m_atStart = true;
    bool m_atEnd = true;
    bool m_loading = false;
    bool m_restarting = false;
    bool m_restartAtEnd = false;
    QString m_error;
};

} // namespace luthien::desktop
