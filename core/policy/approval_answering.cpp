// SPDX-License-Identifier: Apache-2.0
#include "policy/approval_answering.h"

#include "policy/approval_desk.h"
#include "policy/tool_schema.h"

#include <QUtf8StringView>

#include <utility>

namespace luthien::policy {

namespace {

Error invalid(std::string message, std::string context)
{
    return {ErrorCode::InvalidInput, std::move(message), std::move(context)};
}

bool isUtf8(std::string_view text)
{
    return QUtf8StringView(text.data(), static_cast<qsizetype>(text.size())).isValidUtf8();
}

std::optional<std::chrono::seconds> lengthOf(ApprovalDuration duration)
{
    switch (duration) {
    case ApprovalDuration::Seconds30:
        return std::chrono::seconds(30);
    case ApprovalDuration::Minutes5:
        return std::chrono::minutes(5);
    case ApprovalDuration::Minutes15:
        return std::chrono::minutes(15);
    case ApprovalDuration::Hour1:
        return std::chrono::hours(1);
    case ApprovalDuration::Hours12:
        return std::chrono::hours(12);
    case ApprovalDuration::Once:
    case ApprovalDuration::Restart:
    case ApprovalDuration::Always:
        break;
    }
    return std::nullopt;
}

} // namespace

Result<void> checkAnswer(const ApprovalAnswer& answer, const ApprovalQuestion& question)
{
    const bool isEdit = answer.verb == ApprovalVerb::Edit;
    if (!isEdit && !answer.arguments.empty())
        return invalid("Only an edit has arguments.", "arguments");
    if (answer.verb != ApprovalVerb::Deny && !answer.message.empty())
        return invalid("Only a denial has a message.", "message");
    if (answer.message.size() > ApprovalDesk::kMaxMessageBytes || !isUtf8(answer.message))
        return invalid("This is longer than 2048 bytes, or no UTF-8.", "message");
    if (answer.pattern && answer.scope != ApprovalScope::Pattern)
        return invalid("Only the scope pattern has a pattern.", "pattern");
    if (!isEdit)
        return {};
    if (answer.duration != ApprovalDuration::Once)
        return invalid("Other arguments can be given once only.", "for");
    if (answer.arguments.size() > ApprovalDesk::kMaxArgumentBytes)
        return invalid("These are too long.", "arguments");
    const Result<RuledArguments> read = RuledArguments::read(answer.arguments, question.isFreeText);
    if (!read || (!question.isFreeText && !read->value.is_object()))
        return invalid(question.isFreeText ? "This must be UTF-8." : "This must be one JSON object, without repeats.",
                       "arguments");
    if (question.isFreeText)
        return {};
    const Result<void> fits = checkAgainstSchema(read->value, question.toolSchema);
    return fits ? fits
                : invalid("The tool cannot be called with these: " + fits.error().message +
                              (fits.error().context.empty() ? "" : " at " + fits.error().context),
                          "arguments");
}

Result<ApprovalRule> ruleOf(const ApprovalAnswer& answer, const Approval& approval, const RuledArguments& arguments,
                            TimePoint now)
{
    if (answer.duration == ApprovalDuration::Once)
        return invalid("An answer for once makes no rule.", "for");
    const ApprovalQuestion& question = approval.question;
    ApprovalRule rule{.isAllowed = answer.verb == ApprovalVerb::Allow,
                      .policyId = question.policyId,
                      .rule = question.rule,
                      .scope = answer.scope,
                      .message = answer.message,
                      .madeAtCall = question.call,
                      .madeInSession = question.session,
                      .at = now,
                      .endsWithProgram = answer.duration == ApprovalDuration::Restart};
    if (const auto length = lengthOf(answer.duration))
        rule.until = now + *length;
    const bool isCall = answer.scope == ApprovalScope::Call;
    if (isCall || answer.scope == ApprovalScope::Tool || answer.scope == ApprovalScope::Pattern)
        rule.tool = question.tool;
    if (isCall)
        rule.arguments = arguments.text;
    if (isCall || answer.scope == ApprovalScope::Session || answer.scope == ApprovalScope::Agent)
        rule.session = question.session;
    if (isCall || answer.scope == ApprovalScope::Agent)
        rule.agent = question.agent;
    if (answer.scope == ApprovalScope::Pattern) {
        if (!answer.pattern && approval.suggestions.empty())
            return invalid("There is no pattern to suggest here; write one.", "pattern");
        rule.pattern = answer.pattern ? *answer.pattern : approval.suggestions.front();
    }
    const Result<RulePredicate> applies = predicateOf(rule);
    if (!applies)
        return applies.error();
    if (!(*applies)(ruledCall(question, arguments)))
        return invalid("The pattern does not match the call that is asked about.", "pattern");
    return rule;
}

} // namespace luthien::policy
