// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/agent_outline.h"
#include "desktop/models/conversation_source.h"
#include "desktop/models/followed_call.h"
#include "desktop/models/place_index.h"
#include "desktop/models/policy_name.h"
#include "desktop/models/reading_cursor.h"
#include "desktop/models/row_selection.h"
#include "desktop/models/session_find.h"
#include "live/live_hub.h"

#include <QAbstractListModel>
#include <QQmlEngine>

#include <deque>
#include <functional>
#include <unordered_set>

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
    /// The nearest row at hand, above or below the screen, that tells of a block; -1 = none. \{
    Q_PROPERTY(int blockAbove READ blockAbove NOTIFY positionChanged FINAL)
    Q_PROPERTY(int blockBelow READ blockBelow NOTIFY positionChanged FINAL)
    /// \}
    /// The call the reader is at, else the newest one at hand; empty = there is none.
    Q_PROPERTY(QString currentCallId READ currentCallId NOTIFY currentCallChanged FINAL)
    Q_PROPERTY(bool onlyOneAgent READ isOnlyOneAgent NOTIFY agentChanged FINAL)
    /// Only calls that began within some time are shown.
    Q_PROPERTY(bool onlyRange READ isOnlyRange NOTIFY agentChanged FINAL)
    /// Of the only one that is shown; empty = the main one.
    Q_PROPERTY(QString shownAgent READ shownAgent NOTIFY agentChanged FINAL)
    Q_PROPERTY(luthien::desktop::RowSelection* selection READ selection CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::ReadingCursor* cursor READ cursor CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::SessionFind* find READ find CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::AgentOutline* agents READ agents CONSTANT FINAL)

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
        QuotedRole,
        SpansRole,
        LinksRole,
        CellsRole,
        WidthsRole,
        ComparisonRole,
        OtherRole,
        OtherMarksRole,
        PictureRole,
        FoundRole,        ///< as MarksRole, of what is looked for in the text
        SelectedFromRole, ///< begin and end of what is marked in the text
        SelectedToRole,
        CurrentRole, ///< the reader is here
    };
    /// Chooses a row of a call, given its first row and the one after its last.
    using ChooseRow = std::function<int(int first, int end)>;

    explicit ConversationModel(ConversationSource& source, QObject* parent = nullptr);

    /// What decisions call their policies.
    void setPolicyNames(PolicyName name) { m_policyName = std::move(name); }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    [[nodiscard]] QString sessionId() const { return QString::fromStdString(m_session); }
    [[nodiscard]] bool isAtEnd() const noexcept { return m_atEnd; }
    [[nodiscard]] bool isLoading() const noexcept { return m_loading; }
    [[nodiscard]] QString error() const { return m_error; }
    [[nodiscard]] double position() const;
    [[nodiscard]] double visibleShare() const;
    [[nodiscard]] int blockAbove() const { return blockFrom(m_firstVisible - 1, -1); }
    [[nodiscard]] int blockBelow() const { return blockFrom(m_lastVisible + 1, 1); }

    [[nodiscard]] QString currentCallId() const;
    [[nodiscard]] bool isOnlyOneAgent() const noexcept { return m_scope.agent.has_value(); }
    [[nodiscard]] bool isOnlyRange() const noexcept { return m_scope.began.has_value(); }
    [[nodiscard]] QString shownAgent() const { return QString::fromStdString(m_scope.agent.value_or(std::string())); }
    [[nodiscard]] const CallScope& scope() const noexcept { return m_scope; }
    [[nodiscard]] RowSelection* selection() noexcept { return &m_selection; }
    [[nodiscard]] ReadingCursor* cursor() noexcept { return &m_cursor; }
    [[nodiscard]] SessionFind* find() noexcept { return &m_find; }
    [[nodiscard]] AgentOutline* agents() noexcept { return &m_outline; }
    [[nodiscard]] quint64 token() const noexcept { return m_token; }
    [[nodiscard]] int firstVisible() const noexcept { return m_firstVisible; }
    [[nodiscard]] int lastVisible() const noexcept { return m_lastVisible; }
    [[nodiscard]] row::Kind kindAt(int row) const { return rowAt(row).kind; }
    /// Begin and id of the newest call at hand, or of the oldest.
    [[nodiscard]] std::pair<TimePoint, CallId> edge(bool newest) const;

    void applyLive(const live::LiveBatch& batch);

    Q_INVOKABLE void open(const QString& sessionId);
    /// Opens it at its first call.
    Q_INVOKABLE void openFromStart(const QString& sessionId);
    /// Opens the session at a call and lands on the nth block of its reply, from 0; on its beginning if block is -1.
    Q_INVOKABLE void openAt(const QString& sessionId, const QString& callId, int block = -1);
    /// The same among what is shown of this session: nothing more is shown for it.
    Q_INVOKABLE void openHere(const QString& callId);
    /// The same in this session, on the row that is chosen once the call is there.
    void openCall(CallId call, ChooseRow choose);
    /// Lands on a row of the next such call beyond those at hand. False = the session ends there.
    [[nodiscard]] bool reachBeyond(CallSearch::What what, bool forward, ChooseRow choose);
    /// The first row after one, or before it, in which something stands, within a text of which `all` holds; what is
    /// folded is unfolded. -1 = none at hand.
    [[nodiscard]] int revealText(int row, bool forward, const CallView::TakeText& all,
                                 const std::function<bool(const QString&)>& any);
    /// Only the calls of this agent, or those of all again.
    Q_INVOKABLE void showAgent(const QString& agent);
    Q_INVOKABLE void showAgentAt(int row);
    Q_INVOKABLE void showAllAgents();
    /// Only the calls that began from one time to another, microseconds since 1970, the second not in it; or those of
    /// all times again. \{
    Q_INVOKABLE void showRange(qint64 from, qint64 to);
    Q_INVOKABLE void showAllTimes();
    /// \}
    /// Reads what could not be read.
    Q_INVOKABLE void retry();
    /// Loads the newest calls if the window is elsewhere.
    Q_INVOKABLE void jumpToNewest();
    /// Shows the calls around this share of the session, 0 to 1.
    Q_INVOKABLE void jumpTo(double share);
    Q_INVOKABLE void toggle(int row);
    /// Shows what a speaker says as it was written, or read as Markdown again.
    Q_INVOKABLE void toggleWritten(int row);
    Q_INVOKABLE void compare(int row, int comparison);
    /// The text of a row; of code, that of the whole box; of a header, all that its speaker says in this call, as it
    /// came.
    [[nodiscard]] Q_INVOKABLE QString textOf(int row) const;
    [[nodiscard]] Q_INVOKABLE QString callIdAt(int row) const;
    /// Where the link at a place in the text of a row leads; empty = there is none. All of the row's, a line for each,
    /// if at is -1.
    [[nodiscard]] Q_INVOKABLE QString linkAt(int row, int at) const;
    /// Marks all that a speaker says, where the reader is.
    Q_INVOKABLE void selectTurn();
    /// Tells what is on screen; more calls are read when it comes near an end of the window.
    Q_INVOKABLE void showRows(int first, int last);

