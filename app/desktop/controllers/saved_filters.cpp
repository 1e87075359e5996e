// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/saved_filters.h"

#include "desktop/models/visible_text.h"
#include "filter/parser.h"

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
const QString kArray = u"filters"_s;
const QString kName = u"name"_s;
const QString kFilter = u"filter"_s;
constexpr qsizetype kMaxName = 80;
} // namespace

SavedFilters::SavedFilters(const QString& settingsFile, QObject* parent)
    : QAbstractListModel(parent)
    , m_settings(settingsFile, QSettings::IniFormat)
{
    const int size = std::min(m_settings.beginReadArray(kArray), static_cast<int>(kMost));
    for (int i = 0; i < size; ++i) {
        m_settings.setArrayIndex(i);
        m_filters.push_back({m_settings.value(kName).toString(), m_settings.value(kFilter).toString()});
    }
    m_settings.endArray();
    std::erase_if(m_filters, [](const Saved& each) { return each.name.isEmpty() || each.filter.isEmpty(); });
    std::ranges::sort(m_filters, {}, &Saved::name);
}

int SavedFilters::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant SavedFilters::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return {};
    const Saved& saved = m_filters[static_cast<std::size_t>(index.row())];
    return role == NameRole ? visibleText(saved.name) : role == FilterRole ? visibleText(saved.filter) : QVariant();
}

QHash<int, QByteArray> SavedFilters::roleNames() const
{
    return {{NameRole, "name"}, {FilterRole, "filter"}};
}

bool SavedFilters::save(const QString& name, const QString& filter)
{
    const Saved saved{.name = name.simplified().left(kMaxName), .filter = filter.trimmed()};
    if (saved.name.isEmpty() || saved.filter.isEmpty() || saved.filter.toUtf8().size() > qsizetype{filter::kMaxBytes})
        return false;
    const auto place = std::ranges::lower_bound(m_filters, saved.name, {}, &Saved::name);
    const auto row = static_cast<int>(place - m_filters.begin());
    if (place != m_filters.end() && place->name == saved.name) {
        *place = saved;
        Q_EMIT dataChanged(index(row), index(row));
    } else {
        if (m_filters.size() == kMost)
            return false;
        beginInsertRows({}, row, row);
        m_filters.insert(place, saved);
        endInsertRows();
        Q_EMIT countChanged();
    }
    write();
    return true;
}

void SavedFilters::remove(int row)
{
    if (row < 0 || row >= count())
        return;
    beginRemoveRows({}, row, row);
    m_filters.erase(m_filters.begin() + row);
    endRemoveRows();
    Q_EMIT countChanged();
    write();
}

QString SavedFilters::filterAt(int row) const
{
    return row < 0 || row >= count() ? QString() : m_filters[static_cast<std::size_t>(row)].filter;
}

void SavedFilters::write()
{
    m_settings.remove(kArray);
    m_settings.beginWriteArray(kArray, count());
    for (int i = 0; i < count(); ++i) {
        m_settings.setArrayIndex(i);
        m_settings.setValue(kName, m_filters[static_cast<std::size_t>(i)].name);
        m_settings.setValue(kFilter, m_filters[static_cast<std::size_t>(i)].filter);
    }
    m_settings.endArray();
    m_settings.sync();
}

} // namespace luthien::desktop
