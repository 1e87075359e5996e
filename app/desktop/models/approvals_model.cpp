// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/approvals_model.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/readable_json.h"
#include "desktop/models/visible_text.h"

#include <algorithm>

namespace luthien::desktop {

using policy::Approval;

namespace {
constexpr qsizetype kMaxSummary = 200;
/// So many that are over stay while the list is held; a pointer may rest there for hours.
constexpr std::size_t kMostRows = 1000;

QString summaryOf(const policy::ApprovalQuestion& question)
{
    const std::string told = question.isFreeText ? question.arguments : tellingArgument(question.arguments);
    return visibleText(told.substr(0, 4 * kMaxSummary)).simplified().left(kMaxSummary);
}
} // namespace

ApprovalsModel::ApprovalsModel(const Clock& clock, QObject* parent)
    : QAbstractListModel(parent)
    , m_clock(clock)
{
}

int ApprovalsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant ApprovalsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case IdRole:
        return fromUtf8(row.approval.id.toString());
    case ToolRole:
        return row.tool;
    case SummaryRole:
        return row.summary;
    case OriginRole:
        return row.origin;
    case PolicyRole:
        return row.policy;
    case StateRole:
        return static_cast<int>(stateOf(row.approval));
    case OutcomeRole:
        return outcomeText(row.approval);
    case SecondsLeftRole:
        return secondsLeft(row.approval);
    case ClockStandsRole:
        return row.approval.clockStandsUntil && *row.approval.clockStandsUntil > m_clock.now();
    default:
        return {};
    }
}

QHash<int, QByteArray> ApprovalsModel::roleNames() const
{
    return {{IdRole, "approvalId"},          {ToolRole, "tool"},
            {SummaryRole, "summary"},        {OriginRole, "origin"},
            {PolicyRole, "policy"},          {StateRole, "asked"},
            {OutcomeRole, "outcome"},        {SecondsLeftRole, "secondsLeft"},
            {ClockStandsRole, "clockStands"}};
}

int ApprovalsModel::secondsLeft(const Approval& approval) const
{
    // While the clock stands, as many are left as when it was stopped.
    const TimePoint now = std::max(m_clock.now(), approval.clockStandsUntil.value_or(TimePoint::min()));
    return std::max(0, static_cast<int>(std::chrono::ceil<std::chrono::seconds>(approval.deadline - now).count()));
}

void ApprovalsModel::setHeld(bool held)
{
    if (held == m_isHeld)
        return;
    m_isHeld = held;
    dropWhatIsOver();
    Q_EMIT heldChanged();
}

void ApprovalsModel::keep(const CallId& id)
{
    if (id == m_kept)
        return;
    m_kept = id;
    dropWhatIsOver();
}

std::ptrdiff_t ApprovalsModel::indexOf(const CallId& id) const
{
    const auto found = std::ranges::find(m_rows, id, [](const Row& row) { return row.approval.id; });
    return found == m_rows.end() ? -1 : found - m_rows.begin();
}

void ApprovalsModel::take(const Approval& approval)
{
    const int row = static_cast<int>(indexOf(approval.id));
    if (row >= 0) {
        m_rows[static_cast<std::size_t>(row)].approval = approval;
        Q_EMIT dataChanged(index(row), index(row), {StateRole, OutcomeRole, SecondsLeftRole, ClockStandsRole});
        dropWhatIsOver();
    } else if (approval.isPending()) {
        const policy::ApprovalQuestion& question = approval.question;
        beginInsertRows({}, count(), count());
        m_rows.push_back(
            {.approval = approval,
             .tool = visibleText(question.tool),
             .summary = summaryOf(question),
             .origin = originText(question),
             .policy = visibleText(question.policyName.empty() ? question.policyId : question.policyName)});
        endInsertRows();
    }
    m_waiting =
        static_cast<int>(std::ranges::count_if(m_rows, [](const Row& each) { return each.approval.isPending(); }));
    Q_EMIT countChanged();
}

void ApprovalsModel::dropWhatIsOver()
{
    const bool isFull = m_rows.size() > kMostRows;
    if (m_isHeld && !isFull)
        return;
    for (int row = count() - 1; row >= 0; --row) {
        const Approval& approval = m_rows[static_cast<std::size_t>(row)].approval;
        if (approval.isPending() || approval.id == m_kept)
            continue;
        beginRemoveRows({}, row, row);
        m_rows.erase(m_rows.begin() + row);
        endRemoveRows();
        Q_EMIT countChanged();
    }
}

void ApprovalsModel::passTime()
{
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0), index(count() - 1), {SecondsLeftRole, ClockStandsRole});
}

const Approval* ApprovalsModel::find(const CallId& id) const
{
    const std::ptrdiff_t row = indexOf(id);
    return row < 0 ? nullptr : &m_rows[static_cast<std::size_t>(row)].approval;
}

const Approval* ApprovalsModel::nextWaiting(const CallId& after) const
{
    const auto waits = [](const Row& row) { return row.approval.isPending(); };
    auto found = std::find_if(m_rows.begin() + (indexOf(after) + 1), m_rows.end(), waits);
    if (found == m_rows.end())
        found = std::ranges::find_if(m_rows, waits);
    return found == m_rows.end() ? nullptr : &found->approval;
}

const Approval* ApprovalsModel::neighbour(const CallId& id, int step) const
{
    const std::ptrdiff_t row = indexOf(id) + step;
    if (row < 0 || row >= count())
        return nullptr;
    return &m_rows[static_cast<std::size_t>(row)].approval;
}

int ApprovalsModel::rowOf(const QString& id) const
{
    const std::optional<CallId> known = CallId::parse(id.toStdString());
    return known ? static_cast<int>(indexOf(*known)) : -1;
}

} // namespace luthien::desktop
