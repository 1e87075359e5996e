// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "policy/approval.h"

#include <boost/json/value.hpp>

#include <functional>
#include <string_view>

namespace luthien::policy {

/// A tool call as rules see it: one that is asked about, or one of the past.
struct RuledCall
{
    std::string_view tool;
    const boost::json::value* arguments = nullptr; ///< null = free text
    std::string_view text;                         ///< the free text
    std::string_view session;
    std::string_view agent;
};

/// Tells whether a rule applies to a call, but for its policy and its time. Pure; holds everything it needs.
/// Thread: any.
using RulePredicate = std::function<bool(const RuledCall&)>;

/// Errors: InvalidInput, context = "pattern...": the pattern cannot be used.
[[nodiscard]] Result<RulePredicate> predicateOf(const ApprovalRule& rule);

} // namespace luthien::policy
