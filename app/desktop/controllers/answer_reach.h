// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/rule_trial.h"
#include "policy/approval_desk.h"

#include <QObject>
#include <QQmlEngine>
#include <QStringList>

#include <optional>

namespace luthien::desktop {

/// For how long the answer to a tool call that waits would count, and for what else; and what a rule like that would
/// have matched in what was recorded. Every question begins with once. Thread: GUI.
class AnswerReach : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QList<QString> durations READ durations CONSTANT FINAL)
    Q_PROPERTY(QList<QString> scopes READ scopes CONSTANT FINAL)
    Q_PROPERTY(QList<QString> patterns READ patterns NOTIFY changed FINAL)
    Q_PROPERTY(int duration READ duration WRITE setDuration NOTIFY changed FINAL)
    Q_PROPERTY(int scope READ scope WRITE setScope NOTIFY changed FINAL)
    Q_PROPERTY(int pattern READ pattern WRITE setPattern NOTIFY changed FINAL)
    Q_PROPERTY(bool wide READ isWide NOTIFY changed FINAL)
    Q_PROPERTY(QString meaning READ meaning NOTIFY changed FINAL)
    Q_PROPERTY(QString preview READ preview NOTIFY changed FINAL)

public:
    using TryRule = RuleTrial::TryRule;

    /// Both outlive this object.
    AnswerReach(policy::ApprovalDesk& desk, const Clock& clock, TryRule tryRule, QObject* parent = nullptr);

    /// The question the answer is for; nullopt = none. Another one than before begins anew.
    void follow(const std::optional<policy::Approval>& question);
    /// The same answer, as far and for as long as was chosen.
    [[nodiscard]] policy::ApprovalAnswer applied(policy::ApprovalAnswer answer) const;

    [[nodiscard]] QStringList durations() const;
    [[nodiscard]] QStringList scopes() const;
    /// What is offered for calls that are alike, narrowest first; empty = they are not asked for, or there are none.
    [[nodiscard]] QStringList patterns() const;
    /// Places in durations(), scopes() and patterns(). \{
    [[nodiscard]] int duration() const noexcept { return m_duration; }
    [[nodiscard]] int scope() const noexcept { return m_scope; }
    [[nodiscard]] int pattern() const noexcept { return m_pattern; }
    void setDuration(int duration);
    void setScope(int scope);
    void setPattern(int pattern);
    /// \}
    /// More than this call: the answer makes a rule.
    [[nodiscard]] bool isWide() const noexcept { return m_duration > 0; }
    /// What an answer with this reach counts for: all of it, and nothing less.
    [[nodiscard]] QString meaning() const { return m_meaning; }
    /// What it would have matched, in lines; while nobody knows yet, that it is looked up.
    [[nodiscard]] QString preview() const { return m_trial.text(); }

Q_SIGNALS:
    void changed();

private:
    void look();

    policy::ApprovalDesk& m_desk;
    std::optional<policy::Approval> m_question;
    int m_duration = 0;
    int m_scope = 0;
    int m_pattern = 0;
    QString m_meaning;
    RuleTrial m_trial;
};

} // namespace luthien::desktop
