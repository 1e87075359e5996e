// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/strict_json.h"
#include "core/policy/approval_world.h"
#include "policy/approval_desk.h"
#include "policy/builtin/builtin.h"
#include "policy/inference.h"
#include "policy/policy.h"
#include "policy/verdict_memory.h"

#include <deque>
#include <memory>
#include <string>
#include <utility>

namespace luthien::policy::builtin::test {

/// Models that say what a test tells them to, when it does.
class ScriptedInference final : public Inference
{
public:
    struct Asked
    {
        InferenceRequest request;
        Done done;
        CallId call;
        bool isWithdrawn = false;
    };

    [[nodiscard]] std::unique_ptr<InferenceJob> ask(InferenceRequest request, Done done) override
    {
        asked.push_back(std::make_shared<Asked>(
            Asked{std::move(request), std::move(done), CallId({static_cast<std::uint8_t>(asked.size() + 1)})}));
        return std::make_unique<Job>(asked.back());
    }

    void say(std::size_t index, Result<InferenceReply> reply)
    {
        const std::shared_ptr<Asked> question = asked.at(index);
        if (!question->isWithdrawn)
            std::exchange(question->done, {})(std::move(reply));
    }
    void say(std::size_t index, std::string text) { say(index, InferenceReply{.text = std::move(text)}); }

    std::deque<std::shared_ptr<Asked>> asked;

private:
    class Job final : public InferenceJob
    {
    public:
        explicit Job(std::shared_ptr<Asked> question)
            : m_question(std::move(question))
        {
        }
        ~Job() override { m_question->isWithdrawn = true; }
        Job(const Job&) = delete;
        Job& operator=(const Job&) = delete;
        [[nodiscard]] CallId call() const noexcept override { return m_question->call; }

    private:
        std::shared_ptr<Asked> m_question;
    };
};

/// One policy at work on one call, with a clock, models and people that a test moves.
class PolicyWorld
{
public:
    PolicyWorld(std::string_view type, std::string_view config)
        : m_policy(*findType(registry(), type)
                        ->make(parseStrictJson(config)->get_object(), {.approvals = &desk, .verdicts = &verdicts}))
    {
        open();
    }

    /// The next call.
    void open() { policyCall = m_policy->open(context); }
    [[nodiscard]] const Policy& policy() const { return *m_policy; }

    [[nodiscard]] Result<PolicyVerdict> call(std::uint32_t block, std::string_view tool, std::string_view arguments)
    {
        const Result<boost::json::value> parsed = parseStrictJson(arguments);
        return policyCall->toolCall({{.block = block, .id = "t", .name = tool, .arguments = arguments}, &*parsed});
    }

    policy::test::ManualClock clock;
    ApprovalDesk desk{clock};
    VerdictMemory verdicts{clock};
    ScriptedInference models;
    int wakes = 0;
    CallFacts facts{.call = CallId({9}), .identity = {.session = "s1"}};
    PolicyContext context{.facts = facts,
                          .clock = clock,
                          .wake = [this] { ++wakes; },
                          .inference = &models,
                          .policyId = "p",
                          .policyVersion = "v1"};
    std::unique_ptr<PolicyCall> policyCall;

private:
    std::shared_ptr<const Policy> m_policy;
};

} // namespace luthien::policy::builtin::test
