// SPDX-License-Identifier: Apache-2.0
#include "filter/predicate.h"

#include <algorithm>
#include <array>

// The one table of all predicates: documentation, completion, matching and SQL all read it.
namespace luthien::filter {

using namespace conversation;

namespace {
using Number = std::optional<std::int64_t>;
using Facts = CallFacts;

constexpr Choices kStatuses{6, [](std::uint32_t number) { return callStatusName(static_cast<CallStatus>(number)); }};
constexpr Choices kApis{6, [](std::uint32_t number) { return apiName(static_cast<Api>(number)); }};
constexpr Choices kStops{12, [](std::uint32_t number) { return stopReasonName(static_cast<StopReason>(number)); }};
constexpr Choices kVerdicts{4, [](std::uint32_t number) { return verdictName(static_cast<Verdict>(number)); }};
constexpr Choices kModes{3, [](std::uint32_t number) { return policyModeName(static_cast<PolicyMode>(number)); }};
constexpr Choices kAnswerers{4, [](std::uint32_t number) { return answeredByName(static_cast<AnsweredBy>(number)); }};
constexpr Choices kExecutors{3, [](std::uint32_t number) { return executorName(static_cast<Executor>(number)); }};
constexpr Choices kYesNo{2, [](std::uint32_t number) { return std::string_view(number == 0 ? "no" : "yes"); }};

Number sum(Number a, Number b)
{
    return a || b ? Number(a.value_or(0) + b.value_or(0)) : std::nullopt;
}
Number between(const std::optional<TimePoint>& from, const std::optional<TimePoint>& to)
{
    return from && to ? Number((*to - *from).count()) : std::nullopt;
}
Number bytes(std::uint64_t count)
{
    return static_cast<std::int64_t>(count);
}
template <typename Enum>
Number ordinal(Enum value)
{
    return static_cast<std::int64_t>(value);
}
Number toolCount(const Facts& call)
{
    return std::ranges::count(call.reply, BlockKind::ToolUse, &Block::kind);
}

constexpr Subject kCall = Subject::Call;
constexpr Subject kDecision = Subject::Decision;
constexpr Subject kTool = Subject::ToolCall;
constexpr Needs kNothing = Needs::Nothing;
constexpr Needs kSession = Needs::Session;
constexpr Needs kDecisions = Needs::Decisions;
constexpr Needs kReply = Needs::Reply;

// name, subject, kind, noun, help, example, reader, column, needs, unit, choices
constexpr std::array kPredicates = std::to_array<Predicate>({
    // Who called.
    {"session", kCall, ValueKind::Label, "the session", "id of the session", "session:derived:*",
     CallText([](const Facts& call) -> std::string_view { return call.identity.session; }), "session.uid"},
    {"call", kCall, ValueKind::Uuid, "the call", "id of the call", "call:0190a4c2-7d5e-7b1c-9b1e-2f6d3c4b5a69",
     CallUuid([](const Facts& call) { return call.id; }), "call.uid"},
    {"agent", kCall, ValueKind::Label, "the agent", "id of the agent or thread within the session", "agent:main",
     CallText([](const Facts& call) -> std::string_view { return call.identity.agent; }), "call.agent"},
    {"parent", kCall, ValueKind::Label, "the parent agent", "id of the agent that started this one", "parent:main",
     CallText([](const Facts& call) -> std::string_view { return call.identity.parentAgent; }), "call.parent_agent"},
    {"client", kCall, ValueKind::Name, "the client", "name of the program that called", "client:claude-code",
     CallText([](const Facts& call) -> std::string_view { return call.identity.client; }), "call.client"},
    {"client.version", kCall, ValueKind::Name, "the client's version", "version of that program", "client.version:2.*",
     CallText([](const Facts& call) -> std::string_view { return call.identity.clientVersion; }),
     "call.client_version"},
    {"user", kCall, ValueKind::Name, "the user", "label of the user, where the client sends one", "user:ann*",
     CallText([](const Facts& call) -> std::string_view { return call.identity.user; }), "call.user_label"},
    {"trace", kCall, ValueKind::Label, "the trace", "trace id of a W3C traceparent", "trace:4bf92f*",
     CallText([](const Facts& call) -> std::string_view { return call.identity.traceId; }), "call.trace_id"},
    {"cause", kCall, ValueKind::Uuid, "the judged call", "of a call made for a policy: the call it judges",
     "cause:0190a4c2-7d5e-7b1c-9b1e-2f6d3c4b5a69", CallUuid([](const Facts& call) { return call.cause; }),
     "call.cause_uid"},
    {"cause.policy", kCall, ValueKind::Label, "the asking policy", "of a call made for a policy: that policy",
     "cause.policy:judge", CallText([](const Facts& call) -> std::string_view { return call.causePolicy; }),
     "call.cause_policy"},
    // What was called.
    {"upstream", kCall, ValueKind::Name, "the upstream", "configured name of the upstream", "upstream:anthropic",
     CallText([](const Facts& call) -> std::string_view { return call.upstream; }), "call.upstream"},
    {"api", kCall, ValueKind::Choice, "the API", "wire format of the call", "api:openai-*",
     CallNumber([](const Facts& call) { return ordinal(call.api); }), "call.api", kNothing, Unit::Count, kApis},
    {"method", kCall, ValueKind::Name, "the method", "HTTP method", "method:post",
     CallText([](const Facts& call) -> std::string_view { return call.method; }), "call.method"},
    {"path", kCall, ValueKind::Name, "the path", "path of the request, with its query", "path:/v1/messages*",
     CallText([](const Facts& call) -> std::string_view { return call.path; }), "call.path"},
    {"model", kCall, ValueKind::Name, "the model", "the model, as the reply names it, else as requested",
     "model:claude*", CallText([](const Facts& call) -> std::string_view { return call.model; }), "call.model"},
    {"stream", kCall, ValueKind::Choice, "streaming", "whether a stream was asked for", "stream:yes",
     CallNumber([](const Facts& call) { return ordinal(call.stream); }), "call.stream", kNothing, Unit::Count, kYesNo},
    // How it went.
    {"status", kCall, ValueKind::Choice, "the status", "how the call stands or ended", "status:truncated",
     CallNumber([](const Facts& call) { return ordinal(call.status); }), "call.status", kNothing, Unit::Count,
     kStatuses},
    {"http", kCall, ValueKind::Quantity, "the HTTP status", "HTTP status the client was told; 0 = none yet",
     "http>=500", CallNumber([](const Facts& call) { return Number(call.httpStatus); }), "call.http_status"},
    {"stop", kCall, ValueKind::Choice, "the stop reason", "why the reply ended, in one vocabulary for all APIs",
     "stop:max_tokens", CallNumber([](const Facts& call) { return ordinal(call.stopReason); }), "call.stop_reason",
     kNothing, Unit::Count, kStops},
    {"stop.raw", kCall, ValueKind::Name, "the provider's stop reason", "why the reply ended, in the provider's word",
     "stop.raw:length", CallText([](const Facts& call) -> std::string_view { return call.rawStopReason; }),
     "call.raw_stop_reason"},
    {"error", kCall, ValueKind::Text, "the error", "words of the error that ended the call", "error:timeout",
     CallText([](const Facts& call) -> std::string_view { return call.error; }), "call.error"},
    // What was said.
    {"text", kCall, ValueKind::Text, "any text", "words anywhere in what was asked and answered", "text:\"drop table\"",
     Texts::All, "", kReply | Needs::Request},
    {"asked", kCall, ValueKind::Text, "the person's text", "words of the person that are new in this call",
     "asked:migration", Texts::Asked, "", Needs::Request},
    {"result", kCall, ValueKind::Text, "a tool's result", "words of a tool's result that is new in this call",
     "result:\"permission denied\"", Texts::Result, "", Needs::Request},
    {"said", kCall, ValueKind::Text, "the model's text", "words of the model's answer", "said:sorry", Texts::Said, "",
     kReply},
    {"thinking", kCall, ValueKind::Text, "the model's thinking", "words of the model's thinking", "thinking:production",
     Texts::Thinking, "", kReply},
    {"begins", kCall, ValueKind::Text, "the beginning", "words of the first 200 bytes the person wrote",
     "begins:refactor", CallText([](const Facts& call) -> std::string_view { return call.preview; }), "call.preview"},
    {"messages", kCall, ValueKind::Quantity, "the number of messages", "messages in the request", "messages>100",
     CallNumber([](const Facts& call) { return Number(call.messageCount); }), "call.message_count"},
    // Tool calls.
    {"tool", kTool, ValueKind::Name, "name", "name of a tool the model called", "tool:Bash",
     ToolText([](const Block& tool) -> std::string_view { return tool.name; }), "", kReply},
    {"tool.id", kTool, ValueKind::Label, "id", "id of a tool call in its API", "tool.id:toolu_01*",
     ToolText([](const Block& tool) -> std::string_view { return tool.id; }), "", kReply},
    {"tool.by", kTool, ValueKind::Choice, "executor", "who carries a tool call out", "tool.by:server",
     ToolNumber([](const Block& tool) { return ordinal(tool.executor); }), "", kReply, Unit::Count, kExecutors},
    {"tool.count", kCall, ValueKind::Quantity, "the number of tool calls", "tool calls in the reply", "tool.count>=5",
     CallNumber(toolCount), "", kReply},
    {"arg",
     kTool,
     ValueKind::Argument,
     "argument",
     "any argument of a tool call; arg.command is one of them, arg.edits.0.path one within",
     "arg.command~/rm .*-rf/",
     {},
     "",
     kReply},
    // What policies did.
    {"verdict", kDecision, ValueKind::Choice, "verdict", "what a policy said", "verdict:block",
     DecisionNumber([](const Decision& decision) { return ordinal(decision.verdict); }), "decision.verdict", kDecisions,
     Unit::Count, kVerdicts},
    {"policy", kDecision, ValueKind::Label, "policy", "id of the policy that decided", "policy:sql",
     DecisionText([](const Decision& decision) -> std::string_view { return decision.policyId; }), "decision.policy_id",
     kDecisions},
    {"policy.version", kDecision, ValueKind::Label, "policy version", "version of that policy, 64 hex digits",
     "policy.version:3f9a*",
     DecisionText([](const Decision& decision) -> std::string_view { return decision.policyVersion; }),
     "decision.policy_version", kDecisions},
    {"mode", kDecision, ValueKind::Choice, "mode", "mode the policy was in", "mode:shadow",
     DecisionNumber([](const Decision& decision) { return ordinal(decision.mode); }), "decision.mode", kDecisions,
     Unit::Count, kModes},
    {"answered", kDecision, ValueKind::Choice, "answerer", "who gave the verdict", "answered:person",
     DecisionNumber([](const Decision& decision) { return ordinal(decision.answeredBy); }), "decision.answered_by",
     kDecisions, Unit::Count, kAnswerers},
    {"reason", kDecision, ValueKind::Text, "reason", "words of the reason, as the operator reads it",
     "reason:\"drop table\"",
     DecisionText([](const Decision& decision) -> std::string_view { return decision.reason; }), "decision.reason",
     kDecisions},
    {"told", kDecision, ValueKind::Text, "text for the agent", "words of what the agent is told", "told:blocked",
     DecisionText([](const Decision& decision) -> std::string_view { return decision.agentText; }),
     "decision.agent_text", kDecisions},
    {"judged.tool", kDecision, ValueKind::Name, "tool", "tool the decision is about", "judged.tool:Bash",
     DecisionText([](const Decision& decision) -> std::string_view { return decision.tool; }), "decision.tool",
     kDecisions},
    {"matched",
     kDecision,
     ValueKind::Argument,
     "matched place",
     "JSON pointer to what a policy found in the arguments",
     "matched:/command",
     {},
     "",
     kDecisions},
    {"score", kDecision, ValueKind::Score, "score", "score of the verdict, where the policy gives one", "score>=0.6",
     DecisionScore([](const Decision& decision) { return decision.score; }), "decision.score", kDecisions},
    {"latency", kDecision, ValueKind::Quantity, "time to decide", "how long the policy took to decide", "latency>10ms",
     DecisionNumber([](const Decision& decision) { return Number(decision.latency.count()); }), "decision.latency_us",
     kDecisions, Unit::Duration},
    {"decisions", kCall, ValueKind::Quantity, "the number of decisions", "decisions about the call", "decisions>3",
     CallNumber([](const Facts& call) { return bytes(call.decisions.size()); }),
     "(SELECT count(*) FROM decision AS every WHERE every.call_id = call.id)", kDecisions},
    // What it used.
    {"tokens", kCall, ValueKind::Quantity, "the number of tokens", "tokens in and out", "tokens>10k",
     CallNumber([](const Facts& call) { return sum(call.usage.input, call.usage.output); }),
     "CASE WHEN call.input_tokens IS NULL THEN call.output_tokens"
     " ELSE call.input_tokens + coalesce(call.output_tokens, 0) END"},
    {"input", kCall, ValueKind::Quantity, "the input tokens", "tokens in, as the provider counts", "input>100k",
     CallNumber([](const Facts& call) { return call.usage.input; }), "call.input_tokens"},
    {"output", kCall, ValueKind::Quantity, "the output tokens", "tokens out", "output<10",
     CallNumber([](const Facts& call) { return call.usage.output; }), "call.output_tokens"},
    {"cache.read", kCall, ValueKind::Quantity, "the tokens read from cache", "tokens read from the provider's cache",
     "cache.read:0", CallNumber([](const Facts& call) { return call.usage.cacheRead; }), "call.cache_read_tokens"},
    {"cache.write", kCall, ValueKind::Quantity, "the tokens written to cache", "tokens written to the provider's cache",
     "cache.write>50k", CallNumber([](const Facts& call) { return call.usage.cacheWrite; }), "call.cache_write_tokens"},
    {"reasoning", kCall, ValueKind::Quantity, "the reasoning tokens", "tokens out that were thinking", "reasoning>5k",
     CallNumber([](const Facts& call) { return call.usage.reasoning; }), "call.reasoning_tokens"},
    {"cost", kCall, ValueKind::Quantity, "the cost", "what the price table makes of it, in USD", "cost>$0.50",
     CallNumber([](const Facts& call) { return call.costNanoUsd; }), "call.cost_nano_usd", kNothing, Unit::Money},
    {"bytes", kCall, ValueKind::Quantity, "the size of the reply", "bytes of the reply", "bytes>1MiB",
     CallNumber([](const Facts& call) { return bytes(call.response.bytes); }), "call.response_bytes", kNothing,
     Unit::Bytes},
    {"sent.bytes", kCall, ValueKind::Quantity, "the size of the request", "bytes of the request", "sent.bytes>4MiB",
     CallNumber([](const Facts& call) { return bytes(call.request.bytes); }), "call.request_bytes", kNothing,
     Unit::Bytes},
    {"changed", kCall, ValueKind::Quantity, "the number of changed bytes",
     "bytes that policies changed, in request and reply", "changed>0",
     CallNumber([](const Facts& call) { return bytes(call.request.changedBytes + call.response.changedBytes); }),
     "(call.request_changed_bytes + call.response_changed_bytes)", kNothing, Unit::Bytes},
    // How long it took.
    {"duration", kCall, ValueKind::Quantity, "the duration", "from the request to the end of the reply", "duration>2m",
     CallNumber([](const Facts& call) { return between(call.startedAt, call.endedAt); }),
     "(call.ended_us - call.started_us)", kNothing, Unit::Duration},
    {"ttfb", kCall, ValueKind::Quantity, "the time to the first byte", "from the request to the reply's first byte",
     "ttfb>5s", CallNumber([](const Facts& call) { return between(call.startedAt, call.firstByteAt); }),
     "(call.first_byte_us - call.started_us)", kNothing, Unit::Duration},
    {"ttft", kCall, ValueKind::Quantity, "the time to the first token", "from the request to the reply's first token",
     "ttft>5s", CallNumber([](const Facts& call) { return between(call.startedAt, call.firstTokenAt); }),
     "(call.first_token_us - call.started_us)", kNothing, Unit::Duration},
    {"held", kCall, ValueKind::Quantity, "the time it was held", "how long policies and persons held the call",
     "held>200ms",
     CallNumber([](const Facts& call) { return Number((call.heldByPolicy + call.heldByPerson).count()); }),
     "(call.held_policy_us + call.held_person_us)", kNothing, Unit::Duration},
    {"held.person", kCall, ValueKind::Quantity, "the time a person took", "how long a person held the call",
     "held.person>1m", CallNumber([](const Facts& call) { return Number(call.heldByPerson.count()); }),
     "call.held_person_us", kNothing, Unit::Duration},
    // The session it is part of.
    {"calls", kCall, ValueKind::Quantity, "the number of calls of its session", "calls of the session", "calls>100",
     CallNumber([](const Facts& call) { return call.sessionCalls; }), "session.calls", kSession},
    {"turns", kCall, ValueKind::Quantity, "the number of turns of its session",
     "replies of the session that handed over to the person", "turns>20",
     CallNumber([](const Facts& call) { return call.sessionTurns; }), "session.turns", kSession},
    // When.
    {"since",
     kCall,
     ValueKind::Time,
     "since",
     "began then or later: 2h (ago), today, 2026-11-22, 2026-11-22T12:30",
     "since:2h",
     {},
     "call.started_us"},
    {"until", kCall, ValueKind::Time, "until", "began before that", "until:2026-11-22", {}, "call.started_us"},
    {"on",
     kCall,
     ValueKind::Time,
     "on",
     "began within that day, minute or second (UTC)",
     "on:yesterday",
     {},
     "call.started_us"},
    // Yes or no.
    {"has", kCall, ValueKind::Flag, "has", "something is there", "has:decision"},
    {"is", kCall, ValueKind::Flag, "is", "the call is so", "is:open"},
});
} // namespace

std::span<const Predicate> predicates() noexcept
{
    return kPredicates;
}

} // namespace luthien::filter
