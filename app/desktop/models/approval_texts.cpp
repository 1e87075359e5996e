// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/approval_texts.h"

#include "desktop/models/exposed_text.h"
#include "desktop/models/visible_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using conversation::AnsweredBy;
using policy::ApprovalRule;
using policy::ApprovalScope;
using policy::ApprovalVerb;
using policy::ArgumentPattern;

namespace {
constexpr qsizetype kMaxIdEnd = 12;
constexpr qsizetype kMaxModel = 48;
/// A rule is told whole up to this; beyond, its length says that there is more.
constexpr qsizetype kMaxValue = 2000;

QString tr(const char* text)
{
    return QCoreApplication::translate("Approvals", text);
}

QString ending(const QString& text, qsizetype most)
{
    return text.size() > most ? u'\u2026' + text.right(most) : text;
}

/// In quotes and in one line; nothing of it is hidden, or pushes the rest out of view.
QString quoted(std::string_view value)
{
    TextExposer exposer;
    exposer.addText(QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size())));
    const QString text = exposer.take().text.remove(u'\n');
    if (text.size() <= kMaxValue)
        return u'\u201c' + text + u'\u201d';
    return tr("\u201c%1\u2026\u201d (%2 characters in all)").arg(text.left(kMaxValue), QLocale().toString(text.size()));
}

/// "/command" is called command, as long as that is its name and no path.
QString argumentName(const std::string& pointer)
{
    const QString text = visibleText(pointer);
    return text.size() > 1 && text.lastIndexOf(u'/') == 0 && !text.contains(u'~') ? text.sliced(1) : text;
}

QString patternText(const std::string& tool, const ArgumentPattern& pattern)
{
    const QString name = pattern.pointer && !pattern.pointer->empty() ? argumentName(*pattern.pointer)
                                                                      : tr("the whole of the arguments");
    const QString value = quoted(pattern.text);
    const QString what = visibleText(tool);
    if (pattern.kind == ArgumentPattern::Kind::Re2)
        return pattern.title.empty() ? tr("calls of %1 where the expression %2 is found in %3").arg(what, value, name)
                                     : tr("calls of %1 where %2 fits: %3 (expression %4)")
                                           .arg(what, name, visibleText(pattern.title), value);
    if (pattern.text.find_first_of("*?") == std::string::npos)
        return tr("calls of %1 where %2 is exactly %3").arg(what, name, value);
    return tr("calls of %1 where %2 is like %3 (* stands for anything)").arg(what, name, value);
}
} // namespace

asked::State stateOf(const policy::Approval& approval)
{
    if (approval.isWithdrawn)
        return asked::State::Withdrawn;
    if (!approval.outcome)
        return asked::State::Waiting;
    if (approval.outcome->answeredBy == AnsweredBy::Timeout)
        return asked::State::Late;
    switch (approval.outcome->verb) {
    case ApprovalVerb::Allow:
        return asked::State::Allowed;
    case ApprovalVerb::Edit:
        return asked::State::Edited;
    case ApprovalVerb::Deny:
        break;
    }
    return asked::State::Denied;
}

QString outcomeText(const policy::Approval& approval)
{
    const bool byRule = approval.outcome && approval.outcome->answeredBy == AnsweredBy::Policy;
    switch (stateOf(approval)) {
    case asked::State::Waiting:
        return {};
    case asked::State::Allowed:
        return byRule ? tr("Allowed by a rule") : tr("Allowed");
    case asked::State::Edited:
        return tr("Allowed with other arguments");
    case asked::State::Denied:
        return byRule ? tr("Denied by a rule") : tr("Denied");
    case asked::State::Late:
        return approval.outcome->isAtTheEnd ? tr("Denied: the program ended") : tr("Denied: nobody answered in time");
    case asked::State::Withdrawn:
        break;
    }
    return tr("Withdrawn: the client has gone");
}

QString idEnd(std::string_view id)
{
    return ending(visibleText(id), kMaxIdEnd);
}

QString originText(const policy::ApprovalQuestion& question)
{
    QStringList parts;
    if (!question.client.empty())
        parts += visibleText(question.client);
    if (!question.agent.empty())
        parts += tr("sub-agent %1").arg(idEnd(question.agent));
    if (!question.session.empty())
        parts += tr("session %1").arg(idEnd(question.session));
    if (!question.model.empty())
        parts += ending(visibleText(question.model), kMaxModel);
    return parts.join(u", "_s);
}

QString reachText(const ApprovalRule& rule)
{
    const QString tool = visibleText(rule.tool);
    const QString session = rule.session.empty() ? tr("no session") : tr("session %1").arg(visibleText(rule.session));
    const QString agent =
        rule.agent.empty() ? tr("its main agent") : tr("its sub-agent %1").arg(visibleText(rule.agent));
    switch (rule.scope) {
    case ApprovalScope::Call:
        return tr("calls of %1 with exactly these arguments, in %2 by %3: %4")
            .arg(tool, session, agent, quoted(rule.arguments));
    case ApprovalScope::Tool:
        return tr("every call of %1, whoever makes it").arg(tool);
    case ApprovalScope::Pattern:
        return rule.pattern ? patternText(rule.tool, *rule.pattern) : QString();
    case ApprovalScope::Session:
        return tr("every call of any tool in %1").arg(session);
    case ApprovalScope::Agent:
        break;
    }
    return tr("every call of any tool in %1 by %2").arg(session, agent);
}

QString ruleText(const ApprovalRule& rule)
{
    return rule.isAllowed ? tr("Allows %1").arg(reachText(rule)) : tr("Denies %1").arg(reachText(rule));
}

QString ruleEndText(const ApprovalRule& rule, TimePoint now)
{
    if (rule.endsWithProgram)
        return tr("until the program ends");
    if (!rule.until)
        return tr("always");
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*rule.until - now).count();
    if (seconds <= 0)
        return tr("over");
    if (seconds < 120)
        return tr("%1 s left").arg(seconds);
    if (seconds < 7200)
        return tr("%1 min left").arg(seconds / 60);
    return tr("%1 h %2 min left").arg(seconds / 3600).arg(seconds % 3600 / 60);
}

} // namespace luthien::desktop
