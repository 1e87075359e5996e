// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/asked_call.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/readable_arguments.h"
#include "desktop/models/visible_text.h"
#include "policy/approval_rules.h"
#include "policy/argument_value.h"

#include <QLocale>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
constexpr std::size_t kMostFound = 12;
constexpr std::size_t kMaxFoundBytes = 300;

/// What was matched of the arguments, one line for each.
QStringList foundIn(const policy::ApprovalQuestion& question)
{
    const auto arguments = policy::RuledArguments::read(question.arguments, question.isFreeText);
    if (!arguments)
        return {};
    QStringList lines;
    const policy::RuledCall call = policy::ruledCall(question, *arguments);
    for (const conversation::Match& match : question.matched) {
        std::string scratch;
        const auto value = policy::argumentValue(call.arguments, call.text, match.pointer, scratch);
        if (!value || match.start >= match.end || match.end > value->text.size() || lines.size() == kMostFound)
            continue;
        const std::string_view part = value->text.substr(match.start, match.end - match.start);
        const QString name = visibleText(match.pointer.starts_with('/') ? match.pointer.substr(1) : match.pointer);
        const QString text =
            visibleText(part.substr(0, kMaxFoundBytes)) + (part.size() > kMaxFoundBytes ? u"\u2026"_s : u""_s);
        lines += name.isEmpty() ? text : name + u": "_s + text;
    }
    return lines;
}
} // namespace

void AskedCall::show(const std::optional<policy::Approval>& approval)
{
    const bool isSame = approval.has_value() == m_approval.has_value() && (!approval || approval->id == m_approval->id);
    m_approval = approval;
    if (!isSame) {
        read();
        Q_EMIT changed();
    }
    Q_EMIT stood();
}

void AskedCall::read()
{
    const policy::ApprovalQuestion question = m_approval ? m_approval->question : policy::ApprovalQuestion();
    m_readable = readableArguments(question.arguments, question.isFreeText);
    m_written = writtenArguments(question.arguments);
    m_tool = visibleText(question.tool);
    m_length = tr("%1 characters").arg(QLocale().toString(fromUtf8(question.arguments).size()));
    m_policy = visibleText(question.policyName.empty() ? question.policyId : question.policyName);
    m_reason = visibleText(question.reason);
    m_origin = originText(question);
    m_userText = visibleText(question.lastUserText);
    m_found = foundIn(question);
}

QString AskedCall::id() const
{
    return m_approval ? fromUtf8(m_approval->id.toString()) : QString();
}

QString AskedCall::callId() const
{
    return m_approval ? fromUtf8(m_approval->question.call.toString()) : QString();
}

QString AskedCall::sessionId() const
{
    return m_approval ? fromUtf8(m_approval->question.session) : QString();
}

asked::State AskedCall::state() const
{
    return m_approval ? stateOf(*m_approval) : asked::State::Withdrawn;
}

QString AskedCall::outcome() const
{
    return m_approval ? outcomeText(*m_approval) : QString();
}

} // namespace luthien::desktop
