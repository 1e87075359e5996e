// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/command_book.h"
#include "desktop/models/fuzzy_match.h"
#include "desktop/models/session_titles.h"

#include <QAbstractListModel>
#include <QPointer>
#include <QQmlEngine>

#include <vector>

Q_MOC_INCLUDE("desktop/models/command.h")

namespace luthien::desktop {

/// What can be done now and fits what was typed, the best first, those that fit only with the name of their group last;
/// of those that fit as well, and of all while nothing is typed, what was done last comes first. Among them, once two
/// letters are typed, sessions whose title fits. Thread: GUI.
class PaletteModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(luthien::desktop::CommandBook* book READ book WRITE setBook NOTIFY bookChanged FINAL REQUIRED)
    Q_PROPERTY(luthien::desktop::SessionTitles* sessions READ sessions WRITE setSessions NOTIFY bookChanged FINAL)
    Q_PROPERTY(QString query READ query WRITE setQuery NOTIFY queryChanged FINAL)
    Q_PROPERTY(int count READ rowCount NOTIFY queryChanged FINAL)

public:
    enum Role { TextRole = Qt::UserRole + 1, MarksRole, GroupRole, KeysRole };
    static constexpr int kMostRows = 100;
    static constexpr int kMostSessions = 20; ///< among them

    using QAbstractListModel::QAbstractListModel;

    [[nodiscard]] CommandBook* book() const { return m_book; }
    void setBook(CommandBook* book);
    /// Null = none are found.
    [[nodiscard]] SessionTitles* sessions() const { return m_sessions; }
    void setSessions(SessionTitles* sessions);
    [[nodiscard]] QString query() const { return m_query; }
    void setQuery(const QString& query);
    /// Looks again: begins with an empty query and what can be done now.
    Q_INVOKABLE void begin();
    /// Id of the session that the row leads to; empty = it is a command.
    [[nodiscard]] Q_INVOKABLE QString sessionAt(int row) const;
    /// Null if what the row says cannot be done any more, or is a session.
    Q_INVOKABLE luthien::desktop::Command* commandAt(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void bookChanged();
    void queryChanged();

private:
    struct Row
    {
        QPointer<Command> command;    ///< it may go while the palette is open
        SessionTitles::Title session; ///< if there never was a command
        FuzzyMatch match;             ///< with the text, or with the group before it
        bool isByGroup = false;
        qsizetype age = 0; ///< place among the recent ones
    };
    void fill();
    void addCommands();
    void addSessions();

    QPointer<CommandBook> m_book;
    QPointer<SessionTitles> m_sessions;
    QString m_query;
    std::vector<Row> m_rows;
};

} // namespace luthien::desktop
