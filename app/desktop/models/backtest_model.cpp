// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/backtest_model.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

#include <QDateTime>
#include <QLocale>

#include <atomic>
#include <mutex>

namespace luthien::desktop {

using conversation::Verdict;

namespace {
constexpr qsizetype kMaxReason = 300;

QString verdictText(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Continue:
        return BacktestModel::tr("passes");
    case Verdict::Replace:
        return BacktestModel::tr("changed");
    case Verdict::Block:
        return BacktestModel::tr("blocked");
    case Verdict::Hold:
        return BacktestModel::tr("asks");
    }
    return {};
}

QString numberText(std::uint64_t number)
{
    return QLocale().toString(static_cast<qulonglong>(number));
}
} // namespace

/// What the thread of a run and the window share.
struct BacktestModel::Run
{
    std::atomic<bool> isStopped = false;
    std::mutex mutex;
    std::vector<archive::BacktestChange> found; ///< not taken yet
    std::uint64_t done = 0;
    std::uint64_t calls = 0;
    bool isTold = false; ///< the window will come for it
};

BacktestModel::BacktestModel(PolicyEditor& editor, PolicyTrials& trials, const KnownValues& values, const Clock& clock,
                             QObject* parent)
    : QAbstractListModel(parent)
    , m_editor(editor)
    , m_trials(trials)
    , m_clock(clock)
    , m_filter(values)
{
    QQmlEngine::setObjectOwnership(&m_filter, QQmlEngine::CppOwnership);
    m_pool.setMaxThreadCount(1);
    connect(&editor, &PolicyEditor::changed, this, &BacktestModel::changed);
    // What was found is about the policy that was open.
    connect(&editor, &PolicyEditor::opened, this, &BacktestModel::clear);
}

BacktestModel::~BacktestModel()
{
    if (m_run)
        m_run->isStopped = true;
    m_pool.waitForDone();
}

bool BacktestModel::isStale() const
{
    return (m_isDone || isRunning()) && m_editor.draft() != m_tried;
}

void BacktestModel::clear()
{
    if (m_run)
        m_run->isStopped = true;
    m_run = nullptr;
    m_isDone = false;
    m_share = 0;
    m_progress.clear();
    m_summary.clear();
    m_problem.clear();
    beginResetModel();
    m_rows.clear();
    endResetModel();
    Q_EMIT changed();
}

void BacktestModel::run()
{
    m_filter.apply();
    if (!m_editor.isOpen() || !m_filter.error().isEmpty())
        return;
    clear();
    m_run = std::make_shared<Run>();
    m_tried = m_editor.draft();
    m_progress = tr("Looking at what was recorded…");
    Q_EMIT changed();
    const BacktestWish wish{.definition = m_tried, .filter = m_filter.filter(), .now = m_clock.now()};
    m_pool.start([this, run = m_run, wish] { work(run, wish); });
}

void BacktestModel::cancel()
{
    if (m_run)
        m_run->isStopped = true;
}

void BacktestModel::work(const std::shared_ptr<Run>& run, const BacktestWish& wish)
{
    const archive::BacktestSinks sinks{.change =
                                           [&](const archive::BacktestChange& change) {
                                               const std::lock_guard lock(run->mutex);
                                               run->found.push_back(change);
                                           },
                                       .progress =
                                           [&](std::uint64_t done, std::uint64_t calls) {
                                               const std::lock_guard lock(run->mutex);
                                               run->done = done;
                                               run->calls = calls;
                                               if (!std::exchange(run->isTold, true))
                                                   QMetaObject::invokeMethod(
                                                       this, [this, run] { take(run); }, Qt::QueuedConnection);
                                               return !run->isStopped;
                                           }};
    const auto summary = m_trials.backtest(wish, sinks);
    QMetaObject::invokeMethod(this, [this, run, summary] { end(run, summary); }, Qt::QueuedConnection);
}

void BacktestModel::take(const std::shared_ptr<Run>& run)
{
    if (run != m_run)
        return;
    std::vector<archive::BacktestChange> found;
    {
        const std::lock_guard lock(run->mutex);
        found.swap(run->found);
        run->isTold = false;
        m_share = run->calls == 0 ? 0 : static_cast<double>(run->done) / static_cast<double>(run->calls);
        m_progress = tr("%1 of %2 calls").arg(numberText(run->done), numberText(run->calls));
    }
    found.resize(std::min(found.size(), static_cast<std::size_t>(kMaxRows - count())));
    if (!found.empty()) {
        beginInsertRows({}, count(), count() + static_cast<int>(found.size()) - 1);
        m_rows.insert(m_rows.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
        endInsertRows();
    }
    Q_EMIT changed();
}

void BacktestModel::end(const std::shared_ptr<Run>& run, const Result<archive::BacktestSummary>& summary)
{
    if (run != m_run)
        return;
    take(run);
    m_run = nullptr;
    m_isDone = summary.hasValue();
    if (summary) {
        m_share = 1;
        m_summary =
            tr("%1 calls: %2 would be blocked, %3 changed, %4 asked about. %5 would end otherwise than they did.")
                .arg(numberText(summary->calls), numberText(summary->wouldBlock), numberText(summary->wouldReplace),
                     numberText(summary->wouldAsk), numberText(summary->changed));
        if (summary->changed > static_cast<std::uint64_t>(count()))
            m_summary += tr(" The first %1 are shown.").arg(numberText(static_cast<std::uint64_t>(count())));
    } else {
        m_problem = run->isStopped ? tr("Stopped after %1.").arg(m_progress) : visibleText(summary.error().toString());
    }
    Q_EMIT changed();
}

QString BacktestModel::sessionOf(int row) const
{
    return row >= 0 && row < count() ? fromUtf8(m_rows[static_cast<std::size_t>(row)].session) : QString();
}

QString BacktestModel::callOf(int row) const
{
    return row >= 0 && row < count() ? QString::fromStdString(m_rows[static_cast<std::size_t>(row)].call.toString())
                                     : QString();
}

int BacktestModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant BacktestModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return {};
    const archive::BacktestChange& change = m_rows[static_cast<std::size_t>(index.row())];
    switch (static_cast<Role>(role)) {
    case TimeRole:
        return QLocale().toString(QDateTime::fromMSecsSinceEpoch(toMicros(change.at) / 1000), QLocale::ShortFormat);
    case WasRole:
        return static_cast<int>(change.was);
    case WouldRole:
        return static_cast<int>(change.would);
    case WasTextRole:
        return verdictText(change.was);
    case WouldTextRole:
        return verdictText(change.would);
    case PolicyRole:
        return visibleText(change.policy);
    case ReasonRole:
        return visibleText(change.reason).simplified().left(kMaxReason);
    case CallIdRole:
        return callOf(index.row());
    case SessionIdRole:
        return sessionOf(index.row());
    }
    return {};
}

QHash<int, QByteArray> BacktestModel::roleNames() const
{
    return {{TimeRole, "time"},           {WasRole, "was"},       {WouldRole, "would"},   {WasTextRole, "wasText"},
            {WouldTextRole, "wouldText"}, {PolicyRole, "policy"}, {ReasonRole, "reason"}, {CallIdRole, "callId"},
            {SessionIdRole, "sessionId"}};
}

} // namespace luthien::desktop
