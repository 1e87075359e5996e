// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/answer_reach.h"
#include "desktop/controllers/arguments_edit.h"
#include "desktop/models/approvals_model.h"
#include "desktop/models/asked_call.h"
#include "policy/approval_desk.h"

#include <QObject>
#include <QQmlEngine>
#include <QTimer>

#include <memory>
#include <mutex>
#include <vector>

namespace luthien::desktop {

/// The tool calls that wait for a person, the one of them that is shown, and the only way to answer it: by its id, and
/// not before it has stood there for a moment, in a window that has been in front for a moment. Thread: GUI.
class PendingApprovals : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(bool waiting READ isWaiting NOTIFY changed FINAL)
    Q_PROPERTY(int count READ count NOTIFY changed FINAL)
    Q_PROPERTY(QString promptId READ promptId NOTIFY changed FINAL)
    Q_PROPERTY(int secondsLeft READ secondsLeft NOTIFY timePassed FINAL)
    Q_PROPERTY(bool clockStands READ clockStands NOTIFY timePassed FINAL)
    Q_PROPERTY(bool armed READ isArmed NOTIFY armedChanged FINAL)
    Q_PROPERTY(bool attended READ isAttended WRITE setAttended NOTIFY armedChanged FINAL)
    Q_PROPERTY(bool browsed READ isBrowsed WRITE setBrowsed NOTIFY changed FINAL)
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY changed FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY changed FINAL)
    Q_PROPERTY(luthien::desktop::ApprovalsModel* list READ list CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::AskedCall* shown READ shown CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::AnswerReach* reach READ reach CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::ArgumentsEdit* edit READ edit CONSTANT FINAL)

public:
    /// How long a question stands there before it takes an answer: who was about to answer the one before it, or to
    /// bring the window to the front, must not answer this one.
    static constexpr std::chrono::milliseconds kArmsAfter{600};

    /// Desk and clock outlive this object.
    PendingApprovals(policy::ApprovalDesk& desk, const Clock& clock, AnswerReach::TryRule tryRule,
                     QObject* parent = nullptr);

    /// Something is shown; with browsed it may be over.
    [[nodiscard]] bool isWaiting() const noexcept { return m_shown.approval().has_value(); }
    /// How many wait, with the one that is shown.
    [[nodiscard]] int count() const noexcept { return m_list.waiting(); }
    [[nodiscard]] QString promptId() const { return m_shown.id(); }
    [[nodiscard]] int secondsLeft() const;
    [[nodiscard]] bool clockStands() const;
    /// Whether an answer would be taken now.
    [[nodiscard]] bool isArmed() const;
    /// The window is in front: only there is anything answered. Coming to the front begins the moment anew.
    [[nodiscard]] bool isAttended() const noexcept { return m_isAttended; }
    void setAttended(bool attended);
    /// Somebody looks through the list: one that is over stays shown until they go on.
    [[nodiscard]] bool isBrowsed() const noexcept { return m_isBrowsed; }
    void setBrowsed(bool browsed);
    /// See ApprovalDesk::pause().
    [[nodiscard]] bool isPaused() const { return m_desk.isPaused(); }
    void setPaused(bool paused);
    /// Why the last answer did not count; empty = it did.
    [[nodiscard]] QString problem() const { return m_problem; }
    [[nodiscard]] ApprovalsModel* list() { return &m_list; }
    [[nodiscard]] AskedCall* shown() { return &m_shown; }
    [[nodiscard]] AnswerReach* reach() { return &m_reach; }
    [[nodiscard]] ArgumentsEdit* edit() { return &m_edit; }

    /// Shows another one.
    Q_INVOKABLE void show(const QString& promptId);
    /// Shows the neighbour in the list.
    Q_INVOKABLE void step(int rows);
    /// Shows the next one that waits.
    Q_INVOKABLE void next();
    /// A person is at work on the one that is shown: its clock stands still.
    Q_INVOKABLE void touch();
    /// What was pressed just now was meant for something else.
    Q_INVOKABLE void rearm();
    /// Answers with another id than the one shown, or while it is not armed, are not given. \{
    Q_INVOKABLE void allow(const QString& promptId);
    Q_INVOKABLE void allowEdited(const QString& promptId);
    Q_INVOKABLE void deny(const QString& promptId, const QString& message);
    /// \}

Q_SIGNALS:
    void changed();
    void timePassed();
    void armedChanged();
    /// Something came of a question, or of its rule.
    void settled();

private:
    void noteChange(const policy::Approval& approval); ///< from any thread
    void refresh();
    void showApproval(const policy::Approval* approval);
    void tick();
    void answer(const QString& promptId, const policy::ApprovalAnswer& answer);

    policy::ApprovalDesk& m_desk;
    const Clock& m_clock;
    ApprovalsModel m_list;
    AskedCall m_shown;
    AnswerReach m_reach;
    ArgumentsEdit m_edit;
    QString m_problem;
    bool m_isAttended = true;
    bool m_isBrowsed = false;
    QTimer m_arming;
    QTimer m_seconds;
    QTimer m_problemEnds;
    std::mutex m_mutex;
    std::vector<policy::Approval> m_told;           ///< and not looked at yet
    std::unique_ptr<policy::ApprovalWatch> m_watch; ///< ends first
};

} // namespace luthien::desktop
