// SPDX-License-Identifier: Apache-2.0
#include "archive/rule_preview.h"

#include "archive/history_walk.h"
#include "archive/rehearsal.h"
#include "conversation/response.h"
#include "policy/approval_json.h"
#include "policy/approval_rules.h"
#include "policy/notice.h"
#include "store/reader.h"

#include <boost/json.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace luthien::archive {

using namespace conversation;

namespace {
namespace json = boost::json;

/// More decisions about one call than these are not looked at.
constexpr std::uint32_t kMaxDecisions = 500;

/// Of the patience, for what was decided about the matches.
constexpr int kPartForDecisions = 6;
const Error kGivenUp{ErrorCode::Timeout, "The preview was given up.", {}};

/// A match, with what finds the decisions about it.
struct Found
{
    RuleMatch match;
    std::string arguments; ///< whole
};

/// What neighbouring calls held.
struct Tally
{
    std::uint64_t toolCalls = 0;
    std::uint64_t matched = 0;
    std::set<std::string> sessions; ///< with a match
    std::vector<Found> newest;
};

/// Tries the rule on the calls of the past.
class Trial
{
public:
    explicit Trial(policy::RulePredicate applies)
        : m_applies(std::move(applies))
    {
    }

    [[nodiscard]] Result<Tally> look(std::span<const store::PastCall> calls) const
    {
        Tally tally;
        for (const store::PastCall& call : calls) {
            if (call.reply.empty())
                continue;
            const auto reply = responseFromJson(call.reply);
            if (!reply)
                return reply.error();
            for (auto block = reply->blocks.rbegin(); block != reply->blocks.rend(); ++block)
                look(call, *block, tally);
        }
        return tally;
    }

private:
    /// Nobody is asked about what the provider carries out itself.
    void look(const store::PastCall& call, const Block& block, Tally& tally) const
    {
        if (block.kind != BlockKind::ToolUse || block.executor != Executor::Client)
            return;
        ++tally.toolCalls;
        const auto arguments = policy::RuledArguments::read(block.text, looksLikeFreeText(call.api, block.text));
        if (!arguments)
            return; // what cannot be read is not asked about, and no rule answers it
        const policy::RuledCall ruled{.tool = block.name,
                                      .arguments = arguments->isFreeText ? nullptr : &arguments->value,
                                      .text = arguments->text,
                                      .session = call.identity.session,
                                      .agent = call.identity.agent};
        if (!m_applies(ruled))
            return;
        ++tally.matched;
        tally.sessions.insert(call.identity.session);
        if (tally.newest.size() < RulePreview::kMaxMatches)
            tally.newest.push_back({matchOf(call, block), block.text});
    }

    static RuleMatch matchOf(const store::PastCall& call, const Block& block)
    {
        RuleMatch match{.call = call.id,
                        .at = call.at,
                        .session = call.identity.session,
                        .agent = call.identity.agent,
                        .tool = block.name,
                        .toolId = block.id,
                        .arguments = std::string(policy::boundedText(block.text, RulePreview::kMaxArgumentBytes))};
        match.isCut = match.arguments.size() < block.text.size();
        return match;
    }

    policy::RulePredicate m_applies;
};

/// Sums up tallies as they come, newest first.
struct Sum
{
    RulePreview preview;
    std::set<std::string> sessions;
    std::vector<Found> newest;

    void add(const Tally& tally)
    {
        preview.toolCalls += tally.toolCalls;
        preview.matched += tally.matched;
        sessions.insert(tally.sessions.begin(), tally.sessions.end());
        for (const Found& found : tally.newest) {
            if (newest.size() < RulePreview::kMaxMatches)
                newest.push_back(found);
        }
    }
};

bool isAbout(const Decision& decision, const Found& found)
{
    if (decision.mode != PolicyMode::Enforce || decision.tool != found.match.tool)
        return false;
    // Gemini and Ollama may give a call no id.
    return found.match.toolId.empty() ? decision.original == found.arguments : decision.toolId == found.match.toolId;
}

std::chrono::milliseconds timeUntil(SteadyPoint end)
{
    const auto left = end - std::chrono::steady_clock::now();
    return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(left), {});
}

