// SPDX-License-Identifier: Apache-2.0
#include "policy/approval_json.h"

#include "base/strict_json.h"
#include "policy/object_reader.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <utility>

namespace luthien::policy {

namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> kVerbs{"allow", "edit", "deny"};
constexpr std::array<std::string_view, 5> kScopes{"call", "tool", "pattern", "session", "agent"};
constexpr std::array<std::string_view, 8> kDurations{"once", "30s", "5m", "15m", "1h", "12h", "restart", "always"};
/// More than any answer needs: the arguments a person may write, escaped.
constexpr std::size_t kMaxAnswerBytes = 2UL * 1024 * 1024;
constexpr std::size_t kMaxPatternBytes = 16UL * 1024;

template <typename Value, std::size_t N>
json::string nameOf(const std::array<std::string_view, N>& names, Value value)
{
    const std::string_view name = names[static_cast<std::size_t>(value)];
    return json::string(name.data(), name.size());
}

json::value textOrNull(const std::string& text)
{
    return text.empty() ? json::value() : json::value(text);
}

json::value idOrNull(const CallId& id)
{
    return id.isNil() ? json::value() : json::value(id.toString());
}

json::object objectOf(const ArgumentPattern& pattern)
{
    json::object object;
    object["pointer"] = pattern.pointer ? json::value(*pattern.pointer) : json::value();
    object[pattern.kind == ArgumentPattern::Kind::Glob ? "glob" : "re2"] = pattern.text;
    object["title"] = textOrNull(pattern.title);
    return object;
}

json::object objectOf(const ApprovalOutcome& outcome)
{
    const bool isDenied = outcome.verb == ApprovalVerb::Deny;
    json::object object;
    object["answer"] = nameOf(kVerbs, outcome.verb);
    object["verdict"] = isDenied ? "block" : outcome.verb == ApprovalVerb::Edit ? "replace" : "continue";
    const std::string_view who = conversation::answeredByName(outcome.answeredBy);
    object["answered_by"] = json::string(who.data(), who.size());
    object["message"] = textOrNull(outcome.message);
    object["rule_id"] = idOrNull(outcome.rule);
    object["at"] = toRfc3339(outcome.at);
    return object;
}

json::array arrayOf(const std::vector<conversation::Match>& matches)
{
    json::array array;
    for (const conversation::Match& match : matches)
        array.push_back({{"pointer", match.pointer}, {"start", match.start}, {"end", match.end}});
    return array;
}

void describe(json::object& object, const ApprovalQuestion& question)
{
    object["call_id"] = question.call.toString();
    object["session_id"] = textOrNull(question.session);
    object["agent_id"] = textOrNull(question.agent);
    object["client"] = textOrNull(question.client);
    object["model"] = textOrNull(question.model);
    object["upstream"] = textOrNull(question.upstream);
    object["tool"] = question.tool;
    object["tool_id"] = textOrNull(question.toolId);
    object["policy_id"] = question.policyId;
    object["policy_version"] = question.policyVersion;
    object["policy_name"] = question.policyName;
    object["rule"] = textOrNull(question.rule);
    object["reason"] = question.reason;
    object["matched"] = arrayOf(question.matched);
    object["last_user_text"] = textOrNull(question.lastUserText);
}

std::string_view stateOf(const Approval& approval)
{
    if (approval.isWithdrawn)
        return "withdrawn";
    if (!approval.outcome)
        return "pending";
    if (approval.outcome->answeredBy == conversation::AnsweredBy::Timeout)
        return "expired";
    return "answered";
}

/// "unknown = null": a member that is null is as good as absent.
json::object withoutNulls(const json::object& object)
{
    json::object rest;
    for (const json::key_value_pair& member : object)
        if (!member.value().is_null())
            rest.insert(member);
    return rest;
}

std::optional<ArgumentPattern> readPattern(ObjectReader& reader)
{
    const json::object* given = reader.object("pattern");
    if (!given)
        return std::nullopt;
    const json::object object = withoutNulls(*given);
    ObjectReader members(object);
    ArgumentPattern pattern;
    pattern.pointer = members.text("pointer");
    pattern.title = members.text("title").value_or(std::string());
    const std::optional<std::string> glob = members.text("glob", kMaxPatternBytes);
    const std::optional<std::string> expression = members.text("re2", kMaxPatternBytes);
    if (glob.has_value() == expression.has_value())
        members.reject("re2", "A pattern has a glob or an re2, one of them.");
    pattern.kind = glob ? ArgumentPattern::Kind::Glob : ArgumentPattern::Kind::Re2;
    pattern.text = glob ? *glob : expression.value_or(std::string());
    if (const Result<void> finished = members.finish(); !finished)
        reader.reject("pattern." + finished.error().context, finished.error().message);
    return pattern;
}

Result<json::object> readObject(std::string_view text, std::size_t maxBytes)
{
    if (text.size() > maxBytes)
        return Error{ErrorCode::InvalidInput, "This is longer than " + std::to_string(maxBytes) + " bytes.", {}};
    Result<json::value> value = parseStrictJson(text);
    if (!value)
        return value.error();
    if (!value->is_object())
        return Error{ErrorCode::InvalidInput, "This must be one JSON object.", {}};
    return withoutNulls(value->get_object());
}

/// One that must be there.
template <std::size_t N>
std::size_t choiceOf(ObjectReader& reader, std::string_view name, const std::array<std::string_view, N>& names)
{
    const std::optional<std::size_t> choice = reader.choice(name, names);
    if (!choice)
        reader.reject(name, "This is missing; it must be " + joinedNames(names) + ".");
    return choice.value_or(0);
}

CallId readId(ObjectReader& reader, std::string_view name)
{
    const std::optional<CallId> id = CallId::parse(reader.requiredText(name));
    if (!id)
        reader.reject(name, "This must be a UUID.");
    return id.value_or(CallId());
}

std::optional<TimePoint> readTime(ObjectReader& reader, std::string_view name)
{
    const std::optional<std::string> text = reader.text(name);
    const std::optional<TimePoint> time = text ? fromRfc3339(*text) : std::nullopt;
    if (text && !time)
        reader.reject(name, "This must be a time such as 2026-11-22T12:00:00.000000Z.");
    return time;
}

} // namespace

