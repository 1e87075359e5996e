// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/approval_history.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/readable_json.h"
#include "desktop/models/visible_text.h"
#include "filter/parser.h"
#include "policy/approval_requests.h"

#include <algorithm>
#include <array>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using conversation::AnsweredBy;
using conversation::Verdict;

namespace {
constexpr qsizetype kMaxSummary = 200;
/// Each commit after an answer may be the one that brings it.
constexpr int kCommitsAfterAnswer = 5;
/// Pages without a match that are read before somebody has to ask for more.
constexpr int kMostEmptyPages = 10;
/// In the order of ApprovalHistory::Part. The words about rules are those that the reasons begin with.
constexpr std::array<std::string_view, 6> kParts = {
    "answered:person or answered:timeout or reason:\"rule that a person made\" or (verdict:hold reason:\"waited for a "
    "person\")",
    "answered:person verdict:continue",
    "answered:person verdict:replace",
    "answered:person verdict:block",
    "answered:timeout",
    "answered:policy reason:\"rule that a person made\"",
};

asked::State stateOf(const conversation::Decision& decision)
{
    if (decision.answeredBy == AnsweredBy::Timeout)
        return asked::State::Late;
    switch (decision.verdict) {
    case Verdict::Continue:
        return asked::State::Allowed;
    case Verdict::Replace:
        return asked::State::Edited;
    case Verdict::Block:
        return asked::State::Denied;
    case Verdict::Hold:
        break;
    }
    return asked::State::Withdrawn;
}

QString outcomeOf(const conversation::Decision& decision)
{
    const bool byRule = decision.answeredBy == AnsweredBy::Policy;
    switch (stateOf(decision)) {
    case asked::State::Allowed:
        return byRule ? ApprovalHistory::tr("Allowed by a rule") : ApprovalHistory::tr("Allowed");
    case asked::State::Edited:
        return ApprovalHistory::tr("Edited");
    case asked::State::Late:
        return ApprovalHistory::tr("No answer");
    case asked::State::Withdrawn:
        return ApprovalHistory::tr("Withdrawn");
    case asked::State::Denied:
    case asked::State::Waiting:
        break;
    }
    return byRule ? ApprovalHistory::tr("Denied by a rule") : ApprovalHistory::tr("Denied");
}
} // namespace

ApprovalHistory::ApprovalHistory(ApprovalHistorySource& source, const Clock& clock, QObject* parent)
    : QAbstractListModel(parent)
    , m_source(source)
    , m_clock(clock)
{
    connect(&source, &ApprovalHistorySource::loaded, this, [this](const auto& answers) { take(*answers); });
    setFilter({});
}

int ApprovalHistory::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant ApprovalHistory::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case TimeRole:
        return row.time;
    case ToolRole:
        return row.tool;
    case SummaryRole:
        return row.summary;
    case StateRole:
        return static_cast<int>(row.state);
    case OutcomeRole:
        return row.outcome;
    case ReasonRole:
        return row.reason;
    case PolicyRole:
        return row.policy;
    case CallIdRole:
        return row.callId;
    case SessionIdRole:
        return row.sessionId;
    case RuleIdRole:
        return row.ruleId;
    default:
        return {};
    }
}

QHash<int, QByteArray> ApprovalHistory::roleNames() const
{
    return {{TimeRole, "time"},           {ToolRole, "tool"},     {SummaryRole, "summary"}, {StateRole, "asked"},
            {OutcomeRole, "outcome"},     {ReasonRole, "reason"}, {PolicyRole, "policy"},   {CallIdRole, "callId"},
            {SessionIdRole, "sessionId"}, {RuleIdRole, "ruleId"}};
}

QString ApprovalHistory::sessionOf(int row) const
{
    return data(index(row), SessionIdRole).toString();
}

QString ApprovalHistory::callOf(int row) const
{
    return data(index(row), CallIdRole).toString();
}

void ApprovalHistory::setPart(Part part)
{
    if (part == m_part)
        return;
    m_part = part;
    setFilter(m_filter);
}

