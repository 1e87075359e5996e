// SPDX-License-Identifier: Apache-2.0
#include "policy/chain.h"

#include "base/strict_json.h"
#include "policy/notice.h"
#include "policy/text_change.h"

#include <QUtf8StringView>

#include <boost/json/value.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace luthien::policy {

using conversation::AnsweredBy;
using conversation::Decision;
using conversation::Executor;
using conversation::ToolAnswer;
using conversation::ToolCall;
using conversation::Verdict;

namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDepth = 128;
constexpr std::size_t kMaxReasonBytes = 2000;
constexpr std::size_t kMaxToolNameBytes = 256;
constexpr std::size_t kMaxMatches = 64;

/// A block of a reply: choice and position.
using BlockKey = std::pair<std::uint32_t, std::uint32_t>;

bool isUtf8(std::string_view text)
{
    return QUtf8StringView(text.data(), static_cast<qsizetype>(text.size())).isValidUtf8();
}

/// The arguments as all policies judge them; null for free text. Errors: they can be read in more than one way.
Result<json::value> readArguments(const ToolCall& call)
{
    if (call.arguments.size() > kMaxArgumentBytes)
        return Error{
            ErrorCode::TooLarge, "The arguments are longer than " + std::to_string(kMaxArgumentBytes) + " bytes.", {}};
    if (!isUtf8(call.name) || (call.isFreeText && !isUtf8(call.arguments)))
        return Error{ErrorCode::InvalidInput, "The call is not valid UTF-8.", {}};
    if (call.isFreeText)
        return json::value();
    // A call without arguments; some models write nothing, some {}.
    if (call.arguments.empty())
        return json::value(json::object());
    Result<json::value> arguments = parseStrictJson(call.arguments, kMaxDepth);
    if (!arguments)
        return Error{arguments.error().code, "The arguments cannot be judged: " + arguments.error().message,
                     arguments.error().context};
    return arguments;
}

Error at(const Definition& definition, Error error)
{
    error.context = "policies[" + definition.id + "]." + error.context;
    return error;
}

std::string joinedTypes(Registry registry)
{
    std::string names;
    for (const PolicyType& type : registry)
        names += (names.empty() ? "" : ", ") + std::string(type.name);
    return names;
}

} // namespace

/// The policies of a chain at work on one reply.
class ChainReview final : public CallReview
{
public:
    ChainReview(std::shared_ptr<const Chain> chain, ReviewParts parts)
        : m_chain(std::move(chain))
        , m_parts(std::move(parts))
        , m_clock(m_parts.clock)
    {
        m_workers.reserve(m_chain->m_links.size());
        for (const Chain::Link& link : m_chain->m_links) {
            m_contexts.push_back({.facts = m_parts.facts,
                                  .clock = m_clock,
                                  .wake = m_parts.wake,
                                  .inference = m_parts.inference,
                                  .policyId = link.definition.id,
                                  .policyVersion = link.version,
                                  .policyName = link.title,
                                  .mode = link.definition.mode});
            m_workers.push_back({link, link.policy->open(m_contexts.back()), {}});
        }
    }

    [[nodiscard]] SteadyPoint due() const override { return SteadyPoint::max(); }
    void resume() override {}
    [[nodiscard]] bool isWaiting() const override { return false; }
    [[nodiscard]] bool mayRetry() const override { return false; }
    [[nodiscard]] std::vector<DeniedCall> retry() override { return {}; }
    void ended(const conversation::CallEnded&) override {}
    [[nodiscard]] bool looksAtRequest() const override { return false; }
    [[nodiscard]] std::optional<conversation::RequestAnswer>
    request(std::span<const conversation::RequestPart>) override
    {
        return conversation::RequestAnswer{};
    }

    [[nodiscard]] bool guardsTools() const override
    {
        return std::any_of(m_workers.begin(), m_workers.end(),
                           [](const Worker& w) { return w.link.interests.toolCalls; });
    }
    [[nodiscard]] bool editsText() const override
    {
        return std::any_of(m_workers.begin(), m_workers.end(), [](const Worker& w) { return w.link.interests.text; });
    }

    [[nodiscard]] std::optional<ToolAnswer> tool(const ToolCall& call) override
    {
        const auto [known, isNew] = m_answers.try_emplace(BlockKey(call.choice, call.block));
        if (isNew && guardsTools())
            known->second = judge(call);
        return known->second;
    }

