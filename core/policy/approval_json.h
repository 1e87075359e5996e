// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "policy/approval.h"

#include <string>
#include <string_view>

namespace luthien::policy {

/// One item of GET /approvals. Arguments that are JSON stand there as the model wrote them, free text as a string.
[[nodiscard]] std::string toJson(const Approval& approval);
/// The body of POST /approvals/{id}. Errors: InvalidInput, context = the member.
[[nodiscard]] Result<ApprovalAnswer> approvalAnswerFromJson(std::string_view body);

/// What is kept of a rule, and shown of it.
[[nodiscard]] std::string toJson(const ApprovalRule& rule);
/// Reads what toJson writes. Errors: InvalidInput, context = the member.
[[nodiscard]] Result<ApprovalRule> approvalRuleFromJson(std::string_view text);

} // namespace luthien::policy
