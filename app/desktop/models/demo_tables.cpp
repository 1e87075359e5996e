// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/demo_tables.h"

#include "desktop/models/call_texts.h"

#include <QLocale>

namespace luthien::desktop {

namespace {
// Enough of a checksum to compare by eye.
constexpr std::size_t kShownSum = 12;

QString rowsText(const demo::TableState& table)
{
    return table.exists ? QLocale().toString(static_cast<qlonglong>(table.rows)) : DemoTables::tr("no table");
}
} // namespace

void DemoTables::clear()
{
    show({}, {});
}

void DemoTables::show(const demo::ShopState& before, const demo::ShopState& after)
{
    beginResetModel();
    m_before = before;
    m_after = after;
    endResetModel();
}

int DemoTables::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_before.tables.size());
}

QVariant DemoTables::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const demo::TableState& before = m_before.tables[static_cast<std::size_t>(index.row())];
    const demo::TableState* found = m_after.find(before.name);
    const demo::TableState after = found != nullptr ? *found : demo::TableState{.name = before.name};
    switch (static_cast<Role>(role)) {
    case NameRole:
        return fromUtf8(before.name);
    case BeforeRole:
        return rowsText(before);
    case BeforeSumRole:
        return fromUtf8(before.sha256.substr(0, kShownSum));
    case AfterRole:
        return rowsText(after);
    case AfterSumRole:
        return fromUtf8(after.sha256.substr(0, kShownSum));
    case GoneRole:
        return before.exists && !after.exists;
    case SameRole:
        return before == after;
    }
    return {};
}

QHash<int, QByteArray> DemoTables::roleNames() const
{
    return {{NameRole, "name"},   {BeforeRole, "before"},     {BeforeSumRole, "beforeSum"},
            {AfterRole, "after"}, {AfterSumRole, "afterSum"}, {GoneRole, "gone"},
            {SameRole, "same"}};
}

} // namespace luthien::desktop
