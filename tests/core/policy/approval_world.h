// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "policy/approval.h"

#include <chrono>
#include <string>

namespace luthien::policy::test {

/// Time that a test moves.
class ManualClock final : public Clock
{
public:
    [[nodiscard]] TimePoint now() const override { return fromMicros(1'700'000'000'000'000) + m_passed; }
    [[nodiscard]] SteadyPoint steady() const override { return SteadyPoint(m_passed); }
    void pass(std::chrono::microseconds time) { m_passed += time; }

private:
    std::chrono::microseconds m_passed{};
};

/// What a policy asks about a command of Bash.
inline ApprovalQuestion question(const std::string& command = "git status --short")
{
    return {.call = CallId({8}),
            .session = "s1",
            .agent = "a1",
            .client = "claude-code",
            .model = "m",
            .upstream = "anthropic",
            .tool = "Bash",
            .toolId = "toolu_1",
            .arguments = R"({"command":")" + command + R"("})",
            .policyId = "ask",
            .policyVersion = "v1",
            .policyName = "Ask me",
            .rule = "Bash",
            .reason = "A person must allow Bash.",
            .matched = {{"/command", 0, 3}},
            .lastUserText = "What has changed?"};
}

} // namespace luthien::policy::test
