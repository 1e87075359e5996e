// SPDX-License-Identifier: Apache-2.0
#include "store/decision_table.h"

#include "store/content_store.h"
#include "store/database.h"
#include "store/evidence.h"

#include <boost/json.hpp>

#include <string>

namespace luthien::store {

using namespace conversation;

namespace {
std::string toJson(const std::vector<Match>& matched)
{
    boost::json::array list;
    for (const Match& match : matched)
        list.push_back({{"pointer", match.pointer}, {"start", match.start}, {"end", match.end}});
    return boost::json::serialize(list);
}
} // namespace

Result<void> DecisionTable::insert(const DecisionOwner& owner, const Decision& decision)
{
    const auto original = content(decision.original);
    const auto final = content(decision.final);
    auto statement = m_database.statement("insert_decision");
    if (!original || !final || !statement)
        return !original ? original.error() : !final ? final.error() : statement.error();
    (*statement)
        ->bindText(":response", decision.responseId)
        .bindText(":conversation", decision.conversationId)
        .bindOptionalId(":inference", decision.inference)
        .bind(":is_repeat", std::int64_t{decision.isRepeat});
    const auto row = (*statement)
                         ->bindId(":uid", decision.id)
                         .bind(":call", owner.call)
                         .bind(":session", owner.session)
                         .bind(":at", toMicros(decision.at))
                         .bind(":seq", std::int64_t{decision.seq})
                         .bindText(":policy", decision.policyId)
                         .bindText(":policy_version", decision.policyVersion)
                         .bind(":mode", static_cast<std::int64_t>(decision.mode))
                         .bind(":verdict", static_cast<std::int64_t>(decision.verdict))
                         .bind(":answered_by", static_cast<std::int64_t>(decision.answeredBy))
                         .bindReal(":score", decision.score)
                         .bindText(":reason", decision.reason)
                         .bindText(":agent_text", decision.agentText)
                         .bindText(":tool", decision.tool)
                         .bindText(":tool_uid", decision.toolId)
                         .bindText(":matched", toJson(decision.matched))
                         .bind(":original", *original)
                         .bind(":final", *final)
                         .bind(":latency", std::int64_t{decision.latency.count()})
                         .firstNumber();
    if (!row)
        return row.error();
    if (!*row)
        return {}; // replayed
    if (auto chained = m_evidence.add(EvidenceKind::Decision, **row); !chained)
        return chained;
    return count(owner.session, decision);
}

Result<std::optional<std::int64_t>> DecisionTable::content(std::string_view text)
{
    if (text.empty())
        return std::optional<std::int64_t>();
    const auto row = m_contents.put(text);
    return row ? Result<std::optional<std::int64_t>>(*row) : row.error();
}

Result<void> DecisionTable::count(std::int64_t session, const Decision& decision)
{
    if (decision.verdict == Verdict::Continue || decision.isRepeat)
        return {};
    auto update = m_database.statement("update_session_decisions");
    if (!update)
        return update.error();
    const bool isShadow = decision.mode != PolicyMode::Enforce;
    const auto one = [&](Verdict verdict) { return std::int64_t{!isShadow && decision.verdict == verdict}; };
    return (*update)
        ->bind(":session", session)
        .bind(":block", one(Verdict::Block))
        .bind(":replace", one(Verdict::Replace))
        .bind(":hold", one(Verdict::Hold))
        .bind(":shadow", std::int64_t{isShadow})
        .post();
}

} // namespace luthien::store
