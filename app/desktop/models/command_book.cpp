// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/command_book.h"

#include "desktop/models/command.h"

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
const QString kRecentKey = u"recent"_s;
constexpr qsizetype kMostRecent = 20;
} // namespace

CommandBook::CommandBook(const QString& settingsFile, QObject* parent)
    : QAbstractListModel(parent)
    , m_settings(settingsFile, QSettings::IniFormat)
    , m_recent(m_settings.value(kRecentKey).toStringList().mid(0, kMostRecent))
{
}

void CommandBook::add(Command* command)
{
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_commands.append(command);
    endInsertRows();
    connect(command, &Command::changed, this, [this, command] {
        const QModelIndex place = index(static_cast<int>(m_commands.indexOf(command)));
        Q_EMIT dataChanged(place, place, {CommandRole});
    });
}

void CommandBook::remove(Command* command)
{
    const auto row = static_cast<int>(m_commands.indexOf(command));
    if (row < 0)
        return;
    disconnect(command, nullptr, this, nullptr);
    beginRemoveRows({}, row, row);
    m_commands.removeAt(row);
    endRemoveRows();
}

void CommandBook::noteUse(const QString& name)
{
    if (name.isEmpty())
        return;
    m_recent.removeAll(name);
    m_recent.prepend(name);
    m_recent = m_recent.mid(0, kMostRecent);
    m_settings.setValue(kRecentKey, m_recent);
}

int CommandBook::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_commands.size());
}

QVariant CommandBook::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || role != CommandRole)
        return {};
    return QVariant::fromValue(m_commands.at(index.row()));
}

QHash<int, QByteArray> CommandBook::roleNames() const
{
    return {{CommandRole, "command"}};
}

} // namespace luthien::desktop
