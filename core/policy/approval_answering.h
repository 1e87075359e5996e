// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/approval_rules.h"

namespace luthien::policy {

/// Whether this may be said to the question. Errors: InvalidInput, context = the member that will not do.
[[nodiscard]] Result<void> checkAnswer(const ApprovalAnswer& answer, const ApprovalQuestion& question);

/// The rule that the answer makes, without an id. Errors: InvalidInput: it makes none, or none that applies to the call
/// it is given for.
[[nodiscard]] Result<ApprovalRule> ruleOf(const ApprovalAnswer& answer, const Approval& approval,
                                          const RuledArguments& arguments, TimePoint now);

} // namespace luthien::policy
