// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "conversation/call_event.h"
#include "conversation/decision.h"
#include "conversation/identity.h"
#include "conversation/reply_review.h"
#include "conversation/request_review.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::policy {

class ApprovalDesk;
class Inference;
class PolicyFigures;
class ScriptRunner;
class SpendingBook;
class VerdictMemory;

/// What a policy wants to see of a call.
struct Interests
{
    bool toolCalls = false;
    bool text = false;
    bool thinking = false;
    bool request = false;
    bool end = false;
    /// It may replace arguments: then CallFacts::toolSchema is there.
    bool changesArguments = false;
    /// Its verdicts about tool calls and requests are a person's or a model's: a client that repeats a request gets
    /// them again, see VerdictMemory.
    bool remembersVerdicts = false;
};

/// What the program offers to policies. All of it may be null (then a policy that needs it cannot be made) and outlives
/// every chain. Thread: any.
struct Services
{
    ApprovalDesk* approvals = nullptr;
    ScriptRunner* scripts = nullptr;
    SpendingBook* spending = nullptr;
    VerdictMemory* verdicts = nullptr;
    PolicyFigures* figures = nullptr; ///< null = nobody counts
};

/// The call a policy works on.
struct CallFacts
{
    CallId call;
    conversation::Api api = conversation::Api::Other;
    conversation::Identity identity;
    std::string upstream;
    std::string model;
    std::string path;
    bool stream = false;
    std::string requestHash; ///< of the request's body as it came: equal for a request that is repeated
    /// The JSON schema of a tool's arguments as the request declares it; empty = it does not. Only with
    /// Interests::changesArguments.
    std::function<std::string(std::string_view tool)> toolSchema;
};

/// A policy at work knows these. They outlive it.
struct PolicyContext
{
    const CallFacts& facts;
    const Clock& clock;
    /// Leads to the policy being asked again. From any thread, at any time, as often as one likes.
    std::function<void()> wake;
    Inference* inference = nullptr; ///< asks models for this call; null = cannot be asked here
    std::string policyId;
    std::string policyVersion;
    std::string policyName; ///< what people call it
    /// A shadow's verdict changes nothing: it troubles nobody with questions.
    conversation::PolicyMode mode = conversation::PolicyMode::Enforce;
};

/// A tool call with its arguments read once, strictly, for all policies.
struct JudgedCall
{
    const conversation::ToolCall& call;
    const boost::json::value* arguments = nullptr; ///< null = free text: call.arguments is all there is, valid UTF-8
};

/// What a policy says about a tool call or a request.
struct PolicyVerdict
{
    /// Hold = not known yet: the policy is asked again after it called wake, and at holdUntil; perhaps sooner, when
    /// another one woke the call. Holding on past its own holdUntil without naming a later time is an error.
    conversation::Verdict verdict = conversation::Verdict::Continue;
    SteadyPoint holdUntil = SteadyPoint::max();
    std::string reason; ///< one sentence for the operator
    /// If blocked: what the agent reads, whatever agent_text says (a person wrote it). Empty = agent_text decides.
    std::string agentText;
    std::string arguments; ///< of a tool call that is replaced: valid for the tool's schema, or it is blocked
    std::vector<conversation::PartChange> changes; ///< of a request that is replaced
    std::vector<conversation::Match> matched;
    std::optional<double> score;
    conversation::AnsweredBy answeredBy = conversation::AnsweredBy::Policy; ///< of a Hold: Person = one was asked
    CallId inference;                                                       ///< see conversation::Decision
    bool isRecorded = false;                                                ///< a Continue that is to be recorded
    bool isForOnce = false;  ///< to be asked anew when the request is repeated, see VerdictMemory
    bool isLastWord = false; ///< if blocked: the model is not asked again for this call's reply, whatever on_block says

    [[nodiscard]] bool isBlocked() const noexcept { return verdict == conversation::Verdict::Block; }
};

/// One policy at work on one call: on its request first, then on its reply. Thread: the call's worker.
class PolicyCall
{
public:
    virtual ~PolicyCall() = default;

    /// Errors, here and below: the policy cannot say; on_error decides.
    [[nodiscard]] virtual Result<PolicyVerdict> request(std::span<const conversation::RequestPart>)
    {
        return PolicyVerdict{};
    }
    /// Calls of one reply may be asked about before earlier ones are answered; asked again only after a Hold.
    [[nodiscard]] virtual Result<PolicyVerdict> toolCall(const JudgedCall&) { return PolicyVerdict{}; }
    /// As conversation::ReplyReview: choice, block, the part, what may leave.
    virtual void text(std::uint32_t, std::uint32_t, std::string_view part, std::string& out) { out += part; }
    /// Appends what stayed back. Continue, or Block with a reason (the text becomes a notice), or Hold.
    [[nodiscard]] virtual Result<PolicyVerdict> textEnd(std::uint32_t, std::uint32_t, std::string&)
    {
        return PolicyVerdict{};
    }
    virtual void thinking(std::uint32_t, std::uint32_t, std::string_view) {}
    /// The call is over.
    virtual void ended(const conversation::CallEnded&) {}
};

/// One configured policy: immutable, shared by all calls. Thread: any.
class Policy
{
public:
    virtual ~Policy() = default;
    [[nodiscard]] virtual Interests interests() const noexcept = 0;
    /// The policy and the context outlive what it opens.
    [[nodiscard]] virtual std::unique_ptr<PolicyCall> open(const PolicyContext& context) const = 0;
};

/// A kind of policy that can be configured.
struct PolicyType
{
    std::string_view name;    ///< "destructive-sql"
    std::string_view title;   ///< for people
    std::string_view summary; ///< one sentence
    std::string_view schema;  ///< JSON Schema (2020-12) of its config; draws the editor form
    /// Errors: InvalidInput, context = the field; Unavailable if a service it needs is not there.
    Result<std::shared_ptr<const Policy>> (*make)(const boost::json::object& config, const Services& services);
};

/// The types there are, in the order people see them. The views live as long as the program.
using Registry = std::span<const PolicyType>;
[[nodiscard]] const PolicyType* findType(Registry registry, std::string_view name) noexcept;

} // namespace luthien::policy