std::string toJson(const Approval& approval)
{
    json::object object;
    object["id"] = approval.id.toString();
    const std::string_view state = stateOf(approval);
    object["state"] = json::string(state.data(), state.size());
    object["asked_at"] = toRfc3339(approval.askedAt);
    object["deadline"] = toRfc3339(approval.deadline);
    object["clock_stands_until"] =
        approval.clockStandsUntil ? json::value(toRfc3339(*approval.clockStandsUntil)) : json::value();
    describe(object, approval.question);
    json::array suggestions;
    for (const ArgumentPattern& pattern : approval.suggestions)
        suggestions.push_back(objectOf(pattern));
    object["suggestions"] = std::move(suggestions);
    object["outcome"] = approval.outcome ? json::value(objectOf(*approval.outcome)) : json::value();
    object["free_text"] = approval.question.isFreeText;
    if (approval.question.isFreeText) {
        object["arguments"] = approval.question.arguments;
        return json::serialize(object);
    }
    std::string text = json::serialize(object);
    std::string arguments = approval.question.arguments.empty() ? "{}" : approval.question.arguments;
    // No string of JSON holds a line break: these are blanks, and what we write is one line.
    for (char& character : arguments)
        character = character == '\n' || character == '\r' ? ' ' : character;
    text.pop_back();
    return text + ",\"arguments\":" + arguments + "}";
}

