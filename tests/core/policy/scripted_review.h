// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/chain.h"
#include "policy/verdict_memory.h"

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// A call under policies that say what a script tells them to.
namespace luthien::policy::test {

using conversation::Decision;
using conversation::Executor;
using conversation::PartKind;
using conversation::RequestPart;
using conversation::ToolAnswer;
using conversation::ToolCall;
using conversation::Verdict;
using namespace std::chrono_literals;

class SetClock final : public Clock
{
public:
    [[nodiscard]] TimePoint now() const override { return {}; }
    [[nodiscard]] SteadyPoint steady() const override { return at; }
    SteadyPoint at{1h};
};

/// What the policies of this test do. A question is named "POLICY tool ID", "POLICY text" or "POLICY request".
struct Script
{
    std::map<std::string, PolicyVerdict> verdicts; ///< absent = Continue
    std::set<std::string> held;                    ///< not answered as long as they are in it
    SteadyPoint holdUntil = SteadyPoint::max();
    std::map<std::string, int> asked;
    std::vector<std::string> saw; ///< "POLICY arguments or text"
    int ended = 0;

    Result<PolicyVerdict> answer(const std::string& question, std::string_view about)
    {
        ++asked[question];
        if (held.contains(question))
            return PolicyVerdict{.verdict = Verdict::Hold, .holdUntil = holdUntil};
        saw.push_back(question.substr(0, question.find(' ')) + ' ' + std::string(about));
        const auto found = verdicts.find(question);
        return found == verdicts.end() ? PolicyVerdict{} : found->second;
    }
};
inline Script* script = nullptr; ///< of the test under way

class ScriptedCall final : public PolicyCall
{
public:
    explicit ScriptedCall(std::string id)
        : m_id(std::move(id))
    {
    }
    Result<PolicyVerdict> request(std::span<const RequestPart> parts) override
    {
        std::string all;
        for (const RequestPart& part : parts)
            all += part.text + '|';
        return script->answer(m_id + " request", all);
    }
    Result<PolicyVerdict> toolCall(const JudgedCall& call) override
    {
        return script->answer(m_id + " tool " + std::string(call.call.id), call.call.arguments);
    }
    void text(std::uint32_t, std::uint32_t, std::string_view part, std::string& out) override
    {
        // Keeps all of it back if its name begins with k, and passes it else, in its own hand.
        (m_id[0] == 'k' ? m_kept : out) += std::string(part) + (m_id[0] == 'p' ? "" : m_id);
    }
    Result<PolicyVerdict> textEnd(std::uint32_t, std::uint32_t, std::string& out) override
    {
        Result<PolicyVerdict> said = script->answer(m_id + " text", m_kept);
        if (said->verdict != Verdict::Hold)
            out += std::exchange(m_kept, {});
        return said;
    }
    void ended(const conversation::CallEnded&) override { ++script->ended; }

private:
    std::string m_id;
    std::string m_kept;
};

/// Wants to see what its config names.
class Scripted final : public Policy
{
public:
    explicit Scripted(Interests interests)
        : m_interests(interests)
    {
    }
    [[nodiscard]] Interests interests() const noexcept override { return m_interests; }
    [[nodiscard]] std::unique_ptr<PolicyCall> open(const PolicyContext& context) const override
    {
        return std::make_unique<ScriptedCall>(context.policyId);
    }

private:
    Interests m_interests;
};

inline Result<std::shared_ptr<const Policy>> make(const boost::json::object& config, const Services&)
{
    return std::shared_ptr<const Policy>(std::make_shared<Scripted>(Interests{
        .toolCalls = config.contains("tools"),
        .text = config.contains("text"),
        .request = config.contains("request"),
        .end = config.contains("end"),
        .changesArguments = true,
        .remembersVerdicts = config.contains("remembers"),
    }));
}
inline constexpr std::array<PolicyType, 1> kTypes{PolicyType{.name = "scripted", .title = "Scripted", .make = make}};

inline constexpr auto kShadow = PolicyMode::Shadow;
inline constexpr auto kEnforce = PolicyMode::Enforce;

inline Definition toolPolicy(std::string id, PolicyMode mode = kEnforce, std::string config = R"({"tools":1})")
{
    return {.id = std::move(id), .type = "scripted", .mode = mode, .config = std::move(config)};
}
inline Definition textPolicy(std::string id, PolicyMode mode = kEnforce)
{
    return toolPolicy(std::move(id), mode, R"({"text":1})");
}
inline Definition requestPolicy(std::string id, PolicyMode mode = kEnforce)
{
    return toolPolicy(std::move(id), mode, R"({"request":1})");
}

inline PolicyVerdict block(std::string reason = "No.")
{
    return {.verdict = Verdict::Block, .reason = std::move(reason)};
}
inline PolicyVerdict replaceBy(std::string arguments)
{
    return {.verdict = Verdict::Replace, .reason = "Better so.", .arguments = std::move(arguments)};
}

/// A review of one call and what it decided.
struct Reviewed
{
    explicit Reviewed(const std::vector<Definition>& definitions, VerdictMemory* verdicts = nullptr)
        : chain(*Chain::build(kTypes, definitions, {.verdicts = verdicts}))
    {
        facts.identity.session = "s";
        facts.requestHash = "h";
        open();
    }
    void open()
    {
        review = chain->open({.facts = facts,
                              .takeDecision = [this](Decision decision) { decisions.push_back(std::move(decision)); },
                              .clock = clock});
    }
    std::optional<ToolAnswer> tool(std::string id, std::uint32_t block = 0, std::string_view arguments = "{}",
                                   Executor executor = Executor::Client)
    {
        return review->tool({.block = block,
                             .executor = executor,
                             .id = id,
                             .name = "Bash",
                             .arguments = arguments,
                             .responseId = "resp",
                             .conversationId = "conv"});
    }
    std::string text(std::string_view part)
    {
        std::string out;
        review->text(0, 0, part, out);
        return out;
    }
    /// "..." in the place of what is not known yet.
    std::string textEnd()
    {
        std::string out;
        const bool isDone = review->textEnd(0, 0, out);
        return out + (isDone ? "" : "...");
    }
    [[nodiscard]] std::string decided() const
    {
        std::string all;
        for (const Decision& decision : decisions)
            all += decision.policyId + ":" + std::string(verdictName(decision.verdict)) + " ";
        return all;
    }

    CallFacts facts;
    SetClock clock;
    std::vector<Decision> decisions;
    std::shared_ptr<const Chain> chain;
    std::unique_ptr<CallReview> review;
};

inline const std::vector<RequestPart> kParts{{.kind = PartKind::System, .text = "be good"}, {.text = "hello"}};

} // namespace luthien::policy::test
