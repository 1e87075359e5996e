// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "policy/approval.h"

#include <boost/json/value.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::policy {

/// A tool call as rules see it: one that is asked about, or one of the past.
struct RuledCall
{
    std::string_view tool;
    const boost::json::value* arguments = nullptr; ///< null = free text
    std::string_view text;                         ///< the arguments as compact JSON, or the free text
    std::string_view session;
    std::string_view agent;
};

/// The arguments of a call that is asked about, read for RuledCall.
struct RuledArguments
{
    boost::json::value value; ///< null = free text
    std::string text;         ///< see RuledCall
    bool isFreeText = false;

    /// Errors: InvalidInput: no strict JSON, or no UTF-8.
    [[nodiscard]] static Result<RuledArguments> read(std::string_view arguments, bool isFreeText);
};

/// Views of both.
[[nodiscard]] RuledCall ruledCall(const ApprovalQuestion& question, const RuledArguments& arguments);

/// Tells whether a rule applies to a call, but for its policy and its time. Pure; holds everything it needs.
/// Thread: any.
using RulePredicate = std::function<bool(const RuledCall&)>;

/// Errors: InvalidInput, context = "pattern" or a member of it: the pattern cannot be used.
[[nodiscard]] Result<RulePredicate> predicateOf(const ApprovalRule& rule);

/// What people have allowed and denied for longer than once, ready to be applied: a question looks only at rules of
/// its own policy that are about its tool or its session. Copies share the rules. Thread: one at a time.
class ApprovalRules
{
public:
    /// A tool with more patterns than these is asked about each time.
    static constexpr std::size_t kMaxPatternsPerTool = 200;

    /// Errors: as predicateOf; Conflict if a rule has this id; TooLarge if the tool has too many patterns.
    [[nodiscard]] Result<void> add(ApprovalRule rule);
    /// False if there is no such rule.
    bool remove(const CallId& id);
    /// Takes out what no longer counts, and returns it.
    std::vector<ApprovalRule> removeExpired(TimePoint now);

    /// The rule that answers what the policy asks by this rule of it, or null. A denial counts before any permission;
    /// among equals the newest counts.
    [[nodiscard]] const ApprovalRule* find(std::string_view policyId, std::string_view rule, const RuledCall& call,
                                           TimePoint now) const;
    /// Oldest first.
    [[nodiscard]] std::vector<ApprovalRule> list() const;
    [[nodiscard]] std::size_t size() const noexcept { return m_rules.size(); }

private:
    struct Entry
    {
        ApprovalRule rule;
        RulePredicate applies;
    };
    using Bucket = std::vector<std::shared_ptr<const Entry>>;

    std::map<CallId, std::shared_ptr<const Entry>> m_rules;
    std::map<std::string, Bucket, std::less<>> m_buckets; ///< by policy, rule, and tool or session
};

} // namespace luthien::policy
