// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/answer_reach.h"
#include "policy/approval_desk.h"

#include <QObject>
#include <QQmlEngine>
#include <QTimer>

#include <atomic>
#include <memory>
#include <optional>

namespace luthien::desktop {

/// The tool call that has waited longest for a person, and the way to answer it. Thread: GUI.
class PendingApprovals : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(bool waiting READ isWaiting NOTIFY changed FINAL)
    Q_PROPERTY(int count READ count NOTIFY changed FINAL)
    Q_PROPERTY(QString promptId READ promptId NOTIFY changed FINAL)
    Q_PROPERTY(QString tool READ tool NOTIFY changed FINAL)
    Q_PROPERTY(QString arguments READ arguments NOTIFY changed FINAL)
    Q_PROPERTY(QString policy READ policy NOTIFY changed FINAL)
    Q_PROPERTY(QString reason READ reason NOTIFY changed FINAL)
    Q_PROPERTY(QString origin READ origin NOTIFY changed FINAL)
    Q_PROPERTY(int secondsLeft READ secondsLeft NOTIFY timePassed FINAL)
    Q_PROPERTY(bool armed READ isArmed NOTIFY armedChanged FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY changed FINAL)
    Q_PROPERTY(luthien::desktop::AnswerReach* reach READ reach CONSTANT FINAL)

public:
    /// How long a question stands there before it takes an answer: who was about to answer the one before it must not
    /// answer this one.
    static constexpr std::chrono::milliseconds kArmsAfter{600};

    /// Desk and clock outlive this object.
    PendingApprovals(policy::ApprovalDesk& desk, const Clock& clock, AnswerReach::TryRule tryRule,
                     QObject* parent = nullptr);

    [[nodiscard]] bool isWaiting() const noexcept { return m_shown.has_value(); }
    /// How many wait, with the one that is shown.
    [[nodiscard]] int count() const noexcept { return m_count; }
    [[nodiscard]] QString promptId() const;
    [[nodiscard]] QString tool() const;
    /// All of them; JSON with line breaks between its tokens.
    [[nodiscard]] QString arguments() const { return m_arguments; }
    [[nodiscard]] QString policy() const;
    [[nodiscard]] QString reason() const;
    /// Whose call it is: the program, its sub-agent if one asks, the end of the session's id, and the model.
    [[nodiscard]] QString origin() const;
    [[nodiscard]] int secondsLeft() const;
    /// Whether an answer would be taken now.
    [[nodiscard]] bool isArmed() const noexcept { return isWaiting() && !m_arming.isActive(); }
    /// Why the last answer did not count; empty = it did.
    [[nodiscard]] QString problem() const { return m_problem; }
    /// How far the answers below reach.
    [[nodiscard]] AnswerReach* reach() { return &m_reach; }

    /// Answers with another id than the one shown, or while it is not armed, are not given.
    Q_INVOKABLE void allow(const QString& promptId);
    Q_INVOKABLE void deny(const QString& promptId, const QString& message);

Q_SIGNALS:
    void changed();
    void timePassed();
    void armedChanged();

private:
    void noteChange(); ///< from any thread
    void refresh();
    void tick();
    void answer(const QString& promptId, const policy::ApprovalAnswer& answer);

    policy::ApprovalDesk& m_desk;
    const Clock& m_clock;
    AnswerReach m_reach;
    std::optional<policy::Approval> m_shown;
    QString m_arguments;
    QString m_problem;
    int m_count = 0;
    QTimer m_arming;
    QTimer m_seconds;
    QTimer m_problemEnds;
    std::atomic<bool> m_isTold = false;
    std::unique_ptr<policy::ApprovalWatch> m_watch; ///< ends first
};

} // namespace luthien::desktop
