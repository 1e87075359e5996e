// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/policy_editor.h"
#include "desktop/models/policy_trials.h"

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QThreadPool>
#include <QTimer>

#include <stop_token>
#include <vector>

namespace luthien::desktop {

/// What the draft in the editor says about some tool calls, texts and requests, written as JSON or taken from a
/// session; told again whenever the draft or they change, as long as somebody looks. What is wrong with the draft shows
/// in the editor's fields. Thread: GUI.
class TestBench : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY changed FINAL)
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY changed FINAL)
    Q_PROPERTY(QString input READ input WRITE setInput NOTIFY changed FINAL)
    Q_PROPERTY(bool running READ isRunning NOTIFY changed FINAL)
    Q_PROPERTY(bool picking READ isPicking NOTIFY changed FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY changed FINAL)
    Q_PROPERTY(QString scriptProblem READ scriptProblem NOTIFY changed FINAL)
    Q_PROPERTY(int problemLine READ problemLine NOTIFY changed FINAL)

public:
    enum Role {
        VerdictRole = Qt::UserRole + 1, ///< "continue", "replace", "block", "hold" or "error"
        VerdictTextRole,
        SubjectRole,
        ReasonRole,
        ReplacedRole, ///< what would leave instead; empty = nothing else
    };
    static constexpr int kMaxLines = 500;
    static constexpr std::size_t kPickedLines = 200;

    /// Both outlive this.
    TestBench(PolicyEditor& editor, PolicyTrials& trials, QObject* parent = nullptr);
    /// Gives up what runs, and waits for it.
    ~TestBench() override;

    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_rows.size()); }
    [[nodiscard]] bool isActive() const noexcept { return m_isActive; }
    void setActive(bool active);
    /// One JSON object, a list of them, or one on each line.
    [[nodiscard]] QString input() const { return m_input; }
    void setInput(const QString& input);
    [[nodiscard]] bool isRunning() const noexcept { return m_isRunning; }
    [[nodiscard]] bool isPicking() const noexcept { return m_isPicking; }
    /// Why there are no verdicts.
    [[nodiscard]] QString problem() const { return m_problem; }
    /// What is wrong with a script, and on which of its lines; 0 = on none.
    [[nodiscard]] QString scriptProblem() const { return m_scriptProblem; }
    [[nodiscard]] int problemLine() const noexcept { return m_problemLine; }

    /// Takes what a session's replies held as the input.
    Q_INVOKABLE void pick(const QString& sessionId);
    /// Tries now, without waiting for a pause in the typing.
    Q_INVOKABLE void run();

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void changed();

private:
    struct Row
    {
        QString verdict, subject, reason, replaced;
        bool operator==(const Row&) const = default;
    };
    void wait();
    void take(const std::vector<std::string>& lines, const Result<std::vector<std::string>>& said);
    void show(std::vector<Row> rows);
    void refuse(const Error& error);
    [[nodiscard]] static Row rowOf(const std::string& line, const std::string& said);

    PolicyEditor& m_editor;
    PolicyTrials& m_trials;
    QString m_input, m_problem, m_scriptProblem;
    std::vector<Row> m_rows;
    policy::Definition m_tried;
    QString m_triedInput;
    std::uint64_t m_run = 0; ///< the newest one counts
    std::uint64_t m_pick = 0;
    int m_problemLine = 0;
    bool m_isActive = false;
    bool m_isRunning = false;
    bool m_isPicking = false;
    std::stop_source m_stop;
    QTimer m_rest;
    QThreadPool m_pool;
};

} // namespace luthien::desktop
