// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/policies_model.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

#include <algorithm>
#include <utility>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using policy::PolicyMode;

namespace {
constexpr std::size_t kShortVersion = 8;

QString modeWord(PolicyMode mode)
{
    switch (mode) {
    case PolicyMode::Off:
        return PoliciesModel::tr("off");
    case PolicyMode::Shadow:
        return PoliciesModel::tr("shadow");
    case PolicyMode::Enforce:
        return PoliciesModel::tr("enforce");
    }
    return {};
}

bool isSamePolicy(const ListedPolicy& a, const ListedPolicy& b)
{
    return a.definition.id == b.definition.id;
}
} // namespace

PoliciesModel::PoliciesModel(PolicySource& source, QObject* parent)
    : QAbstractListModel(parent)
    , m_source(source)
    , m_policies(source.policies())
{
    connect(&source, &PolicySource::changed, this, &PoliciesModel::reload);
}

QString PoliciesModel::summary() const
{
    const auto with = [this](PolicyMode mode) {
        return std::count_if(m_policies.begin(), m_policies.end(),
                             [mode](const ListedPolicy& each) { return each.definition.mode == mode; });
    };
    const auto enforced = with(PolicyMode::Enforce);
    const auto watching = with(PolicyMode::Shadow);
    if (enforced + watching == 0)
        return tr("No policy is on");
    QStringList parts;
    if (enforced > 0)
        parts += enforced == 1 ? tr("1 policy enforced") : tr("%1 policies enforced").arg(enforced);
    if (watching > 0)
        parts += watching == 1 ? tr("1 policy in shadow") : tr("%1 policies in shadow").arg(watching);
    return parts.join(u", "_s);
}

QString PoliciesModel::problem() const
{
    return m_problem.isEmpty() ? visibleText(m_source.trouble()) : m_problem;
}

void PoliciesModel::applyLive(const live::LiveBatch& batch)
{
    bool counted = false;
    for (const live::Event& event : batch.events) {
        const auto* decided = std::get_if<live::Decided>(&event);
        if (decided == nullptr || decided->decision.verdict == conversation::Verdict::Continue)
            continue;
        Hits& hits = m_hits[decided->decision.policyId];
        ++(decided->decision.mode == PolicyMode::Enforce ? hits.carriedOut : hits.watched);
        counted = true;
    }
    if (counted && count() > 0)
        Q_EMIT dataChanged(index(0), index(count() - 1), {HitsRole});
}

void PoliciesModel::setMode(const QString& id, Mode mode)
{
    if (modeOf(id) != mode)
        take(m_source.setMode(id.toStdString(), static_cast<PolicyMode>(mode)));
}

void PoliciesModel::backToFile(const QString& id)
{
    take(m_source.setMode(id.toStdString(), std::nullopt));
}

void PoliciesModel::remove(const QString& id)
{
    take(m_source.remove(id.toStdString()));
}

void PoliciesModel::take(const Result<void>& done)
{
    m_problem = done ? QString() : fromUtf8(done.error().toString());
    Q_EMIT changed();
}

int PoliciesModel::modeOf(const QString& id) const
{
    for (const ListedPolicy& each : m_policies)
        if (fromUtf8(each.definition.id) == id)
            return static_cast<int>(each.definition.mode);
    return -1;
}

int PoliciesModel::strongestModeOf(const QString& type) const
{
    int strongest = -1;
    for (const ListedPolicy& each : m_policies)
        if (fromUtf8(each.definition.type) == type)
            strongest = std::max(strongest, static_cast<int>(each.definition.mode));
    return strongest;
}

void PoliciesModel::reload()
{
    std::vector<ListedPolicy> fresh = m_source.policies();
    // A toggle keeps its row, and with it the focus of the person who used it.
    if (!std::equal(fresh.begin(), fresh.end(), m_policies.begin(), m_policies.end(), isSamePolicy)) {
        beginResetModel();
        m_policies = std::move(fresh);
        endResetModel();
        return Q_EMIT changed();
    }
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        if (m_policies[i] == fresh[i])
            continue;
        m_policies[i] = std::move(fresh[i]);
        const QModelIndex at = index(static_cast<int>(i));
        Q_EMIT dataChanged(at, at);
    }
    Q_EMIT changed();
}

QString PoliciesModel::hitsText(const std::string& id) const
{
    const auto found = m_hits.find(id);
    if (found == m_hits.end())
        return {};
    QStringList parts;
    if (found->second.carriedOut > 0)
        parts += tr("Stepped in %1×").arg(found->second.carriedOut);
    if (found->second.watched > 0)
        parts += parts.isEmpty() ? tr("Would have stepped in %1×").arg(found->second.watched)
                                 : tr("would have stepped in %1×").arg(found->second.watched);
    return tr("%1 since the start").arg(parts.join(u", "_s));
}

void PoliciesModel::showFailures()
{
    for (int row = 0; row < count(); ++row) {
        const std::string& id = m_policies[static_cast<std::size_t>(row)].definition.id;
        const auto failure = m_source.failureOf(id);
        if (failure && std::exchange(m_failures[id], failure->count) != failure->count)
            Q_EMIT dataChanged(index(row), index(row), {FailureRole});
    }
}

QString PoliciesModel::failureText(const std::string& id) const
{
    const auto failure = m_source.failureOf(id);
    if (!failure)
        return {};
    const QString often = failure->count > 1 ? tr(" (%1× since the start)").arg(failure->count) : QString();
    return tr("Last failure %1: %2").arg(clockText(failure->at), visibleText(failure->message)) + often;
}

int PoliciesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant PoliciesModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return {};
    const ListedPolicy& listed = m_policies[static_cast<std::size_t>(index.row())];
    const policy::Definition& definition = listed.definition;
    const policy::PolicyType* type = policy::findType(m_source.types(), definition.type);
    switch (static_cast<Role>(role)) {
    case IdRole:
        return fromUtf8(definition.id);
    case NameRole:
        if (!definition.name.empty())
            return visibleText(definition.name);
        return type != nullptr ? fromUtf8(type->title) : visibleText(definition.type);
    case TypeRole:
        return visibleText(definition.type);
    case PurposeRole:
        return type != nullptr ? fromUtf8(type->summary) : QString();
    case ModeRole:
        return static_cast<int>(definition.mode);
    case FromFileRole:
        return listed.isFromFile;
    case FileModeRole:
        return listed.fileMode ? modeWord(*listed.fileMode) : QString();
    case VersionRole:
        return fromUtf8(std::string_view(listed.version).substr(0, kShortVersion));
    case HitsRole:
        return hitsText(definition.id);
    case FailureRole:
        return failureText(definition.id);
    }
    return {};
}

QHash<int, QByteArray> PoliciesModel::roleNames() const
{
    return {{IdRole, "policyId"}, {NameRole, "name"},         {TypeRole, "type"},         {PurposeRole, "purpose"},
            {ModeRole, "mode"},   {FromFileRole, "fromFile"}, {FileModeRole, "fileMode"}, {VersionRole, "version"},
            {HitsRole, "hits"},   {FailureRole, "failure"}};
}

} // namespace luthien::desktop
