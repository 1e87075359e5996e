// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/rule_trial.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

#include <QLocale>

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
constexpr std::size_t kLines = 3;
constexpr qsizetype kMaxArguments = 80;
} // namespace

RuleTrial::RuleTrial(const Clock& clock, TryRule tryRule, QObject* parent)
    : QObject(parent)
    , m_clock(clock)
    , m_tryRule(std::move(tryRule))
{
    m_pool.setMaxThreadCount(1);
}

RuleTrial::~RuleTrial()
{
    m_stop.request_stop();
    m_pool.waitForDone();
}

void RuleTrial::stop(const QString& text)
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    ++m_lookups;
    m_text = text;
    Q_EMIT changed();
}

void RuleTrial::look(const policy::ApprovalRule& rule)
{
    stop(tr("Looking at what was recorded…"));
    m_pool.start([this, rule, token = m_stop.get_token(), lookup = m_lookups] {
        const auto deliver = [this, seen = m_tryRule(rule, token), lookup] {
            if (lookup == m_lookups)
                take(seen);
        };
        QMetaObject::invokeMethod(this, deliver, Qt::QueuedConnection);
    });
}

void RuleTrial::take(const Result<archive::RulePreview>& seen)
{
    if (!seen) {
        m_text = tr("No preview: %1").arg(visibleText(seen.error().message));
        Q_EMIT changed();
        return;
    }
    const QLocale locale;
    const QString matched = locale.toString(static_cast<qulonglong>(seen->matched));
    const QString all = locale.toString(static_cast<qulonglong>(seen->toolCalls));
    const auto days = std::chrono::round<std::chrono::days>(m_clock.now() - seen->since).count();
    m_text = tr("Would have matched %1 of %2 tool calls in the last %3 days").arg(matched, all).arg(days);
    if (seen->sessions > 1)
        m_text += tr(", in %1 sessions").arg(locale.toString(static_cast<qulonglong>(seen->sessions)));
    if (!seen->isWhole)
        m_text += tr("; there were more than could be looked at");
    m_text += seen->newest.empty() ? u"."_s : tr(". Newest:");
    for (std::size_t i = 0; i < std::min(kLines, seen->newest.size()); ++i)
        m_text += u'\n' + lineOf(seen->newest[i]);
    Q_EMIT changed();
}

QString RuleTrial::lineOf(const archive::RuleMatch& match) const
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
