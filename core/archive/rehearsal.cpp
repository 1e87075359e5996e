// SPDX-License-Identifier: Apache-2.0
#include "archive/rehearsal.h"

#include "policy/inference.h"
#include "protocol/request_editor.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace luthien::archive {

using namespace conversation;

namespace {
/// How long a script is waited for in all: longer than its own deadline.
constexpr std::chrono::seconds kPatience(10);

/// Wakes the thread that waits for a policy. Shared, because a policy may call late.
class Waker
{
public:
    void wake()
    {
        const std::lock_guard lock(m_mutex);
        m_isAwake = true;
        m_changed.notify_one();
    }
    void waitUntil(SteadyPoint until)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait_until(lock, until, [this] { return m_isAwake; });
        m_isAwake = false;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_isAwake = false;
};

/// A model that never answers.
class SilentModel final : public policy::Inference
{
public:
    std::unique_ptr<policy::InferenceJob> ask(policy::InferenceRequest, Done) override
    {
        class Job final : public policy::InferenceJob
        {
        public:
            [[nodiscard]] CallId call() const noexcept override { return {}; }
        };
        m_wasAsked = true;
        return std::make_unique<Job>();
    }
    [[nodiscard]] bool wasAsked() const noexcept { return m_wasAsked; }

private:
    bool m_wasAsked = false;
};
} // namespace

int strength(Verdict verdict) noexcept
{
    constexpr std::array kOrder = {Verdict::Continue, Verdict::Replace, Verdict::Hold, Verdict::Block};
    return static_cast<int>(std::ranges::find(kOrder, verdict) - kOrder.begin());
}

/// Tools with a grammar of their own exist in OpenAI's APIs only; what is recorded of a call does not tell them apart.
bool looksLikeFreeText(Api api, std::string_view arguments) noexcept
{
    if (api != Api::OpenAiChat && api != Api::OpenAiResponses)
        return false;
    const std::size_t first = arguments.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && arguments[first] != '{';
}

const Decision* Outcome::deciding() const
{
    const auto found = std::ranges::find(decisions, verdict, &Decision::verdict);
    return found == decisions.end() ? nullptr : &*found;
}

/// One call, request, text or tool call on its way through the policies.
class Rehearsal::Run
{
public:
    Run(Rehearsal& owner, const policy::CallFacts& facts)
        : m_owner(owner)
        , m_waker(std::make_shared<Waker>())
    {
        policy::ReviewParts parts{.facts = facts,
                                  .takeDecision = [this](Decision decision) { take(std::move(decision)); },
                                  .clock = owner.m_clock,
                                  .wake = [waker = m_waker] { waker->wake(); },
                                  .inference = owner.m_models == Models::Silent ? &m_model : nullptr};
        m_review = owner.m_chain->open(std::move(parts));
    }

    void request(const policy::CallFacts& facts, std::string_view body)
    {
        if (!m_review || !m_review->looksAtRequest())
            return;
        const auto editor = protocol::makeRequestEditor(facts.api, facts.path, body);
        if (!editor || !*editor)
            return;
        const std::span<const RequestPart> parts = (*editor)->parts();
        const auto answer = untilKnown([&] { return m_review->request(parts); });
        if (answer && !answer->isBlocked && !answer->changes.empty())
            m_outcome.replaced = (*editor)->with(answer->changes);
    }

    void tool(const ToolCall& call)
    {
        if (!m_review || !m_review->guardsTools())
            return;
        const auto answer = untilKnown([&] { return m_review->tool(call); });
        if (answer && !answer->isBlocked && answer->arguments)
            m_outcome.replaced = *answer->arguments;
    }

    void text(std::uint32_t choice, std::uint32_t block, std::string_view text)
    {
        if (!m_review || !m_review->editsText())
            return;
        std::string out;
        m_review->text(choice, block, text, out);
        const auto ended = untilKnown([&]() -> std::optional<bool> {
            return m_review->textEnd(choice, block, out) ? std::optional(true) : std::nullopt;
        });
        if (ended && out != text)
            m_outcome.replaced = std::move(out);
    }

    void reply(Api api, const Response& reply)
    {
        for (std::uint32_t i = 0; i < reply.blocks.size(); ++i) {
            const Block& block = reply.blocks[i];
            if (block.kind == BlockKind::Text)
                text(block.choice, i, block.text);
            else if (block.kind == BlockKind::Thinking && m_review && m_review->watchesThinking())
                m_review->thinking(block.choice, i, block.text);
            else if (block.kind == BlockKind::ToolUse)
                tool({.choice = block.choice,
                      .block = i,
                      .executor = block.executor,
                      .isFreeText = looksLikeFreeText(api, block.text),
                      .id = block.id,
                      .name = block.name,
                      .arguments = block.text,
                      .responseId = {},
                      .conversationId = {}});
        }
    }

