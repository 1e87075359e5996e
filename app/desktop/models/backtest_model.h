// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/filter_input.h"
#include "desktop/controllers/policy_editor.h"
#include "desktop/models/policy_trials.h"

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QThreadPool>

#include <memory>
#include <vector>

namespace luthien::desktop {

/// The draft in the editor, run over what was recorded: the calls that would have ended otherwise, by their start. Runs
/// in a thread of its own. Thread: GUI.
class BacktestModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY changed FINAL)
    Q_PROPERTY(bool running READ isRunning NOTIFY changed FINAL)
    Q_PROPERTY(bool done READ isDone NOTIFY changed FINAL)
    Q_PROPERTY(bool stale READ isStale NOTIFY changed FINAL)
    Q_PROPERTY(double share READ share NOTIFY changed FINAL)
    Q_PROPERTY(QString progress READ progress NOTIFY changed FINAL)
    Q_PROPERTY(QString summary READ summary NOTIFY changed FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY changed FINAL)
    Q_PROPERTY(luthien::desktop::FilterInput* filter READ filter CONSTANT FINAL)

public:
    enum Role {
        TimeRole = Qt::UserRole + 1,
        WasRole, ///< conversation::Verdict
        WouldRole,
        WasTextRole,
        WouldTextRole,
        PolicyRole,
        ReasonRole,
        CallIdRole,
        SessionIdRole,
    };
    static constexpr int kMaxRows = 100'000;

    /// All of it outlives the model.
    BacktestModel(PolicyEditor& editor, PolicyTrials& trials, const KnownValues& values, const Clock& clock,
                  QObject* parent = nullptr);
    /// Gives up what runs, and waits for it.
    ~BacktestModel() override;

    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_rows.size()); }
    [[nodiscard]] bool isRunning() const noexcept { return m_run != nullptr; }
    [[nodiscard]] bool isDone() const noexcept { return m_isDone; }
    /// What is shown is about another draft than the one in the editor.
    [[nodiscard]] bool isStale() const;
    [[nodiscard]] double share() const noexcept { return m_share; } ///< 0 to 1
    [[nodiscard]] QString progress() const { return m_progress; }
    [[nodiscard]] QString summary() const { return m_summary; }
    [[nodiscard]] QString problem() const { return m_problem; }
    /// Which calls are looked at.
    [[nodiscard]] FilterInput* filter() { return &m_filter; }

    /// What ran before is given up.
    Q_INVOKABLE void run();
    Q_INVOKABLE void cancel();
    /// Empty if there is no such row. \{
    [[nodiscard]] Q_INVOKABLE QString sessionOf(int row) const;
    [[nodiscard]] Q_INVOKABLE QString callOf(int row) const;
    /// \}

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void changed();

private:
    struct Run;
    void clear();
    void work(const std::shared_ptr<Run>& run, const BacktestWish& wish);
    /// What a run has found since the last time.
    void take(const std::shared_ptr<Run>& run);
    void end(const std::shared_ptr<Run>& run, const Result<archive::BacktestSummary>& summary);

    PolicyEditor& m_editor;
    PolicyTrials& m_trials;
    const Clock& m_clock;
    FilterInput m_filter;
    policy::Definition m_tried;
    std::vector<archive::BacktestChange> m_rows;
    std::shared_ptr<Run> m_run;
    bool m_isDone = false;
    double m_share = 0;
    QString m_progress, m_summary, m_problem;
    QThreadPool m_pool;
};

} // namespace luthien::desktop
