// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/builtin.h"

#include "policy/builtin/all_caps.h"
#include "policy/builtin/destructive_sql.h"
#include "policy/builtin/javascript.h"
#include "policy/builtin/noop.h"
#include "policy/builtin/tool_rules.h"

#include <array>

namespace luthien::policy::builtin {

Registry registry() noexcept
{
    static const std::array<PolicyType, 5> kTypes{kDestructiveSql, kToolRules, kJavascript, kAllCaps, kNoop};
    return kTypes;
}

} // namespace luthien::policy::builtin
