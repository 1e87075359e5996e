// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/key_list.h"

#include "desktop/models/command.h"
#include "desktop/models/command_book.h"

#include <algorithm>
#include <tuple>

namespace luthien::desktop {

void KeyList::show(const CommandBook* book)
{
    beginResetModel();
    m_rows.clear();
    for (const Command* command : book->commands()) {
        const Row row{.group = command->group(), .keys = command->keys(), .text = command->text()};
        // Two places may declare the same; a command without a key has nothing to tell here.
        if (!row.keys.isEmpty() && !m_rows.contains(row))
            m_rows.append(row);
    }
    // QML completes what was declared in no order to rely on.
    std::ranges::sort(m_rows, {}, [](const Row& row) { return std::tuple(row.group, row.keys.size(), row.keys); });
    endResetModel();
}

int KeyList::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant KeyList::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Row& row = m_rows.at(index.row());
    switch (static_cast<Role>(role)) {
    case HeadingRole:
        return index.row() > 0 && m_rows.at(index.row() - 1).group == row.group ? QString() : row.group;
    case KeysRole:
        return row.keys;
    case TextRole:
        return row.text;
    }
    return {};
}

QHash<int, QByteArray> KeyList::roleNames() const
{
    return {{HeadingRole, "heading"}, {KeysRole, "keys"}, {TextRole, "text"}};
}

} // namespace luthien::desktop
