// SPDX-License-Identifier: Apache-2.0
#include "store/evidence.h"

#include "store/database.h"
#include "store/row_mapping.h"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace luthien::store {

using namespace conversation;

namespace {
namespace json = boost::json;

constexpr int kCallExtraColumn = 45;        // of get_call_evidence: cost, recorded, reply, sent reply
constexpr int kDecisionOriginalColumn = 25; // of get_decision_evidence: original, final

json::value text(std::string_view text)
{
    return text.empty() ? json::value(nullptr) : json::value(json::string_view(text.data(), text.size()));
}

json::value time(const std::optional<TimePoint>& time)
{
    return time ? text(toRfc3339(*time)) : json::value(nullptr);
}

json::value id(const CallId& id)
{
    return id.isNil() ? json::value(nullptr) : text(id.toString());
}

json::value number(const std::optional<std::int64_t>& number)
{
    return number ? json::value(*number) : json::value(nullptr);
}

/// The shortest decimal that reads back as the same number: what any language prints, unlike the number in JSON.
json::value decimal(const std::optional<double>& number)
{
    if (!number)
        return nullptr;
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *number).ptr;
    return text({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

json::value digest(const Statement& row, int column)
{
    Digest bytes{};
    const std::string blob = row.blob(column);
    if (blob.size() != bytes.size())
        return nullptr;
    std::ranges::copy(blob, bytes.begin());
    return text(toHex(bytes));
}

json::object totals(const BodyTotals& totals)
{
    return {{"bytes", totals.bytes}, {"sha256", toHex(totals.sha256)}, {"changed_bytes", totals.changedBytes}};
}

void addWho(json::object& object, const CallRow& call)
{
    object["session_id"] = text(call.identity.session);
    object["agent_id"] = text(call.identity.agent);
    object["parent_agent_id"] = text(call.identity.parentAgent);
    object["client"] = text(call.identity.client);
    object["client_version"] = text(call.identity.clientVersion);
    object["user"] = text(call.identity.user);
    object["upstream"] = text(call.upstream);
    object["api"] = text(apiName(call.api));
    object["method"] = text(call.method);
    object["path"] = text(call.path);
    object["model"] = text(call.model);
    object["cause_call_id"] = id(call.cause);
    object["cause_policy"] = text(call.causePolicy);
}

void addOutcome(json::object& object, const CallRow& call)
{
    object["status"] = text(callStatusName(call.status));
    object["http_status"] = call.httpStatus;
    object["stop_reason"] = text(stopReasonName(call.stopReason));
    object["raw_stop_reason"] = text(call.rawStopReason);
    object["started_at"] = time(call.startedAt);
    object["first_byte_at"] = time(call.firstByteAt);
    object["first_token_at"] = time(call.firstTokenAt);
    object["ended_at"] = time(call.endedAt);
    object["held_policy_us"] = call.heldByPolicy.count();
    object["held_person_us"] = call.heldByPerson.count();
    object["usage"] = json::array{number(call.usage.input), number(call.usage.output), number(call.usage.cacheRead),
                                  number(call.usage.cacheWrite), number(call.usage.reasoning)};
    object["error"] = text(call.error);
    object["request"] = totals(call.request);
    object["response"] = totals(call.response);
}

std::string callEvidence(const Statement& row)
{
    const CallRow call = callFrom(row);
    json::object object{{"kind", "call"}, {"id", id(call.id)}};
    addWho(object, call);
    object["stream"] = call.stream;
    addOutcome(object, call);
    object["cost_nano_usd"] = row.isNull(kCallExtraColumn) ? json::value(nullptr) : row.number(kCallExtraColumn);
    object["recorded_sha256"] = digest(row, kCallExtraColumn + 1);
    object["reply_sha256"] = digest(row, kCallExtraColumn + 2);
    object["sent_reply_sha256"] = digest(row, kCallExtraColumn + 3);
    return json::serialize(object);
}

json::array matchedArray(const std::vector<Match>& matched)
{
    json::array list;
    for (const Match& match : matched)
        list.push_back({{"pointer", match.pointer}, {"start", match.start}, {"end", match.end}});
    return list;
}

std::string decisionEvidence(const Statement& row)
{
    const DecisionRow found = decisionFrom(row);
    const Decision& decision = found.decision;
    const json::object object{{"kind", "decision"},
                              {"id", id(decision.id)},
                              {"call_id", id(decision.call)},
                              {"at", time(decision.at)},
                              {"seq", decision.seq},
                              {"policy_id", text(decision.policyId)},
                              {"policy_version", text(decision.policyVersion)},
                              {"mode", text(policyModeName(decision.mode))},
                              {"verdict", text(verdictName(decision.verdict))},
                              {"answered_by", text(answeredByName(decision.answeredBy))},
                              {"score", decimal(decision.score)},
                              {"reason", text(decision.reason)},
                              {"agent_text", text(decision.agentText)},
                              {"tool", text(decision.tool)},
                              {"tool_id", text(decision.toolId)},
                              {"response_id", text(decision.responseId)},
                              {"conversation_id", text(decision.conversationId)},
                              {"inference_call_id", id(decision.inference)},
                              {"repeat", decision.isRepeat},
                              {"matched", matchedArray(decision.matched)},
                              {"original_sha256", digest(row, kDecisionOriginalColumn)},
                              {"final_sha256", digest(row, kDecisionOriginalColumn + 1)},
                              {"latency_us", decision.latency.count()}};
    return json::serialize(object);
}

std::string_view reasonName(RemovalReason reason) noexcept
{
    switch (reason) {
    case RemovalReason::Person:
        return "person";
    case RemovalReason::BodiesRetention:
        return "retention_of_bodies";
    case RemovalReason::MetadataRetention:
        return "retention_of_metadata";
    }
    return {};
}

std::string removalEvidence(const Statement& row)
{
    return json::serialize(json::object{{"kind", "removal"},
                                        {"at", time(fromMicros(row.number(1)))},
                                        {"reason", text(reasonName(static_cast<RemovalReason>(row.number(0))))},
                                        {"links", row.number(2)},
                                        {"sha256", digest(row, 3)}});
}

std::string keyEvidence(const Statement& row)
{
    return json::serialize(
        json::object{{"kind", "key"}, {"at", time(fromMicros(row.number(0)))}, {"key_id", text(row.text(1))}});
}

/// How the subjects of a kind are found, and told as JSON.
struct Subject
{
    std::string_view name;
    const char* query;
    std::string (*json)(const Statement& row);
};

const Subject& subjectOf(EvidenceKind kind) noexcept
{
    static constexpr std::array<Subject, 4> kSubjects{{{"call", "get_call_evidence", &callEvidence},
                                                       {"decision", "get_decision_evidence", &decisionEvidence},
                                                       {"removal", "get_removal_evidence", &removalEvidence},
                                                       {"key", "get_key_evidence", &keyEvidence}}};
    return kSubjects.at(static_cast<std::size_t>(kind) - 1);
}
} // namespace

std::string_view evidenceKindName(EvidenceKind kind) noexcept
{
    return subjectOf(kind).name;
}

Result<std::optional<std::string>> evidenceOf(Database& database, EvidenceKind kind, std::int64_t row)
{
    const Subject& subject = subjectOf(kind);
    auto get = database.statement(subject.query);
    if (!get)
        return get.error();
    if (auto done = (*get)->bind(":id", row).exec(); !done)
        return done.error();
    const auto found = (*get)->next();
    std::optional<std::string> object;
    if (found && *found)
        object = subject.json(**get);
    (*get)->finish();
    return found ? Result<std::optional<std::string>>(std::move(object)) : found.error();
}

Digest linkDigest(const Digest& previous, std::string_view json)
{
    Sha256 hash;
    hash.add(asBytes(previous));
    hash.add(json);
    return hash.finish();
}

Digest removalDigest(const std::vector<EvidenceHead>& links)
{
    Sha256 hash;
    for (const EvidenceHead& link : links)
        hash.add(std::to_string(link.number) + ' ' + toHex(link.sha256) + '\n');
    return hash.finish();
}

EvidenceHead linkFrom(const Statement& row)
{
    EvidenceHead link{.number = row.number(0), .sha256 = {}};
    const std::string sha256 = row.blob(1);
    std::copy_n(sha256.begin(), std::min(sha256.size(), link.sha256.size()), link.sha256.begin());
    return link;
}

Result<EvidenceHead> readEvidenceHead(Database& database)
{
    auto get = database.statement("get_evidence_head");
    if (!get)
        return get.error();
    if (auto done = (*get)->exec(); !done)
        return done.error();
    const auto row = (*get)->next();
    EvidenceHead head;
    if (row && *row)
        head = linkFrom(**get);
    (*get)->finish();
    return row ? Result<EvidenceHead>(head) : row.error();
}

Result<std::string> readEvidenceKeyId(Database& database)
{
    auto get = database.statement("get_evidence_key");
    if (!get)
        return get.error();
    if (auto done = (*get)->exec(); !done)
        return done.error();
    const auto row = (*get)->next();
    std::string id = row && *row ? (*get)->text(0) : std::string();
    (*get)->finish();
    return row ? Result<std::string>(std::move(id)) : row.error();
}

} // namespace luthien::store
