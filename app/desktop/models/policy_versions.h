// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/changed_lines.h"
#include "desktop/models/policy_history_source.h"
#include "desktop/models/policy_source.h"

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QTimer>

#include <vector>

namespace luthien::desktop {

/// What became of one policy, newest first: which version in which mode, when, by whom; how versions differ, and the
/// way back to one. Thread: GUI.
class PolicyVersions : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString policyId READ policyId WRITE setPolicyId NOTIFY changed FINAL)
    Q_PROPERTY(int count READ count NOTIFY changed FINAL)
    Q_PROPERTY(bool loading READ isLoading NOTIFY changed FINAL)
    Q_PROPERTY(bool cut READ isCut NOTIFY changed FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY changed FINAL)
    Q_PROPERTY(int selected READ selected WRITE setSelected NOTIFY changed FINAL)
    Q_PROPERTY(bool againstNow READ isAgainstNow WRITE setAgainstNow NOTIFY changed FINAL)
    Q_PROPERTY(bool canRestore READ canRestore NOTIFY changed FINAL)
    Q_PROPERTY(luthien::desktop::ChangedLines* difference READ difference CONSTANT FINAL)

public:
    enum Role {
        VersionRole = Qt::UserRole + 1,
        ModeRole, ///< that of PoliciesModel
        TimeRole,
        AuthorRole, ///< "in the window, by ada"
        CurrentRole,
        WhatRole, ///< "new version", "now off", ...
    };

    /// Both outlive the model.
    PolicyVersions(PolicyHistorySource& history, PolicySource& policies, QObject* parent = nullptr);

    [[nodiscard]] QString policyId() const { return m_policyId; }
    /// Empty = none; another one is read then.
    void setPolicyId(const QString& id);
    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_rows.size()); }
    [[nodiscard]] bool isLoading() const noexcept { return m_isLoading; }
    [[nodiscard]] bool isCut() const noexcept { return m_isCut; }
    [[nodiscard]] QString problem() const { return m_problem; }
    /// The row that is compared; -1 = none.
    [[nodiscard]] int selected() const noexcept { return m_selected; }
    void setSelected(int row);
    /// Compares with the version in force, else with the one before.
    [[nodiscard]] bool isAgainstNow() const noexcept { return m_isAgainstNow; }
    void setAgainstNow(bool againstNow);
    /// The selected version is another one than that in force, and may take its place.
    [[nodiscard]] bool canRestore() const;
    [[nodiscard]] ChangedLines* difference() { return &m_difference; }

    /// Makes the selected version the policy, in the mode it has now.
    Q_INVOKABLE void restore();

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void changed();
    void restored(const QString& id);

private:
    void load();
    void follow();
    void take(const LoadedPolicyHistory& history);
    void compare();
    [[nodiscard]] std::optional<ListedPolicy> now() const;
    [[nodiscard]] QString whatOf(std::size_t row) const;

    PolicyHistorySource& m_source;
    PolicySource& m_policies;
    std::vector<store::PolicyChangeRow> m_rows;
    ChangedLines m_difference;
    QTimer m_retry; ///< what was saved is written a little later
    int m_retries = 0;
    QString m_policyId;
    QString m_problem;
    int m_selected = -1;
    bool m_isAgainstNow = false;
    bool m_isLoading = false;
    bool m_isCut = false;
};

} // namespace luthien::desktop