    void text(std::uint32_t choice, std::uint32_t block, std::string_view part, std::string& out) override
    {
        std::string passed(part);
        for (Worker& worker : m_workers) {
            if (!worker.link.interests.text)
                continue;
            std::string result;
            change(worker, {choice, block}, isEnforcing(worker) ? std::string_view(passed) : part, result);
            if (isEnforcing(worker))
                passed = std::move(result);
        }
        out += passed;
    }

    [[nodiscard]] bool textEnd(std::uint32_t choice, std::uint32_t block, std::string& out) override
    {
        std::string passed;
        for (Worker& worker : m_workers) {
            if (!worker.link.interests.text)
                continue;
            std::string result;
            if (isEnforcing(worker) && !passed.empty())
                change(worker, {choice, block}, passed, result);
            finish(worker, {choice, block}, result);
            if (isEnforcing(worker))
                passed = std::move(result);
        }
        out += passed;
        return true;
    }

private:
    struct TextWork
    {
        TextChange change{kMaxRecordedBytes};
        SteadyPoint::duration spent{};
    };
    struct Worker
    {
        const Chain::Link& link;
        std::unique_ptr<PolicyCall> call;
        std::map<BlockKey, TextWork> texts;
    };
    /// One policy's verdict and what led to it.
    struct Judgement
    {
        PolicyVerdict verdict;
        bool isError = false;
        std::chrono::microseconds latency{};
    };

    static bool isEnforcing(const Worker& worker) { return worker.link.definition.mode == PolicyMode::Enforce; }

    ToolAnswer judge(const ToolCall& call)
    {
        const Result<json::value> arguments = readArguments(call);
        ToolAnswer answer;
        for (Worker& worker : m_workers) {
            const bool decides = isEnforcing(worker) && call.executor == Executor::Client;
            if (!worker.link.interests.toolCalls || (decides && answer.isBlocked))
                continue;
            Judgement judgement = judgeBy(worker, call, arguments);
            if (!judgement.verdict.isBlocked() && !judgement.isError)
                continue;
            const Decision decision = record(worker, call, std::move(judgement), decides);
            if (decides && decision.verdict == Verdict::Block)
                answer = {true, decision.agentText};
        }
        return answer;
    }

    Judgement judgeBy(Worker& worker, const ToolCall& call, const Result<json::value>& arguments)
    {
        const SteadyPoint start = m_clock.steady();
        const Result<PolicyVerdict> said = arguments
                                               ? worker.call->toolCall({call, call.isFreeText ? nullptr : &*arguments})
                                               : Result<PolicyVerdict>(arguments.error());
        Judgement judgement;
        judgement.latency = std::chrono::duration_cast<std::chrono::microseconds>(m_clock.steady() - start);
        if (said) {
            judgement.verdict = *said;
            return judgement;
        }
        judgement.isError = true;
        judgement.verdict.verdict =
            worker.link.definition.onError == OnError::Block ? Verdict::Block : Verdict::Continue;
        judgement.verdict.reason = said.error().message;
        if (!said.error().context.empty())
            judgement.verdict.reason += " (" + said.error().context + ")";
        return judgement;
    }

    Decision record(const Worker& worker, const ToolCall& call, Judgement judgement, bool decides)
    {
        Decision decision = decisionOf(worker);
        if (!decides)
            decision.mode = PolicyMode::Shadow;
        decision.verdict = judgement.verdict.isBlocked() ? Verdict::Block : Verdict::Continue;
        decision.answeredBy = judgement.isError ? AnsweredBy::Error : AnsweredBy::Policy;
        decision.score = judgement.verdict.score;
        if (judgement.verdict.isBlocked())
            decision.agentText =
                agentNotice(worker.link.definition.agentText, call.name, worker.link.title, judgement.verdict.reason);
        if (call.executor != Executor::Client)
            judgement.verdict.reason += " The provider runs this tool itself: it could not be stopped here.";
        decision.reason = boundedText(judgement.verdict.reason, kMaxReasonBytes);
        decision.tool = boundedText(call.name, kMaxToolNameBytes);
        decision.toolId = boundedText(call.id, kMaxToolNameBytes);
        decision.matched = std::move(judgement.verdict.matched);
        decision.matched.resize(std::min(decision.matched.size(), kMaxMatches));
        decision.original = boundedText(call.arguments, kMaxRecordedBytes);
        decision.final = decision.verdict == Verdict::Block ? decision.agentText : decision.original;
        decision.latency = judgement.latency;
        m_parts.takeDecision(decision);
        return decision;
    }

