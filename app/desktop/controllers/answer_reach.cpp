// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/answer_reach.h"

#include "desktop/models/approval_texts.h"
#include "desktop/models/visible_text.h"

#include <array>

namespace luthien::desktop {

using policy::ApprovalDuration;
using policy::ApprovalScope;

namespace {
/// In the order they are offered, from the narrowest.
constexpr std::array kScopes = {ApprovalScope::Call, ApprovalScope::Pattern, ApprovalScope::Tool,
                                ApprovalScope::Session, ApprovalScope::Agent};
constexpr std::array kDurations = {ApprovalDuration::Once,      ApprovalDuration::Seconds30, ApprovalDuration::Minutes5,
                                   ApprovalDuration::Minutes15, ApprovalDuration::Hour1,     ApprovalDuration::Hours12,
                                   ApprovalDuration::Restart,   ApprovalDuration::Always};

bool isPlace(int index, std::size_t count)
{
    return index >= 0 && static_cast<std::size_t>(index) < count;
}
} // namespace

AnswerReach::AnswerReach(policy::ApprovalDesk& desk, const Clock& clock, TryRule tryRule, QObject* parent)
    : QObject(parent)
    , m_desk(desk)
    , m_trial(clock, std::move(tryRule))
{
    connect(&m_trial, &RuleTrial::changed, this, &AnswerReach::changed);
}

void AnswerReach::follow(const std::optional<policy::Approval>& question)
{
    if (question && m_question && question->id == m_question->id)
        return;
    m_question = question;
    m_duration = m_scope = m_pattern = 0;
    look();
}

policy::ApprovalAnswer AnswerReach::applied(policy::ApprovalAnswer answer) const
{
    if (!isWide())
        return answer;
    answer.duration = kDurations[static_cast<std::size_t>(m_duration)];
    answer.scope = kScopes[static_cast<std::size_t>(m_scope)];
    // The very pattern that was shown, not whatever would be suggested first by then.
    if (answer.scope == ApprovalScope::Pattern && m_question && isPlace(m_pattern, m_question->suggestions.size()))
        answer.pattern = m_question->suggestions[static_cast<std::size_t>(m_pattern)];
    return answer;
}

QStringList AnswerReach::durations() const
{
    return {tr("Once"), tr("30 s"), tr("5 min"),         tr("15 min"),
            tr("1 h"),  tr("12 h"), tr("Until restart"), tr("Always")};
}

QStringList AnswerReach::scopes() const
{
    return {tr("This very call"), tr("Calls like it"), tr("This tool"), tr("This session"), tr("This agent")};
}

QStringList AnswerReach::patterns() const
{
    QStringList titles;
    if (m_question && isWide() && kScopes[static_cast<std::size_t>(m_scope)] == ApprovalScope::Pattern)
        for (const policy::ArgumentPattern& pattern : m_question->suggestions)
            titles += visibleText(pattern.title);
    return titles;
}

void AnswerReach::setDuration(int duration)
{
    if (duration == m_duration || !isPlace(duration, kDurations.size()))
        return;
    const bool wasWide = isWide();
    m_duration = duration;
    if (wasWide && isWide())
        Q_EMIT changed();
    else
        look();
}

void AnswerReach::setScope(int scope)
{
    if (scope == m_scope || !isPlace(scope, kScopes.size()))
        return;
    m_scope = scope;
    look();
}

void AnswerReach::setPattern(int pattern)
{
    if (pattern == m_pattern || !m_question || !isPlace(pattern, m_question->suggestions.size()))
        return;
    m_pattern = pattern;
    look();
}

void AnswerReach::look()
{
    m_meaning.clear();
    if (!m_question || !isWide())
        return m_trial.stop();
    const auto rule = m_desk.draftRule(m_question->id, applied({.verb = policy::ApprovalVerb::Allow}));
    if (!rule)
        return m_trial.stop(tr("No rule can be made: %1").arg(visibleText(rule.error().message)));
    m_meaning = tr("It counts for %1; of these, for what this policy asks for the same reason.").arg(reachText(*rule));
    m_trial.look(*rule);
}

} // namespace luthien::desktop
