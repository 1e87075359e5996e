// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/approval_history_source.h"
#include "desktop/models/approval_texts.h"
#include "desktop/models/policy_name.h"
#include "live/live_hub.h"

#include <QAbstractListModel>
#include <QQmlEngine>

#include <vector>

namespace luthien::desktop {

/// What was answered, by whom, and what nobody answered, newest first. Reads as far back as is looked at. Thread: GUI.
class ApprovalHistory : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY changed FINAL)
    Q_PROPERTY(Part part READ part WRITE setPart NOTIFY changed FINAL)
    Q_PROPERTY(QString filter READ filter WRITE setFilter NOTIFY changed FINAL)
    Q_PROPERTY(QString filterProblem READ filterProblem NOTIFY changed FINAL)
    Q_PROPERTY(QString error READ error NOTIFY changed FINAL)
    Q_PROPERTY(bool loading READ isLoading NOTIFY changed FINAL)
    Q_PROPERTY(bool more READ hasMore NOTIFY changed FINAL)
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY changed FINAL)

public:
    enum Role {
        TimeRole = Qt::UserRole + 1,
        ToolRole,
        SummaryRole,
        StateRole,
        OutcomeRole,
        ReasonRole,
        PolicyRole,
        CallIdRole,
        SessionIdRole,
        RuleIdRole, ///< that answered, or that the answer made; empty = none
    };
    enum Part { All, AllowedPart, EditedPart, DeniedPart, LatePart, RulePart };
    Q_ENUM(Part)

    /// Both outlive the model.
    ApprovalHistory(ApprovalHistorySource& source, const Clock& clock, QObject* parent = nullptr);
    /// What it calls policies.
    void setPolicyNames(PolicyName name) { m_policyName = std::move(name); }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_rows.size()); }
    [[nodiscard]] Part part() const noexcept { return m_part; }
    void setPart(Part part);
    /// In the language of filters; empty = all.
    [[nodiscard]] QString filter() const { return m_filter; }
    void setFilter(const QString& filter);
    /// What is wrong with it: the list is that of the filter before.
    [[nodiscard]] QString filterProblem() const { return m_filterProblem; }
    [[nodiscard]] QString error() const { return m_error; }
    [[nodiscard]] bool isLoading() const noexcept { return m_isLoading; }
    [[nodiscard]] bool hasMore() const noexcept { return m_next.has_value(); }
    /// Somebody looks at it: only then is anything read.
    [[nodiscard]] bool isActive() const noexcept { return m_isActive; }
    void setActive(bool active);

    /// Empty if there is no such row. \{
    [[nodiscard]] Q_INVOKABLE QString sessionOf(int row) const;
    [[nodiscard]] Q_INVOKABLE QString callOf(int row) const;
    /// \}
    /// Goes on behind the last row.
    Q_INVOKABLE void loadMore();
    /// Something was answered: it is in the record soon.
    void expectMore();
    void applyLive(const live::LiveBatch& batch);

Q_SIGNALS:
    void changed();

private:
    struct Row
    {
        CallId id; ///< of the decision
        asked::State state = asked::State::Denied;
        QString time, tool, summary, outcome, reason, policy, callId, sessionId, ruleId;
    };
    void begin();
    void request(std::optional<store::Cursor> from);
    void take(const LoadedAnswers& answers);
    void insert(int row, std::vector<Row> rows);
    [[nodiscard]] Row rowOf(const store::DecisionRow& item) const;

    ApprovalHistorySource& m_source;
    const Clock& m_clock;
    PolicyName m_policyName;
    std::vector<Row> m_rows;
    std::optional<store::Cursor> m_next;
    Part m_part = All;
    QString m_filter, m_filterProblem, m_error;
    filter::Expression m_expression;
    quint64 m_token = 0;
    bool m_isActive = false;
    bool m_isLoading = false;
    bool m_isBegun = false;
    int m_commitsToLookAt = 0;
    int m_pagesInARow = 0; ///< that gave nothing
};

} // namespace luthien::desktop
