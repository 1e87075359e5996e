// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/settings_model.h"

#include "desktop/models/visible_text.h"
#include "runtime/config_keys.h"

#include <algorithm>

namespace luthien::desktop {

using runtime::SettingState;
using runtime::ValueOrigin;

namespace {
QString fromUtf8(const std::string& text)
{
    return QString::fromStdString(text);
}

/// Why the text is no value of the setting; empty if it is one.
QString problemOf(const std::string& key, const QString& text)
{
    const runtime::ConfigKey* known = runtime::findConfigKey(key);
    if (known == nullptr)
        return {};
    runtime::Config scratch;
    const auto set = known->set(scratch, text.trimmed().toStdString());
    return set ? QString() : visibleText(set.error().message);
}
} // namespace

SettingsModel::SettingsModel(SettingSource& source, QObject* parent)
    : QAbstractListModel(parent)
    , m_source(source)
{
    for (SettingState& state : m_source.settings()) {
        SettingText text = settingText(state.key);
        m_rows.push_back({.state = std::move(state), .text = std::move(text)});
    }
    std::ranges::stable_sort(m_rows, {}, [](const Row& row) { return row.text.group; });
}

SettingsModel::Row* SettingsModel::at(int row)
{
    return row < 0 || row >= rowCount() ? nullptr : &m_rows[static_cast<std::size_t>(row)];
}

bool SettingsModel::isEditable(const Row& row)
{
    return row.state.nextSource.origin <= ValueOrigin::Stored;
}

QString SettingsModel::note(const Row& row)
{
    const SettingState& state = row.state;
    if (state.next != state.value)
        return tr("%1 until Luthien starts again").arg(visibleText(state.value));
    if (state.stored && !isEditable(row))
        return tr("Made here: %1, but what decides is stronger").arg(visibleText(*state.stored));
    if (state.effect == runtime::TakesEffect::NotYet)
        return tr("Has no effect in this version");
    return {};
}

QString SettingsModel::valueOf(const QString& key) const
{
    const auto row = std::ranges::find(m_rows, key.toStdString(), [](const Row& each) { return each.state.key; });
    return row == m_rows.end() ? QString() : row->typed.value_or(fromUtf8(row->state.next));
}

void SettingsModel::type(int row, const QString& value)
{
    Row* const typed = at(row);
    if (typed == nullptr || !isEditable(*typed) || value == typed->typed.value_or(fromUtf8(typed->state.next)))
        return;
    typed->typed = value == fromUtf8(typed->state.next) ? std::optional<QString>() : value;
    typed->problem = problemOf(typed->state.key, value);
    tell();
}

bool SettingsModel::save(int row)
{
    Row* const typed = at(row);
    if (typed == nullptr || !typed->typed)
        return typed != nullptr;
    if (!problemOf(typed->state.key, *typed->typed).isEmpty())
        return false;
    return keep(*typed, typed->typed->trimmed().toStdString());
}

void SettingsModel::forget(int row)
{
    if (Row* const typed = at(row)) {
        typed->typed.reset();
        typed->problem.clear();
        tell();
    }
}

void SettingsModel::takeBack(int row)
{
    if (Row* const kept = at(row))
        keep(*kept, std::nullopt);
}

bool SettingsModel::keep(Row& row, const std::optional<std::string>& value)
{
    const auto saved = m_source.save(row.state.key, value);
    row.problem = saved ? QString() : visibleText(saved.error().message);
    if (saved)
        row.typed.reset();
    reload();
    return saved.hasValue();
}

void SettingsModel::reload()
{
    for (SettingState& state : m_source.settings()) {
        const auto row = std::ranges::find(m_rows, state.key, [](const Row& each) { return each.state.key; });
        if (row != m_rows.end())
            row->state = std::move(state);
    }
    tell();
}

void SettingsModel::tell()
{
    Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    Q_EMIT changed();
}

int SettingsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant SettingsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (static_cast<Role>(role)) {
    case KeyRole:
        return fromUtf8(row.state.key);
    case GroupRole:
        return static_cast<int>(row.text.group);
    case TitleRole:
        return row.text.title;
    case HintRole:
        return row.text.hint;
    case ChoicesRole:
        return row.text.choices;
    case ValueRole:
        return row.typed.value_or(visibleText(row.state.next));
    case ProblemRole:
        return row.problem;
    case ChangedRole:
        return row.typed.has_value();
    case EditableRole:
        return isEditable(row);
    case StoredRole:
        return row.state.stored.has_value();
    case SourceRole:
        return sourceText(row.state.nextSource);
    case NoteRole:
        return note(row);
    }
    return {};
}

QHash<int, QByteArray> SettingsModel::roleNames() const
{
    return {{KeyRole, "key"},           {GroupRole, "group"},   {TitleRole, "title"},     {HintRole, "hint"},
            {ChoicesRole, "choices"},   {ValueRole, "value"},   {ProblemRole, "problem"}, {ChangedRole, "changed"},
            {EditableRole, "editable"}, {StoredRole, "stored"}, {SourceRole, "source"},   {NoteRole, "note"}};
}

} // namespace luthien::desktop