    static Decision decisionOf(const Worker& worker)
    {
        return {.policyId = worker.link.definition.id,
                .policyVersion = worker.link.version,
                .mode = worker.link.definition.mode};
    }

    void change(Worker& worker, BlockKey key, std::string_view part, std::string& out)
    {
        TextWork& work = worker.texts[key];
        const SteadyPoint start = m_clock.steady();
        const std::size_t before = out.size();
        worker.call->text(key.first, key.second, part, out);
        work.spent += m_clock.steady() - start;
        work.change.in(part);
        work.change.out(std::string_view(out).substr(before));
    }

    void finish(Worker& worker, BlockKey key, std::string& out)
    {
        auto node = worker.texts.extract(key);
        if (!node)
            return;
        TextWork& work = node.mapped();
        const SteadyPoint start = m_clock.steady();
        const std::size_t before = out.size();
        (void)worker.call->textEnd(key.first, key.second, out);
        work.spent += m_clock.steady() - start;
        work.change.out(std::string_view(out).substr(before));
        if (work.change.isUnchanged())
            return;
        Decision decision = decisionOf(worker);
        decision.verdict = Verdict::Replace;
        decision.reason = "The text was changed.";
        decision.original = work.change.original();
        decision.final = work.change.result();
        decision.latency = std::chrono::duration_cast<std::chrono::microseconds>(work.spent);
        m_parts.takeDecision(std::move(decision));
    }

    std::shared_ptr<const Chain> m_chain;
    ReviewParts m_parts;
    std::deque<PolicyContext> m_contexts;
    const Clock& m_clock;
    std::vector<Worker> m_workers;
    std::map<BlockKey, ToolAnswer> m_answers;
};

Result<Chain::Link> Chain::makeLink(Registry registry, const Definition& definition, const Services& services)
{
    const PolicyType* type = findType(registry, definition.type);
    if (!type)
        return at(definition, {ErrorCode::InvalidInput,
                               "There is no such type of policy; there are " + joinedTypes(registry) + ".", "type"});
    const Result<json::value> config = parseStrictJson(definition.config);
    if (!config || !config->is_object())
        return at(definition, {ErrorCode::InvalidInput, "This must be one JSON object.", "config"});
    Result<std::shared_ptr<const Policy>> policy = type->make(config->get_object(), services);
    if (!policy) {
        Error error = policy.error();
        error.context = error.context.empty() ? "config" : "config." + error.context;
        return at(definition, std::move(error));
    }
    const Interests interests = (*policy)->interests();
    return Link{.definition = definition,
                .version = versionOf(definition),
                .title = definition.name.empty() ? std::string(type->title) : definition.name,
                .policy = std::move(*policy),
                .interests = interests};
}

Result<std::shared_ptr<const Chain>> Chain::build(Registry registry, const std::vector<Definition>& definitions,
                                                  const Services& services)
{
    auto chain = std::make_shared<Chain>();
    std::set<std::string_view> ids;
    for (const Definition& definition : definitions) {
        if (!ids.insert(definition.id).second)
            return at(definition, {ErrorCode::InvalidInput, "Two policies have this id.", "id"});
        Result<Link> link = makeLink(registry, definition, services);
        if (!link)
            return link.error();
        if (definition.mode == PolicyMode::Off || (!link->interests.toolCalls && !link->interests.text))
            continue;
        chain->m_enforces = chain->m_enforces || definition.mode == PolicyMode::Enforce;
        chain->m_links.push_back(std::move(*link));
    }
    return std::shared_ptr<const Chain>(std::move(chain));
}

std::unique_ptr<CallReview> Chain::open(ReviewParts parts) const
{
    return std::make_unique<ChainReview>(shared_from_this(), std::move(parts));
}

bool Chain::changesArguments() const noexcept
{
    return std::ranges::any_of(m_links, [](const Link& link) { return link.interests.changesArguments; });
}

} // namespace luthien::policy
