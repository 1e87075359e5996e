// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/policies_model.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

#include <algorithm>
#include <numeric>
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

/// "40 µs", "1.2 ms", "4.1s"
QString shortDuration(std::chrono::microseconds duration)
{
    using namespace std::chrono_literals;
    if (duration < 1us)
        return PoliciesModel::tr("under 1 µs");
    if (duration < 1ms)
        return PoliciesModel::tr("%1 µs").arg(duration.count());
    if (duration < 1s)
        return PoliciesModel::tr("%1 ms").arg(static_cast<double>(duration.count()) / 1000, 0, 'f', 1);
    return durationText(duration);
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
        if (const auto* opened = std::get_if<live::Opened>(&event)) {
            m_sessions[opened->call] = opened->identity.session;
        } else if (const auto* ended = std::get_if<live::Ended>(&event)) {
            m_sessions.erase(ended->call);
        } else if (const auto* decided = std::get_if<live::Decided>(&event);
                   decided != nullptr && decided->decision.verdict != conversation::Verdict::Continue) {
            countHit(decided->decision);
            counted = true;
        }
    }
    if (counted && count() > 0)
        Q_EMIT dataChanged(index(0), index(count() - 1), {HitsRole, LastHitRole, LastCallRole, LastSessionRole});
}

void PoliciesModel::countHit(const conversation::Decision& decision)
{
    Hits& hits = m_hits[decision.policyId];
    ++(decision.mode == PolicyMode::Enforce ? hits.carriedOut : hits.watched);
    hits.lastAt = decision.at;
    hits.lastCall = QString::fromStdString(decision.call.toString());
    const auto session = m_sessions.find(decision.call);
    hits.lastSession = session == m_sessions.end() ? QString() : fromUtf8(session->second);
}

bool PoliciesModel::canMove(int from, int to) const
{
    const auto isMovable = [this](int row) {
        return row >= 0 && row < count() && !m_policies[static_cast<std::size_t>(row)].isFromFile;
    };
    return from != to && isMovable(from) && isMovable(to);
}

void PoliciesModel::move(int from, int to)
{
    if (canMove(from, to))
        take(m_source.move(m_policies[static_cast<std::size_t>(from)].definition.id, to));
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

QString PoliciesModel::nameOf(const QString& id) const
{
    for (const ListedPolicy& policy : m_policies)
        if (policy.definition.id == id.toStdString())
            return policy.definition.name.empty() ? id : visibleText(policy.definition.name);
    return id;
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
    // What stays keeps its row, and with it the focus of the person who used it.
    arrange(fresh);
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        if (m_policies[i] == fresh[i])
            continue;
        m_policies[i] = std::move(fresh[i]);
        const QModelIndex at = index(static_cast<int>(i));
        Q_EMIT dataChanged(at, at);
    }
    Q_EMIT changed();
}

void PoliciesModel::arrange(const std::vector<ListedPolicy>& fresh)
{
    const auto isIn = [](const std::vector<ListedPolicy>& all, const ListedPolicy& one) {
        return std::ranges::any_of(all, [&one](const ListedPolicy& each) { return isSamePolicy(each, one); });
    };
    for (int row = count() - 1; row >= 0; --row) {
        if (isIn(fresh, m_policies[static_cast<std::size_t>(row)]))
            continue;
        beginRemoveRows({}, row, row);
        m_policies.erase(m_policies.begin() + row);
        endRemoveRows();
    }
    for (int row = 0; row < static_cast<int>(fresh.size()); ++row) {
        const ListedPolicy& wanted = fresh[static_cast<std::size_t>(row)];
        const auto place = m_policies.begin() + row;
        const auto found =
            std::find_if(place, m_policies.end(), [&](const ListedPolicy& each) { return isSamePolicy(each, wanted); });
        if (found == place && found != m_policies.end())
            continue;
        if (found == m_policies.end()) {
            beginInsertRows({}, row, row);
            m_policies.insert(place, wanted);
            endInsertRows();
        } else {
            const int from = static_cast<int>(found - m_policies.begin());
            beginMoveRows({}, from, from, {}, row);
            std::rotate(place, found, found + 1);
            endMoveRows();
        }
    }
}

QString PoliciesModel::latencyText(const std::string& id) const
{
    const LatencyCounts counts = m_source.latencyOf(id);
    const std::uint64_t asked = std::accumulate(counts.begin(), counts.end(), std::uint64_t(0));
    if (asked == 0)
        return {};
    const auto text = [&counts](double share) { return shortDuration(quantileOf(counts, share)); };
    return tr("Asked %1× · half in %2, 99 % in %3")
        .arg(countText(static_cast<std::int64_t>(asked)), text(0.5), text(0.99));
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

void PoliciesModel::look()
{
    for (int row = 0; row < count(); ++row) {
        const std::string& id = m_policies[static_cast<std::size_t>(row)].definition.id;
        const auto failure = m_source.failureOf(id);
        if (failure && std::exchange(m_failures[id], failure->count) != failure->count)
            Q_EMIT dataChanged(index(row), index(row), {FailureRole});
        if (QString text = latencyText(id); m_latencies[id] != text) {
            m_latencies[id] = std::move(text);
            Q_EMIT dataChanged(index(row), index(row), {LatencyRole});
        }
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
    case LatencyRole:
        return latencyText(definition.id);
    case LastHitRole:
    case LastCallRole:
    case LastSessionRole:
        return lastHit(definition.id, static_cast<Role>(role));
    }
    return {};
}

QVariant PoliciesModel::lastHit(const std::string& id, Role role) const
{
    const auto found = m_hits.find(id);
    if (found == m_hits.end())
        return QString();
    const Hits& hits = found->second;
    return role == LastHitRole ? clockText(hits.lastAt) : role == LastCallRole ? hits.lastCall : hits.lastSession;
}

QHash<int, QByteArray> PoliciesModel::roleNames() const
{
    return {{IdRole, "policyId"},       {NameRole, "name"},
            {TypeRole, "type"},         {PurposeRole, "purpose"},
            {ModeRole, "mode"},         {FromFileRole, "fromFile"},
            {FileModeRole, "fileMode"}, {VersionRole, "version"},
            {HitsRole, "hits"},         {FailureRole, "failure"},
            {LatencyRole, "latency"},   {LastHitRole, "lastHit"},
            {LastCallRole, "lastCall"}, {LastSessionRole, "lastSession"}};
}

} // namespace luthien::desktop