void ApprovalHistory::setFilter(const QString& filter)
{
    m_filter = filter;
    const std::string own = filter.trimmed().toStdString();
    // By itself first: what is wrong with it is told by its place in it.
    const auto read = filter::parseFilter(own);
    m_filterProblem = read ? QString() : visibleText(read.error().message);
    if (read) {
        const std::string part(kParts[static_cast<std::size_t>(m_part)]);
        auto both = filter::parseFilter("(" + part + ")" + (own.empty() ? "" : " (" + own + ")"));
        if (both)
            m_expression = *std::move(both);
        else
            m_filterProblem = visibleText(both.error().message);
        begin();
    }
    Q_EMIT changed();
}

void ApprovalHistory::setActive(bool active)
{
    if (active == m_isActive)
        return;
    m_isActive = active;
    begin();
    Q_EMIT changed();
}

void ApprovalHistory::begin()
{
    ++m_token;
    m_isLoading = false;
    if (!m_isActive)
        return;
    beginResetModel();
    m_rows.clear();
    endResetModel();
    m_next.reset();
    m_isBegun = false;
    request({});
}

void ApprovalHistory::request(std::optional<store::Cursor> from)
{
    m_isLoading = true;
    m_source.load({.token = m_token, .filter = m_expression, .now = m_clock.now(), .from = from});
}

void ApprovalHistory::loadMore()
{
    if (m_isLoading || !m_next || !m_isActive)
        return;
    m_pagesInARow = 0;
    request(m_next);
    Q_EMIT changed();
}

void ApprovalHistory::expectMore()
{
    m_commitsToLookAt = kCommitsAfterAnswer;
}

void ApprovalHistory::applyLive(const live::LiveBatch& batch)
{
    const bool isCommitted = std::ranges::any_of(
        batch.events, [](const live::Event& event) { return std::holds_alternative<live::Committed>(event); });
    if (!isCommitted || m_commitsToLookAt == 0 || !m_isActive || m_isLoading || !m_isBegun)
        return;
    --m_commitsToLookAt;
    request({});
}

void ApprovalHistory::take(const LoadedAnswers& answers)
{
    if (answers.request.token != m_token)
        return;
    m_isLoading = false;
    m_error = answers.error;
    std::vector<Row> rows;
    for (const store::DecisionRow& item : answers.items) {
        Row row = rowOf(item);
        const bool isKnown = !answers.request.from && m_isBegun && !m_rows.empty() && m_rows.front().id == row.id;
        if (isKnown)
            break;
        rows.push_back(std::move(row));
    }
    const bool isOnTop = !answers.request.from && m_isBegun;
    const bool isEmpty = rows.empty();
    insert(isOnTop ? 0 : count(), std::move(rows));
    if (!isOnTop && m_error.isEmpty()) {
        m_isBegun = true;
        m_next = answers.next;
        m_pagesInARow = isEmpty ? m_pagesInARow + 1 : 0;
        if (isEmpty && m_next && m_pagesInARow < kMostEmptyPages)
            request(m_next);
    }
    Q_EMIT changed();
}

void ApprovalHistory::insert(int row, std::vector<Row> rows)
{
    if (rows.empty())
        return;
    beginInsertRows({}, row, row + static_cast<int>(rows.size()) - 1);
    m_rows.insert(m_rows.begin() + row, std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
    endInsertRows();
}

ApprovalHistory::Row ApprovalHistory::rowOf(const store::DecisionRow& item) const
{
    const conversation::Decision& decision = item.decision;
    const std::string told = tellingArgument(decision.original);
    const CallId rule = policy::answeringRule(decision.reason);
    return {.id = decision.id,
            .state = stateOf(decision),
            .time = agoText(decision.at, m_clock.now()),
            .tool = visibleText(decision.tool),
            .summary = visibleText(told.substr(0, 4 * kMaxSummary)).simplified().left(kMaxSummary),
            .outcome = outcomeOf(decision),
            .reason = visibleText(decision.reason),
            .policy = policyText(m_policyName, decision.policyId),
            .callId = fromUtf8(decision.call.toString()),
            .sessionId = fromUtf8(item.session),
            .ruleId = rule.isNil() ? QString() : fromUtf8(rule.toString())};
}

} // namespace luthien::desktop
