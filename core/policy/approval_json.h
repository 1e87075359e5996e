// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "policy/approval.h"

#include <optional>
#include <string>
#include <string_view>

namespace luthien::policy {

/// One item of GET /approvals. Arguments that are JSON stand there as the model wrote them, free text as a string.
[[nodiscard]] std::string toJson(const Approval& approval);
/// The body of POST /approvals/{id}: {answer: allow|edit|deny, arguments, message, scope:
/// call|tool|pattern|session|agent, for: once|30s|5m|15m|1h|12h|restart|always, pattern: {pointer, glob|re2}}. Only
/// answer is needed. Arguments are an object, or a text with exactly what the tool is to get. Errors: InvalidInput,
/// context = the member.
[[nodiscard]] Result<ApprovalAnswer> approvalAnswerFromJson(std::string_view body);

/// What POST /approvals/{id}/preview asks: how far which answer would have reached.
struct PreviewQuestion
{
    ApprovalAnswer answer; ///< one that makes a rule
    std::optional<TimePoint> since;

    bool operator==(const PreviewQuestion&) const = default;
};
/// Its body: {scope, pattern: {pointer, glob|re2}, since}. Only scope is needed. Errors: InvalidInput, context = the
/// member.
[[nodiscard]] Result<PreviewQuestion> previewQuestionFromJson(std::string_view body);

/// What is kept of a rule, and shown of it.
[[nodiscard]] std::string toJson(const ApprovalRule& rule);
/// Reads what toJson writes. Errors: InvalidInput, context = the member.
[[nodiscard]] Result<ApprovalRule> approvalRuleFromJson(std::string_view text);

} // namespace luthien::policy
