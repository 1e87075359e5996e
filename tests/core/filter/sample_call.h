// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "filter/facts.h"

#include <string>
#include <utility>

namespace luthien::test {

inline TimePoint sampleTime(std::string_view text)
{
    return fromRfc3339(std::string(text) + ".000000Z").value_or(TimePoint());
}
/// What the filters of the tests count from.
inline const TimePoint kSampleNow = sampleTime("2026-11-22T12:00:00");

inline conversation::Block block(conversation::BlockKind kind, std::string text, std::string name = {},
                                 std::string id = {})
{
    conversation::Block block{.kind = kind};
    block.id = std::move(id);
    block.name = std::move(name);
    block.text = std::move(text);
    return block;
}

inline conversation::Decision sampleVerdict(conversation::Verdict verdict, std::string policy)
{
    conversation::Decision decision;
    decision.policyId = std::move(policy);
    decision.policyVersion = "3f9a" + std::string(60, '0');
    decision.verdict = verdict;
    return decision;
}

/// One in which every predicate finds something: two decisions, two tool calls, begun at 10:00.
inline filter::CallFacts sampleCall()
{
    using namespace conversation;
    filter::CallFacts call;
    call.id = *CallId::parse("0190a4c2-7d5e-7b1c-9b1e-2f6d3c4b5a69");
    call.identity = {.session = "derived:abc",
                     .agent = "agent-1",
                     .parentAgent = "main",
                     .client = "claude-code",
                     .clientVersion = "2.1.197",
                     .user = "Ann",
                     .traceId = "4bf92f3577b34da6a3ce929d0e0e4736",
                     .sessionDerived = true};
    call.upstream = "anthropic";
    call.api = Api::AnthropicMessages;
    call.method = "POST";
    call.path = "/v1/messages?beta=true";
    call.model = "claude-opus-4";
    call.preview = "Clean up the database";
    call.stream = true;
    call.status = CallStatus::Truncated;
    call.httpStatus = 200;
    call.stopReason = StopReason::ToolUse;
    call.rawStopReason = "tool_use";
    call.startedAt = sampleTime("2026-11-22T10:00:00");
    call.firstByteAt = call.startedAt + std::chrono::milliseconds(300);
    call.firstTokenAt = call.startedAt + std::chrono::milliseconds(700);
    call.endedAt = call.startedAt + std::chrono::seconds(90);
    call.heldByPolicy = std::chrono::milliseconds(20);
    call.heldByPerson = std::chrono::seconds(40);
    call.usage = {.input = 12'000, .output = 300, .cacheRead = 0, .cacheWrite = 60'000, .reasoning = 50};
    call.costNanoUsd = 620'000'000;
    call.request = {.bytes = 8192, .changedBytes = 0};
    call.response = {.bytes = 2048, .changedBytes = 12};
    call.messageCount = 7;
    call.error = "The upstream's reply was cut.";
    call.cause = *CallId::parse("0190a4c2-7d5e-7b1c-9b1e-000000000001");
    call.causePolicy = "judge";
    call.sessionCalls = 31;
    call.isSessionPinned = true;
    call.sessionTurns = 4;
    Decision shadow = sampleVerdict(Verdict::Replace, "style");
    shadow.mode = PolicyMode::Shadow;
    shadow.score = 0.25;
    Decision block = sampleVerdict(Verdict::Block, "sql");
    block.answeredBy = AnsweredBy::Person;
    block.score = 0.75;
    block.reason = "DROP TABLE removes a table";
    block.agentText = "[Tool call `Bash` was blocked by policy]";
    block.tool = "Bash";
    block.isRepeat = true;
    block.matched = {{"/command", 9, 25}};
    block.latency = std::chrono::milliseconds(15);
    call.decisions = {shadow, block};
    call.reply = {test::block(BlockKind::Thinking, "This is the production database."),
                  test::block(BlockKind::Text, "I'll drop  TABLE\nusers now — sorry. Größe?"),
                  test::block(BlockKind::ToolUse, R"({"command":"rm -f -rf /tmp","timeout":30,"tags":[{"n":"x y"}]})",
                              "Bash", "toolu_01A"),
                  test::block(BlockKind::ToolUse, R"({"command":"ls"})", "Read", "toolu_02B")};
    call.reply[1].isRefusal = true;
    call.reply[3].executor = Executor::Server;
    call.asked = {test::block(BlockKind::Text, "Run the migrations, please"),
                  test::block(BlockKind::ToolResult, "ls: permission denied"), test::block(BlockKind::Image, "{}"),
                  test::block(BlockKind::Document, "{}")};
    return call;
}

} // namespace luthien::test
