// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/rule_trial.h"
#include "desktop/models/policy_name.h"
#include "policy/approval_desk.h"

#include <QAbstractListModel>
#include <QQmlEngine>

#include <map>
#include <vector>

namespace luthien::desktop {

/// The answers that go on counting, oldest first: what each lets through or stops, how often it has, and how long it
/// will. Thread: GUI.
class ApprovalRulesModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY problemChanged FINAL)
    Q_PROPERTY(QString lookedAt READ lookedAt NOTIFY lookedAtChanged FINAL)
    Q_PROPERTY(luthien::desktop::RuleTrial* trial READ trial CONSTANT FINAL)

public:
    enum Role {
        IdRole = Qt::UserRole + 1,
        TextRole,
        AllowsRole,
        ReachRole, ///< of the policy: what it may answer at all
        MessageRole,
        EndRole,
        UsesRole,
        MadeRole,
        CallIdRole,
        SessionIdRole,
    };

    /// Both outlive the model.
    ApprovalRulesModel(policy::ApprovalDesk& desk, const Clock& clock, RuleTrial::TryRule tryRule,
                       QObject* parent = nullptr);
    /// What it calls policies.
    void setPolicyNames(PolicyName name) { m_policyName = std::move(name); }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_rules.size()); }
    /// Why the last one could not be taken back; empty = it was.
    [[nodiscard]] QString problem() const { return m_problem; }
    /// The one whose matches the trial tells; empty = none.
    [[nodiscard]] QString lookedAt() const { return m_lookedAt; }
    [[nodiscard]] RuleTrial* trial() { return &m_trial; }

    /// Reads them anew. Rows that stay do not move.
    Q_INVOKABLE void refresh();
    /// From now on it answers nothing.
    Q_INVOKABLE void revoke(const QString& id);
    /// What it would have matched; empty = none.
    Q_INVOKABLE void look(const QString& id);
    /// -1 = it is not in force, or not any more.
    [[nodiscard]] Q_INVOKABLE int rowOf(const QString& id) const;

Q_SIGNALS:
    void countChanged();
    void problemChanged();
    void lookedAtChanged();

private:
    [[nodiscard]] QString usesText(const CallId& id) const;

    policy::ApprovalDesk& m_desk;
    const Clock& m_clock;
    PolicyName m_policyName;
    std::vector<policy::ApprovalRule> m_rules;
    std::map<CallId, policy::ApprovalRuleUse> m_uses;
    QString m_problem;
    QString m_lookedAt;
    RuleTrial m_trial;
};

} // namespace luthien::desktop
