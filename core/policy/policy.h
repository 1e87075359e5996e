// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "conversation/decision.h"
#include "conversation/reply_review.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::policy {

/// What a policy wants to see of a reply.
struct Interests
{
    bool toolCalls = false;
    bool text = false;
};

/// A tool call with its arguments read once, strictly, for all policies.
struct JudgedCall
{
    const conversation::ToolCall& call;
    const boost::json::value* arguments = nullptr; ///< null = free text: call.arguments is all there is, valid UTF-8
};

/// What a policy says about a tool call.
struct ToolVerdict
{
    bool isBlocked = false;
    std::string reason; ///< one sentence for the operator, if blocked
    std::vector<conversation::Match> matched;
    std::optional<double> score;
};

/// One policy at work on one call. Thread: the call's worker.
class PolicyCall
{
public:
    virtual ~PolicyCall() = default;

    /// Errors: the policy cannot say; on_error decides.
    [[nodiscard]] virtual Result<ToolVerdict> toolCall(const JudgedCall&) { return ToolVerdict{}; }
    /// As conversation::ReplyReview: choice, block, the part, what may leave.
    virtual void text(std::uint32_t, std::uint32_t, std::string_view part, std::string& out) { out += part; }
    virtual void textEnd(std::uint32_t, std::uint32_t, std::string&) {}
};

/// One configured policy: immutable, shared by all calls. Thread: any.
class Policy
{
public:
    virtual ~Policy() = default;
    [[nodiscard]] virtual Interests interests() const noexcept = 0;
    /// The policy outlives what it opens.
    [[nodiscard]] virtual std::unique_ptr<PolicyCall> open() const = 0;
};

/// A kind of policy that can be configured.
struct PolicyType
{
    std::string_view name;    ///< "destructive-sql"
    std::string_view title;   ///< for people
    std::string_view summary; ///< one sentence
    std::string_view schema;  ///< JSON Schema (2020-12) of its config; draws the editor form
    /// Errors: InvalidInput, context = the field.
    Result<std::shared_ptr<const Policy>> (*make)(const boost::json::object& config);
};

/// The types there are, in the order people see them. The views live as long as the program.
using Registry = std::span<const PolicyType>;
[[nodiscard]] const PolicyType* findType(Registry registry, std::string_view name) noexcept;

} // namespace luthien::policy
