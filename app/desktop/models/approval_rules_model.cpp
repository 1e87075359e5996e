// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/approval_rules_model.h"

#include "desktop/models/approval_texts.h"
#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

#include <QLocale>

#include <algorithm>

namespace luthien::desktop {

using policy::ApprovalRule;

ApprovalRulesModel::ApprovalRulesModel(policy::ApprovalDesk& desk, const Clock& clock, RuleTrial::TryRule tryRule,
                                       QObject* parent)
    : QAbstractListModel(parent)
    , m_desk(desk)
    , m_clock(clock)
    , m_rules(desk.rules())
    , m_uses(desk.ruleUses())
    , m_trial(clock, std::move(tryRule))
{
}

int ApprovalRulesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant ApprovalRulesModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ApprovalRule& rule = m_rules[static_cast<std::size_t>(index.row())];
    switch (role) {
    case IdRole:
        return fromUtf8(rule.id.toString());
    case TextRole:
        return ruleText(rule);
    case AllowsRole:
        return rule.isAllowed;
    case ReachRole:
        return rule.rule.empty() ? tr("Only what the policy %1 asks").arg(policyText(m_policyName, rule.policyId))
                                 : tr("Only what the policy %1 asks by its rule %2")
                                       .arg(policyText(m_policyName, rule.policyId), visibleText(rule.rule));
    case MessageRole:
        return visibleText(rule.message);
    case EndRole:
        return ruleEndText(rule, m_clock.now());
    case UsesRole:
        return usesText(rule.id);
    case MadeRole:
        return agoText(rule.at, m_clock.now());
    case CallIdRole:
        return rule.madeAtCall.isNil() ? QString() : fromUtf8(rule.madeAtCall.toString());
    case SessionIdRole:
        return fromUtf8(rule.madeInSession);
    default:
        return {};
    }
}

QHash<int, QByteArray> ApprovalRulesModel::roleNames() const
{
    return {{IdRole, "ruleId"},          {TextRole, "text"},       {AllowsRole, "allows"},
            {ReachRole, "reach"},        {MessageRole, "message"}, {EndRole, "end"},
            {UsesRole, "uses"},          {MadeRole, "made"},       {CallIdRole, "callId"},
            {SessionIdRole, "sessionId"}};
}

QString ApprovalRulesModel::usesText(const CallId& id) const
{
    const auto found = m_uses.find(id);
    if (found == m_uses.end())
        return tr("has answered nothing since the start");
    const QString last = agoText(found->second.last, m_clock.now());
    if (found->second.count == 1)
        return tr("has answered 1 call since the start, %1").arg(last);
    return tr("has answered %1 calls since the start, the last %2")
        .arg(QLocale().toString(static_cast<qulonglong>(found->second.count)), last);
}

void ApprovalRulesModel::refresh()
{
    const std::vector<ApprovalRule> now = m_desk.rules();
    const int before = count();
    for (int row = count() - 1; row >= 0; --row) {
        const CallId& id = m_rules[static_cast<std::size_t>(row)].id;
        if (std::ranges::binary_search(now, id, {}, &ApprovalRule::id))
            continue;
        beginRemoveRows({}, row, row);
        m_rules.erase(m_rules.begin() + row);
        endRemoveRows();
    }
    for (std::size_t row = 0; row < now.size(); ++row) {
        if (row < m_rules.size() && m_rules[row].id == now[row].id)
            continue;
        const int place = static_cast<int>(row);
        beginInsertRows({}, place, place);
        m_rules.insert(m_rules.begin() + place, now[row]);
        endInsertRows();
    }
    m_uses = m_desk.ruleUses();
    if (count() > 0)
        Q_EMIT dataChanged(index(0), index(count() - 1), {EndRole, UsesRole, MadeRole});
    if (count() != before)
        Q_EMIT countChanged();
    if (!m_lookedAt.isEmpty() && rowOf(m_lookedAt) < 0)
        look({});
}

void ApprovalRulesModel::revoke(const QString& id)
{
    const std::optional<CallId> known = CallId::parse(id.toStdString());
    if (!known)
        return;
    const auto done = m_desk.revokeRule(*known);
    m_problem = done ? QString() : visibleText(done.error().message);
    Q_EMIT problemChanged();
    refresh();
}

void ApprovalRulesModel::look(const QString& id)
{
    const int row = rowOf(id);
    m_lookedAt = row < 0 ? QString() : id;
    Q_EMIT lookedAtChanged();
    if (row < 0)
        m_trial.stop();
    else
        m_trial.look(m_rules[static_cast<std::size_t>(row)]);
}

int ApprovalRulesModel::rowOf(const QString& id) const
{
    const std::optional<CallId> known = CallId::parse(id.toStdString());
    const auto found = known ? std::ranges::find(m_rules, *known, &ApprovalRule::id) : m_rules.end();
    return found == m_rules.end() ? -1 : static_cast<int>(found - m_rules.begin());
}

} // namespace luthien::desktop
