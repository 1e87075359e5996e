// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/policy_import.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"
#include "policy/definition_diff.h"
#include "runtime/policy_yaml.h"

#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

PolicyImport::PolicyImport(PolicySource& source, QObject* parent)
    : QAbstractListModel(parent)
    , m_source(source)
{
}

void PolicyImport::begin()
{
    m_problem.clear();
    m_said.clear();
    beginResetModel();
    m_rows.clear();
    endResetModel();
    Q_EMIT changed();
}

bool PolicyImport::isAcceptable() const
{
    const auto has = [this](Fate fate) {
        return std::ranges::any_of(m_rows, [fate](const Row& row) { return row.fate == fate; });
    };
    return (has(New) || has(Changed)) && !has(Refused);
}

void PolicyImport::read(const QString& path)
{
    begin();
    m_path = path;
    auto written = runtime::readWrittenPolicies(path.toStdString());
    if (!written) {
        m_problem = visibleText(written.error().toString());
        return Q_EMIT changed();
    }
    beginResetModel();
    for (runtime::WrittenPolicy& policy : *written)
        m_rows.push_back(rowOf(std::move(policy.definition), policy.namesMode));
    endResetModel();
    Q_EMIT changed();
}

PolicyImport::Row PolicyImport::rowOf(policy::Definition definition, bool namesMode) const
{
    const auto all = m_source.policies();
    const auto old = std::ranges::find(all, definition.id, [](const ListedPolicy& each) { return each.definition.id; });
    if (old == all.end())
        return {std::move(definition), New, tr("is added")};
    if (old->isFromFile)
        return {std::move(definition), Refused, tr("is written in %1: change it there").arg(visibleText(old->place))};
    // Who switched a policy off did so on purpose.
    if (!namesMode)
        definition.mode = old->definition.mode;
    if (definition == old->definition)
        return {std::move(definition), Same, tr("is there already, the same")};
    QStringList fields;
    for (const auto& each : policy::differences(policy::toJson(old->definition), policy::toJson(definition)))
        fields += visibleText(std::string_view(each.pointer).substr(1));
    return {std::move(definition), Changed,
            tr("takes the place of the one that is there; differs in %1").arg(fields.join(u", "_s))};
}

void PolicyImport::accept()
{
    if (!isAcceptable())
        return;
    std::vector<policy::Definition> definitions;
    std::ranges::transform(m_rows, std::back_inserter(definitions), &Row::definition);
    const auto done = m_source.saveAll(definitions);
    if (!done) {
        Error error = done.error();
        const std::string place = runtime::placeOfField(m_path.toStdString(), error.context);
        if (!place.empty())
            error.context = place;
        m_problem = tr("Nothing was imported: %1").arg(visibleText(error.toString()));
        return Q_EMIT changed();
    }
    begin();
    m_said =
        tr("Imported %1.").arg(definitions.size() == 1 ? tr("1 policy") : tr("%1 policies").arg(definitions.size()));
    Q_EMIT changed();
}

QString PolicyImport::suggestedPath() const
{
    const QString directory = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    QString path = directory + u"/policies.yaml"_s;
    for (int number = 2; QFileInfo::exists(path); ++number)
        path = u"%1/policies-%2.yaml"_s.arg(directory).arg(number);
    return path;
}

bool PolicyImport::exists(const QString& path) const
{
    return QFileInfo::exists(path);
}

void PolicyImport::write(const QString& path)
{
    m_problem.clear();
    m_said.clear();
    std::vector<policy::Definition> definitions;
    for (const ListedPolicy& each : m_source.policies())
        definitions.push_back(each.definition);
    QSaveFile file(path);
    const QByteArray text = QByteArray::fromStdString(runtime::toYaml(definitions));
    const bool isWritten = file.open(QIODevice::WriteOnly) &&
                           file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner) &&
                           file.write(text) == text.size() && file.commit();
    if (isWritten)
        m_said = tr("Written to %1").arg(visibleText(path.toStdString()));
    else
        m_problem = tr("Not written: %1").arg(visibleText(file.errorString().toStdString()));
    Q_EMIT changed();
}

int PolicyImport::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant PolicyImport::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (static_cast<Role>(role)) {
    case IdRole:
        return visibleText(row.definition.id);
    case TypeRole:
        return visibleText(row.definition.type);
    case ModeRole:
        return static_cast<int>(row.definition.mode);
    case FateRole:
        return row.fate;
    case FateTextRole:
        return row.text;
    }
    return {};
}

QHash<int, QByteArray> PolicyImport::roleNames() const
{
    return {
        {IdRole, "policyId"}, {TypeRole, "type"}, {ModeRole, "mode"}, {FateRole, "fate"}, {FateTextRole, "fateText"}};
}

} // namespace luthien::desktop
