// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/palette_model.h"

#include "desktop/models/command.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace luthien::desktop {

namespace {
constexpr qsizetype kNeverDone = std::numeric_limits<qsizetype>::max();
// One letter fits nearly every title.
constexpr qsizetype kFewestLetters = 2;

/// Start and length in turn, of the letters from begin on.
QList<int> marksFrom(qsizetype begin, const QList<int>& positions)
{
    QList<int> marks;
    for (const int position : positions) {
        const auto start = static_cast<int>(position - begin);
        if (start < 0)
            continue;
        if (!marks.isEmpty() && marks.at(marks.size() - 2) + marks.last() == start)
            ++marks.last();
        else
            marks << start << 1;
    }
    return marks;
}
} // namespace

void PaletteModel::setBook(CommandBook* book)
{
    if (m_book == book)
        return;
    m_book = book;
    Q_EMIT bookChanged();
    fill();
}

void PaletteModel::setSessions(SessionTitles* sessions)
{
    if (m_sessions == sessions)
        return;
    if (m_sessions)
        m_sessions->disconnect(this);
    m_sessions = sessions;
    if (m_sessions)
        connect(m_sessions, &SessionTitles::changed, this, [this] {
            if (!m_query.isEmpty())
                fill();
        });
    Q_EMIT bookChanged();
}

void PaletteModel::setQuery(const QString& query)
{
    if (query == m_query)
        return;
    m_query = query;
    fill();
}

void PaletteModel::begin()
{
    m_query.clear();
    if (m_sessions)
        m_sessions->refresh();
    fill();
}

QString PaletteModel::sessionAt(int row) const
{
    return row < 0 || row >= rowCount() ? QString() : m_rows[static_cast<std::size_t>(row)].session.session;
}

Command* PaletteModel::commandAt(int row) const
{
    if (row < 0 || row >= rowCount())
        return nullptr;
    Command* command = m_rows[static_cast<std::size_t>(row)].command;
    return command != nullptr && command->isEnabled() ? command : nullptr;
}

void PaletteModel::fill()
{
    beginResetModel();
    m_rows.clear();
    addCommands();
    addSessions();
    std::ranges::stable_sort(m_rows, [](const Row& left, const Row& right) {
        return std::tuple(left.isByGroup, -left.match.score, left.age) <
               std::tuple(right.isByGroup, -right.match.score, right.age);
    });
    m_rows.resize(std::min<std::size_t>(m_rows.size(), kMostRows));
    endResetModel();
    Q_EMIT queryChanged();
}

void PaletteModel::addCommands()
{
    for (Command* command : m_book ? m_book->commands() : QList<Command*>()) {
        if (!command->isEnabled() || command->isOnlyKeys())
            continue;
        auto match = fuzzyMatch(m_query, command->text());
        const bool isByGroup = !match;
        if (isByGroup)
            match = fuzzyMatch(m_query, QString(command->group() + u' ' + command->text()));
        if (!match)
            continue;
        const qsizetype age = m_book->recent().indexOf(command->name());
        m_rows.push_back({.command = command,
                          .session = {},
                          .match = *std::move(match),
                          .isByGroup = isByGroup,
                          .age = age < 0 ? kNeverDone : age});
    }
}

/// The best of them, of those that fit as well the newest.
void PaletteModel::addSessions()
{
    if (!m_sessions || m_query.trimmed().size() < kFewestLetters)
        return;
    std::vector<Row> found;
    for (const SessionTitles::Title& title : m_sessions->titles())
        if (auto match = fuzzyMatch(m_query, title.text))
            found.push_back({.command = {}, .session = title, .match = *std::move(match), .age = kNeverDone});
    std::ranges::stable_sort(found, std::ranges::greater(), [](const Row& row) { return row.match.score; });
    found.resize(std::min<std::size_t>(found.size(), kMostSessions));
    std::ranges::move(found, std::back_inserter(m_rows));
}

int PaletteModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const bool isSession = !row.session.session.isEmpty();
    if (!row.command && !isSession)
        return {};
    switch (static_cast<Role>(role)) {
    case TextRole:
        return isSession ? row.session.text : row.command->text();
    case MarksRole:
        return QVariant::fromValue(
            marksFrom(row.isByGroup && !isSession ? row.command->group().size() + 1 : 0, row.match.positions));
    case GroupRole:
        return isSession ? tr("Session") : row.command->group();
    case KeysRole:
        return isSession ? QString() : row.command->keys();
    }
    return {};
}

QHash<int, QByteArray> PaletteModel::roleNames() const
{
    return {{TextRole, "text"}, {MarksRole, "marks"}, {GroupRole, "group"}, {KeysRole, "keys"}};
}

} // namespace luthien::desktop