/// What was decided about the calls then.
Result<void> addDecisions(const store::DatabaseLocation& database, std::vector<Found>& found, SteadyPoint end,
                          const std::stop_token& stop)
{
    if (found.empty())
        return {};
    const auto reader = store::Reader::open(database);
    if (!reader)
        return reader.error();
    const std::stop_callback ends(stop, [&reader] { (*reader)->interrupt(); });
    for (Found& each : found) {
        if (stop.stop_requested())
            return kGivenUp;
        (*reader)->setDeadline(timeUntil(end));
        const auto page = (*reader)->decisionsOfCall(each.match.call, std::nullopt, kMaxDecisions);
        if (!page)
            return page.error();
        for (const store::DecisionRow& row : page->items) {
            const Decision& decision = row.decision;
            if (!isAbout(decision, each) || strength(decision.verdict) < strength(each.match.verdict))
                continue;
            each.match.verdict = decision.verdict;
            each.match.answeredBy = decision.answeredBy;
            each.match.policyId = decision.policyId;
            each.match.reason = decision.reason;
        }
    }
    return {};
}

json::object objectOf(const RuleMatch& match)
{
    const auto textOrNull = [](const std::string& text) { return text.empty() ? json::value() : json::value(text); };
    const bool isDecided = !match.policyId.empty();
    return {{"call_id", match.call.toString()},
            {"at", toRfc3339(match.at)},
            {"session_id", match.session},
            {"agent_id", textOrNull(match.agent)},
            {"tool", match.tool},
            {"tool_id", textOrNull(match.toolId)},
            {"arguments", match.arguments},
            {"cut", match.isCut},
            {"verdict", verdictName(match.verdict)},
            {"answered_by", isDecided ? json::value(answeredByName(match.answeredBy)) : json::value()},
            {"policy_id", textOrNull(match.policyId)},
            {"reason", textOrNull(match.reason)}};
}
} // namespace

Result<RulePreview> previewRule(const RulePreviewPlan& plan, const std::stop_token& stop)
{
    const auto applies = policy::predicateOf(plan.rule);
    if (!applies)
        return applies.error();
    const SteadyPoint giveUp = std::chrono::steady_clock::now() + plan.patience;
    const SteadyPoint walkEnd = giveUp - plan.patience / kPartForDecisions;
    Sum sum;
    const auto makeJudge = [&]() -> Result<CallJudge> {
        return CallJudge([trial = Trial(*applies), &sum](std::span<const store::PastCall> calls) -> Result<Findings> {
            auto tally = trial.look(calls);
            if (!tally)
                return tally.error();
            return Findings([tally = *std::move(tally), &sum] { sum.add(tally); });
        });
    };
    bool isEnough = false; // a database may end with Timeout, too, and that says nothing about the past
    const auto progress = [&](std::uint64_t done, std::uint64_t calls) {
        isEnough = done < calls && (done >= plan.maxCalls || std::chrono::steady_clock::now() >= walkEnd);
        return !isEnough && !stop.stop_requested();
    };
    // One thread: whoever judges live traffic needs the others.
    const auto walked = walkHistory({.database = plan.database,
                                     .filter = {.session = {}, .client = {}, .model = {}, .since = plan.since},
                                     .order = WalkOrder::NewestFirst,
                                     .threads = 1,
                                     .until = walkEnd,
                                     .stop = stop},
                                    makeJudge, progress);
    if (stop.stop_requested())
        return kGivenUp;
    // Its own time was up within a query: what was found until then is told.
    const bool isLate = !walked && walked.error().code == ErrorCode::Timeout && sum.preview.toolCalls > 0 &&
                        std::chrono::steady_clock::now() >= walkEnd;
    if (!walked && !isEnough && !isLate)
        return walked.error();
    sum.preview.isWhole = walked.hasValue();
    if (auto decided = addDecisions(plan.database, sum.newest, giveUp, stop); !decided)
        return stop.stop_requested() ? kGivenUp : decided.error();
    sum.preview.rule = plan.rule;
    sum.preview.since = plan.since;
    sum.preview.sessions = sum.sessions.size();
    for (Found& found : sum.newest)
        sum.preview.newest.push_back(std::move(found.match));
    return std::move(sum.preview);
}

std::string toJson(const RulePreview& preview)
{
    json::array newest;
    for (const RuleMatch& match : preview.newest)
        newest.push_back(objectOf(match));
    return json::serialize(json::object{{"rule", json::parse(policy::toJson(preview.rule))},
                                        {"since", toRfc3339(preview.since)},
                                        {"tool_calls", preview.toolCalls},
                                        {"matched", preview.matched},
                                        {"sessions", preview.sessions},
                                        {"whole", preview.isWhole},
                                        {"newest", std::move(newest)}});
}

} // namespace luthien::archive
