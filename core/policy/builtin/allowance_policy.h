// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/object_reader.h"
#include "policy/policy.h"
#include "policy/spending_book.h"

#include <memory>
#include <string>

namespace luthien::policy::builtin {

/// "session", "client" or "all" of a config; all if there is no such member.
[[nodiscard]] SpentBy readSpentBy(ObjectReader& reader);

/// A policy that stops requests once an allowance is used up. span = how its reasons name the window: "in 1m".
[[nodiscard]] std::shared_ptr<const Policy> makeAllowancePolicy(Allowance allowance, std::string span,
                                                                SpendingBook& book);

/// One sentence: what is used, what is allowed, and when it frees.
[[nodiscard]] std::string overdraftText(const Overdraft& overdraft, SpentBy by, std::string_view span);

} // namespace luthien::policy::builtin
