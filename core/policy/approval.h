// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "conversation/decision.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace luthien::policy {

/// A tool call that waits for a person, with everything that is needed to judge it.
struct ApprovalQuestion
{
    CallId call;
    std::string session;
    std::string agent;
    std::string client;
    std::string model;
    std::string upstream;
    std::string tool;
    std::string toolId;
    std::string arguments; ///< whole and exact: what a person cannot see, nobody can allow
    bool isFreeText = false;
    std::string toolSchema; ///< what other arguments must fit: JSON Schema; empty = it is not known
    std::string policyId;
    std::string policyVersion;
    std::string policyName; ///< what people call it
    /// Which rule of the policy asks, in words that change when the rule does; empty = the policy has no rules.
    std::string rule;
    std::string reason; ///< why it asks
    std::vector<conversation::Match> matched;
    std::string lastUserText; ///< at most kMaxUserTextBytes

    bool operator==(const ApprovalQuestion&) const = default;
};

/// What arguments must look like for a rule to apply: a part of them, or the whole as compact JSON.
struct ArgumentPattern
{
    enum class Kind : std::uint8_t {
        Glob, ///< matches the whole value
        Re2,  ///< is found anywhere in it
    };
    std::optional<std::string> pointer; ///< RFC 6901; absent = all arguments
    Kind kind = Kind::Glob;
    std::string text;
    std::string title; ///< what it says, for people; may be empty

    bool operator==(const ArgumentPattern&) const = default;
};

/// How far an answer reaches, beyond the call it was given for. Never beyond the policy and the rule of it that asked.
enum class ApprovalScope : std::uint8_t {
    Call,    ///< the same tool with the very same arguments, in the same session and agent
    Tool,    ///< the tool, whoever calls it
    Pattern, ///< the tool where the arguments match
    Session, ///< whatever is asked in the session
    Agent,   ///< whatever is asked by this agent of the session
};

/// For how long an answer counts.
enum class ApprovalDuration : std::uint8_t {
    Once, ///< for the call that was asked about, whatever the scope: makes no rule
    Seconds30,
    Minutes5,
    Minutes15,
    Hour1,
    Hours12,
    Restart, ///< until the program ends
    Always,
};

enum class ApprovalVerb : std::uint8_t {
    Allow,
    Edit, ///< allow with other arguments; only once
    Deny,
};

/// What a person says.
struct ApprovalAnswer
{
    ApprovalVerb verb = ApprovalVerb::Deny;
    std::string arguments; ///< of an Edit, in the form they came in
    std::string message;   ///< of a Deny: what the agent is told; may be empty
    ApprovalScope scope = ApprovalScope::Call;
    ApprovalDuration duration = ApprovalDuration::Once;
    std::optional<ArgumentPattern> pattern; ///< of ApprovalScope::Pattern; absent = the first that was suggested

    bool operator==(const ApprovalAnswer&) const = default;
};

/// An answer that goes on counting.
struct ApprovalRule
{
    CallId id; ///< a UUIDv7 of its own
    bool isAllowed = false;
    std::string policyId; ///< it answers only what this policy asks,
    std::string rule;     ///< by this rule of it
    ApprovalScope scope = ApprovalScope::Call;
    std::string tool;                       ///< of Call, Tool and Pattern
    std::string arguments;                  ///< of Call: compact JSON, or the text
    std::optional<ArgumentPattern> pattern; ///< of Pattern
    std::string session;                    ///< of Call, Session and Agent
    std::string agent;                      ///< of Call and Agent
    std::string message;                    ///< if denied: what the agent is told; may be empty
    /// Where the answer was given that made it; nil and empty = not known. \{
    CallId madeAtCall;
    std::string madeInSession;
    /// \}
    TimePoint at;
    std::optional<TimePoint> until; ///< absent = for ever, or until the program ends
    bool endsWithProgram = false;

    bool operator==(const ApprovalRule&) const = default;
};

/// How often a rule has answered since the program began.
struct ApprovalRuleUse
{
    std::uint64_t count = 0;
    TimePoint last; ///< meaningless while count is 0

    bool operator==(const ApprovalRuleUse&) const = default;
};

/// What came of a question.
struct ApprovalOutcome
{
    ApprovalVerb verb = ApprovalVerb::Deny;
    std::string arguments; ///< of an Edit
    std::string message;
    /// Person; Timeout = nobody answered in time; Policy = a rule did, that a person had made.
    conversation::AnsweredBy answeredBy = conversation::AnsweredBy::Person;
    bool isAtTheEnd = false; ///< of a Timeout: the program ended before the deadline
    CallId rule;             ///< that answered, or that the answer made; nil = none
    TimePoint at;

    bool operator==(const ApprovalOutcome&) const = default;
};

/// A question as it stands.
struct Approval
{
    CallId id; ///< a UUIDv7 of its own; an answer names it
    ApprovalQuestion question;
    TimePoint askedAt;
    TimePoint deadline; ///< later once more if its clock is stopped again
    /// A person is at work on it: its clock stands still until then, which the deadline counts in.
    std::optional<TimePoint> clockStandsUntil;
    std::vector<ArgumentPattern> suggestions; ///< narrowest first
    std::optional<ApprovalOutcome> outcome;
    bool isWithdrawn = false; ///< the client has gone: nobody waits for an answer

    [[nodiscard]] bool isPending() const noexcept { return !outcome && !isWithdrawn; }
    bool operator==(const Approval&) const = default;
};

} // namespace luthien::policy
