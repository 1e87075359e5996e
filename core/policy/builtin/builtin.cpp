// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/builtin.h"

#include "policy/builtin/all_caps.h"
#include "policy/builtin/approval.h"
#include "policy/builtin/budget.h"
#include "policy/builtin/debug_log.h"
#include "policy/builtin/destructive_sql.h"
#include "policy/builtin/javascript.h"
#include "policy/builtin/llm_judge.h"
#include "policy/builtin/llm_rewrite.h"
#include "policy/builtin/noop.h"
#include "policy/builtin/rate_limit.h"
#include "policy/builtin/replace_text.h"
#include "policy/builtin/tool_rules.h"

#include <array>

namespace luthien::policy::builtin {

Registry registry() noexcept
{
    static const std::array<PolicyType, 12> kTypes{kDestructiveSql, kToolRules,  kApproval,   kLlmJudge,
                                                   kReplaceText,    kLlmRewrite, kJavascript, kRateLimit,
                                                   kBudget,         kDebugLog,   kAllCaps,    kNoop};
    return kTypes;
}

bool countsCalls(std::string_view type) noexcept
{
    return type == kRateLimit.name || type == kBudget.name;
}

} // namespace luthien::policy::builtin