    [[nodiscard]] bool looksAtRequest() const { return m_review && m_review->looksAtRequest(); }

    Outcome finish()
    {
        m_review.reset(); // withdraws what waits
        return std::move(m_outcome);
    }

private:
    void take(Decision decision)
    {
        if (decision.mode != PolicyMode::Enforce)
            return; // a tool that the provider runs itself
        raise(decision.verdict);
        m_outcome.decisions.push_back(std::move(decision));
    }
    void raise(Verdict verdict)
    {
        if (strength(verdict) > strength(m_outcome.verdict))
            m_outcome.verdict = verdict;
    }

    /// It would wait. The first question to a person says for whom and why.
    void hold()
    {
        raise(Verdict::Hold);
        const auto questions = m_owner.m_desk.pending();
        if (questions.empty() ||
            std::ranges::find(m_outcome.decisions, Verdict::Hold, &Decision::verdict) != m_outcome.decisions.end())
            return;
        const policy::ApprovalQuestion& question = questions.front().question;
        Decision decision;
        decision.policyId = question.policyId;
        decision.policyVersion = question.policyVersion;
        decision.mode = PolicyMode::Enforce;
        decision.verdict = Verdict::Hold;
        decision.reason = question.reason;
        m_outcome.decisions.push_back(std::move(decision));
    }

    /// Nullopt = nobody here could answer.
    template <typename Ask>
    auto untilKnown(Ask ask) -> decltype(ask())
    {
        const SteadyPoint giveUp = m_owner.m_clock.steady() + kPatience;
        while (true) {
            auto answer = ask();
            if (answer)
                return answer;
            const bool asksSomeone = m_model.wasAsked() || !m_owner.m_desk.pending().empty();
            if (asksSomeone || m_owner.m_clock.steady() >= giveUp) {
                hold();
                return std::nullopt;
            }
            m_waker->waitUntil(std::min(m_review->due(), giveUp));
            m_review->resume();
        }
    }

    Rehearsal& m_owner;
    std::shared_ptr<Waker> m_waker;
    SilentModel m_model;
    Outcome m_outcome;
    std::unique_ptr<policy::CallReview> m_review;
};

Rehearsal::Rehearsal(Models models)
    : m_desk(m_clock)
    , m_models(models)
{
}

Rehearsal::~Rehearsal() = default;

Result<std::unique_ptr<Rehearsal>> Rehearsal::make(policy::Registry registry,
                                                   std::vector<policy::Definition> definitions,
                                                   policy::Services services, Models models)
{
    std::unique_ptr<Rehearsal> rehearsal(new Rehearsal(models));
    for (policy::Definition& definition : definitions) {
        if (definition.mode == PolicyMode::Off)
            continue;
        definition.mode = PolicyMode::Enforce;
        rehearsal->m_policies.push_back(definition.id);
    }
    services.approvals = &rehearsal->m_desk;
    services.verdicts = nullptr; // each is asked afresh
    auto chain = policy::Chain::build(registry, definitions, services);
    if (!chain)
        return chain.error();
    if (rehearsal->m_policies.empty())
        return Error{ErrorCode::InvalidInput, "There is no policy that is not off.", "policies"};
    rehearsal->m_chain = *std::move(chain);
    return rehearsal;
}

Outcome Rehearsal::toolCall(const policy::CallFacts& facts, std::string_view tool, std::string_view arguments)
{
    Run run(*this, facts);
    run.tool({.id = {}, .name = tool, .arguments = arguments, .responseId = {}, .conversationId = {}});
    return run.finish();
}

Outcome Rehearsal::text(const policy::CallFacts& facts, std::string_view text)
{
    Run run(*this, facts);
    run.text(0, 0, text);
    return run.finish();
}

Outcome Rehearsal::request(const policy::CallFacts& facts, std::string_view body)
{
    Run run(*this, facts);
    run.request(facts, body);
    return run.finish();
}

Outcome Rehearsal::call(const policy::CallFacts& facts, const std::function<std::string()>& body, const Response* reply)
{
    Run run(*this, facts);
    if (run.looksAtRequest())
        run.request(facts, body());
    if (reply)
        run.reply(facts.api, *reply);
    return run.finish();
}

} // namespace luthien::archive