Result<ApprovalAnswer> approvalAnswerFromJson(std::string_view body)
{
    const Result<json::object> object = readObject(body, kMaxAnswerBytes);
    if (!object)
        return object.error();
    ObjectReader reader(*object);
    ApprovalAnswer answer;
    answer.verb = static_cast<ApprovalVerb>(choiceOf(reader, "answer", kVerbs));
    answer.message = reader.text("message").value_or(std::string());
    answer.scope = static_cast<ApprovalScope>(reader.choice("scope", kScopes).value_or(0));
    answer.duration = static_cast<ApprovalDuration>(reader.choice("for", kDurations).value_or(0));
    answer.pattern = readPattern(reader);
    const json::value* arguments = object->if_contains("arguments");
    if (arguments && arguments->is_object())
        answer.arguments = json::serialize(*reader.object("arguments"));
    else
        answer.arguments = reader.text("arguments", kMaxAnswerBytes).value_or(std::string());
    if (answer.verb == ApprovalVerb::Edit && !arguments)
        reader.reject("arguments", "This is missing: what the tool is called with instead.");
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    return answer;
}

Result<PreviewQuestion> previewQuestionFromJson(std::string_view body)
{
    const Result<json::object> object = readObject(body, kMaxAnswerBytes);
    if (!object)
        return object.error();
    ObjectReader reader(*object);
    PreviewQuestion question;
    question.answer.verb = ApprovalVerb::Allow;
    question.answer.duration = ApprovalDuration::Restart;
    question.answer.scope = static_cast<ApprovalScope>(choiceOf(reader, "scope", kScopes));
    question.answer.pattern = readPattern(reader);
    question.since = readTime(reader, "since");
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    return question;
}

std::string toJson(const ApprovalRule& rule)
{
    json::object object;
    object["id"] = idOrNull(rule.id);
    object["answer"] = nameOf(kVerbs, rule.isAllowed ? ApprovalVerb::Allow : ApprovalVerb::Deny);
    object["policy_id"] = rule.policyId;
    object["rule"] = rule.rule;
    object["scope"] = nameOf(kScopes, rule.scope);
    object["tool"] = rule.tool;
    object["arguments"] = rule.arguments;
    object["pattern"] = rule.pattern ? json::value(objectOf(*rule.pattern)) : json::value();
    object["session_id"] = rule.session;
    object["agent_id"] = rule.agent;
    object["message"] = rule.message;
    object["made_at_call"] = idOrNull(rule.madeAtCall);
    object["made_in_session"] = textOrNull(rule.madeInSession);
    object["made_at"] = toRfc3339(rule.at);
    object["until"] = rule.until ? json::value(toRfc3339(*rule.until)) : json::value();
    object["ends_with_program"] = rule.endsWithProgram;
    return json::serialize(object);
}

Result<ApprovalRule> approvalRuleFromJson(std::string_view text)
{
    const Result<json::object> object = readObject(text, kMaxAnswerBytes);
    if (!object)
        return object.error();
    ObjectReader reader(*object);
    ApprovalRule rule;
    rule.id = readId(reader, "id");
    const auto verb = static_cast<ApprovalVerb>(choiceOf(reader, "answer", kVerbs));
    if (verb == ApprovalVerb::Edit)
        reader.reject("answer", "A rule allows or denies.");
    rule.isAllowed = verb == ApprovalVerb::Allow;
    rule.policyId = reader.requiredText("policy_id");
    rule.rule = reader.text("rule", kMaxAnswerBytes).value_or(std::string());
    rule.scope = static_cast<ApprovalScope>(choiceOf(reader, "scope", kScopes));
    rule.tool = reader.text("tool").value_or(std::string());
    rule.arguments = reader.text("arguments", kMaxAnswerBytes).value_or(std::string());
    rule.pattern = readPattern(reader);
    rule.session = reader.text("session_id").value_or(std::string());
    rule.agent = reader.text("agent_id").value_or(std::string());
    rule.message = reader.text("message").value_or(std::string());
    // Rules of the first releases do not say where they were made.
    rule.madeAtCall = CallId::parse(reader.text("made_at_call").value_or(std::string())).value_or(CallId());
    rule.madeInSession = reader.text("made_in_session").value_or(std::string());
    rule.at = readTime(reader, "made_at").value_or(TimePoint());
    rule.until = readTime(reader, "until");
    rule.endsWithProgram = reader.truth("ends_with_program").value_or(false);
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    return rule;
}

} // namespace luthien::policy
