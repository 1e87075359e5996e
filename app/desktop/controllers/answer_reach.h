// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/rule_preview.h"
#include "policy/approval_desk.h"

#include <QObject>
#include <QQmlEngine>
#include <QStringList>
#include <QThreadPool>

#include <functional>
#include <optional>
#include <stop_token>

namespace luthien::desktop {

/// How far the answer to a tool call that waits would reach, and for how long; and what a rule like that would have
/// matched in what was recorded. Every question begins at this call, once. Thread: GUI.
class AnswerReach : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QList<QString> scopes READ scopes CONSTANT FINAL)
    Q_PROPERTY(QList<QString> durations READ durations CONSTANT FINAL)
    Q_PROPERTY(int scope READ scope WRITE setScope NOTIFY changed FINAL)
    Q_PROPERTY(int duration READ duration WRITE setDuration NOTIFY changed FINAL)
    Q_PROPERTY(bool wide READ isWide NOTIFY changed FINAL)
    Q_PROPERTY(QString meaning READ meaning NOTIFY changed FINAL)
    Q_PROPERTY(QString preview READ preview NOTIFY changed FINAL)

public:
    /// Tries a rule on the past; called on another thread, one at a time. It looks at the token.
    using TryRule = std::function<Result<archive::RulePreview>(const policy::ApprovalRule&, const std::stop_token&)>;

    /// Both outlive this object.
    AnswerReach(policy::ApprovalDesk& desk, const Clock& clock, TryRule tryRule, QObject* parent = nullptr);
    /// Gives up the preview that runs, and waits for it.
    ~AnswerReach() override;

    /// The question the answer is for; nullopt = none. Another one than before begins anew.
    void follow(const std::optional<policy::Approval>& question);
    /// The same answer, as far and for as long as was chosen.
    [[nodiscard]] policy::ApprovalAnswer applied(policy::ApprovalAnswer answer) const;

    [[nodiscard]] QStringList scopes() const;
    [[nodiscard]] QStringList durations() const;
    /// Places in scopes() and durations(). \{
    [[nodiscard]] int scope() const noexcept { return m_scope; }
    [[nodiscard]] int duration() const noexcept { return m_duration; }
    void setScope(int scope);
    void setDuration(int duration);
    /// \}
    /// More than this call.
    [[nodiscard]] bool isWide() const noexcept { return m_scope > 0; }
    /// What an answer with this reach counts for.
    [[nodiscard]] QString meaning() const;
    /// What it would have matched, in lines; while nobody knows yet, that it is looked up.
    [[nodiscard]] QString preview() const { return m_preview; }

Q_SIGNALS:
    void changed();

private:
    void look();
    /// Tries it on the pool's thread; what it finds counts if nothing newer was asked by then.
    void begin(const policy::ApprovalRule& rule);
    void take(const Result<archive::RulePreview>& seen);
    [[nodiscard]] QString lineOf(const archive::RuleMatch& match) const;

    policy::ApprovalDesk& m_desk;
    const Clock& m_clock;
    TryRule m_tryRule;
    std::optional<policy::Approval> m_question;
    int m_scope = 0;
    int m_duration = 0;
    QString m_preview;
    std::uint64_t m_lookups = 0; ///< the newest one counts
    std::stop_source m_stop;
    QThreadPool m_pool;
};

} // namespace luthien::desktop
