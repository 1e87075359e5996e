// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/answer_reach.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

#include <QLocale>

#include <algorithm>
#include <array>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using policy::ApprovalDuration;
using policy::ApprovalScope;

namespace {
/// In the order they are offered, from the narrowest.
constexpr std::array kScopes = {ApprovalScope::Call, ApprovalScope::Pattern, ApprovalScope::Tool,
                                ApprovalScope::Session, ApprovalScope::Agent};
constexpr std::array kDurations = {ApprovalDuration::Minutes5, ApprovalDuration::Minutes15, ApprovalDuration::Hour1,
                                   ApprovalDuration::Hours12,  ApprovalDuration::Restart,   ApprovalDuration::Always};
constexpr int kUsualDuration = 1;
constexpr std::size_t kLines = 3;
constexpr qsizetype kMaxArguments = 80;

bool isPlace(int index, std::size_t count)
{
    return index >= 0 && static_cast<std::size_t>(index) < count;
}
} // namespace

AnswerReach::AnswerReach(policy::ApprovalDesk& desk, const Clock& clock, TryRule tryRule, QObject* parent)
    : QObject(parent)
    , m_desk(desk)
    , m_clock(clock)
    , m_tryRule(std::move(tryRule))
    , m_duration(kUsualDuration)
{
    m_pool.setMaxThreadCount(1);
}

AnswerReach::~AnswerReach()
{
    m_stop.request_stop();
    m_pool.waitForDone();
}

void AnswerReach::follow(const std::optional<policy::Approval>& question)
{
    if (question && m_question && question->id == m_question->id)
        return;
    m_question = question;
    m_scope = 0;
    m_duration = kUsualDuration;
    look();
}

policy::ApprovalAnswer AnswerReach::applied(policy::ApprovalAnswer answer) const
{
    if (!isWide())
        return answer;
    answer.scope = kScopes[static_cast<std::size_t>(m_scope)];
    answer.duration = kDurations[static_cast<std::size_t>(m_duration)];
    return answer;
}

QStringList AnswerReach::scopes() const
{
    return {tr("Only this call"), tr("Calls like it"), tr("This tool"), tr("This session"), tr("This agent")};
}

QStringList AnswerReach::durations() const
{
    return {tr("5 min"), tr("15 min"), tr("1 h"), tr("12 h"), tr("Until restart"), tr("Always")};
}

void AnswerReach::setScope(int scope)
{
    if (scope == m_scope || !isPlace(scope, kScopes.size()))
        return;
    m_scope = scope;
    look();
}

void AnswerReach::setDuration(int duration)
{
    if (duration == m_duration || !isPlace(duration, kDurations.size()))
        return;
    m_duration = duration;
    Q_EMIT changed();
}

QString AnswerReach::meaning() const
{
    if (!m_question || !isWide())
        return {};
    const policy::ApprovalQuestion& question = m_question->question;
    const QString tool = visibleText(question.tool);
    switch (kScopes[static_cast<std::size_t>(m_scope)]) {
    case ApprovalScope::Pattern:
        return m_question->suggestions.empty()
                   ? tr("There is no pattern to suggest for this call.")
                   : tr("%1: %2").arg(tool, visibleText(m_question->suggestions.front().title));
    case ApprovalScope::Tool:
        return tr("Every call of %1 that this policy asks about for the same reason, whoever calls it").arg(tool);
    case ApprovalScope::Session:
        return tr("Whatever this policy asks for the same reason in this session");
    case ApprovalScope::Agent:
        return tr("Whatever this policy asks for the same reason about this agent of the session");
    case ApprovalScope::Call:
        break;
    }
    return {};
}

void AnswerReach::look()
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    ++m_lookups;
    m_preview.clear();
    if (m_question && isWide()) {
        const auto rule = m_desk.draftRule(m_question->id, applied({.verb = policy::ApprovalVerb::Allow}));
        m_preview =
            rule ? tr("Looking at what was recorded…") : tr("No preview: %1").arg(visibleText(rule.error().message));
        if (rule)
            begin(*rule);
    }
    Q_EMIT changed();
}

void AnswerReach::begin(const policy::ApprovalRule& rule)
{
    m_pool.start([this, rule, stop = m_stop.get_token(), lookup = m_lookups] {
        const auto deliver = [this, seen = m_tryRule(rule, stop), lookup] {
            if (lookup == m_lookups)
                take(seen);
        };
        QMetaObject::invokeMethod(this, deliver, Qt::QueuedConnection);
    });
}

void AnswerReach::take(const Result<archive::RulePreview>& seen)
{
    if (!seen) {
        m_preview = tr("No preview: %1").arg(visibleText(seen.error().message));
        Q_EMIT changed();
        return;
    }
    const QLocale locale;
    const QString matched = locale.toString(static_cast<qulonglong>(seen->matched));
    const QString all = locale.toString(static_cast<qulonglong>(seen->toolCalls));
    const auto days = std::chrono::round<std::chrono::days>(m_clock.now() - seen->since).count();
    m_preview = tr("Would have matched %1 of %2 tool calls in the last %3 days").arg(matched, all).arg(days);
    if (seen->sessions > 1)
        m_preview += tr(", in %1 sessions").arg(locale.toString(static_cast<qulonglong>(seen->sessions)));
    if (!seen->isWhole)
        m_preview += tr("; there were more than could be looked at");
    m_preview += seen->newest.empty() ? u"."_s : tr(". Newest:");
    for (std::size_t i = 0; i < std::min(kLines, seen->newest.size()); ++i)
        m_preview += u'\n' + lineOf(seen->newest[i]);
    Q_EMIT changed();
}

QString AnswerReach::lineOf(const archive::RuleMatch& match) const
{
    QString arguments = visibleText(match.arguments).simplified();
    if (match.isCut || arguments.size() > kMaxArguments)
        arguments = arguments.left(kMaxArguments) + u'…';
    const QString fate = match.verdict == conversation::Verdict::Block     ? tr("blocked")
                         : match.verdict == conversation::Verdict::Replace ? tr("changed")
                         : match.verdict == conversation::Verdict::Hold    ? tr("was held, withdrawn")
                                                                           : tr("went on");
    return tr("%1  %2 %3  %4").arg(agoText(match.at, m_clock.now()), visibleText(match.tool), arguments, fate);
}

} // namespace luthien::desktop