Q_SIGNALS:
    void sessionIdChanged();
    void windowChanged();
    void positionChanged();
    void currentCallChanged();
    void agentChanged();
    /// The window shows another part of the session: show its last row, else its first.
    void jumped(bool toEnd);
    /// Rows come in or go away above the ones on screen: keep those where they are. shift = how many came, less those
    /// that went.
    void aboutToSlide();
    void slid(int shift);

public:
    /// What is known of a row has changed: the reader came or left, words are looked for. \{
    void refreshCurrent(int row);
    void refreshFound();
    /// \}

private:
    struct Wanted
    {
        CallId call;
        ChooseRow choose;
    };
    void begin(const QString& sessionId, CallScope scope);
    void rescope(CallScope scope);
    void search(CallSearch search);
    void takeFound(const FoundCall& found);
    void land();
    void change(int row, const std::function<void(CallView&, std::size_t)>& make);
    [[nodiscard]] bool isSelected(std::size_t entry) const;
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
    /// How many rows that were.
    int dropOldest();
    void rebuildOffsets();
    [[nodiscard]] FollowedCall* followed(CallId id);
    [[nodiscard]] QString titleOf(const ConversationRow& row) const;
    [[nodiscard]] static QVariant rowData(const ConversationRow& row, Role role);
    [[nodiscard]] QString lineAt(int row) const;
    /// From a row on, up or down to one before end; -1 = none.
    [[nodiscard]] int rowThatHas(const std::function<bool(const QString&)>& any, int from, int end) const;
    [[nodiscard]] int blockFrom(int row, int step) const;
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
    bool m_hasNewCalls = false;             ///< there are more in the record than the page on its way may have
    std::unordered_set<CallId> m_elsewhere; ///< open calls of the session, in the record but not among the rows at hand
    QString m_error;
    CallScope m_scope;
    std::optional<Wanted> m_wanted; ///< where the reader wants to be once it is there
    PolicyName m_policyName;
    quint64 m_searchSerial = 0;
    RowSelection m_selection{*this, [this](int row) { return lineAt(row); }};
    ReadingCursor m_cursor{*this};
    SessionFind m_find;
    AgentOutline m_outline;
};

} // namespace luthien::desktop
