// SPDX-License-Identifier: Apache-2.0
#include "policy/approval_rules.h"

#include "base/strict_json.h"
#include "policy/argument_value.h"
#include "policy/glob.h"

#include <QUtf8StringView>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace luthien::policy {

namespace {

Error invalid(std::string message, std::string context)
{
    return {ErrorCode::InvalidInput, std::move(message), std::move(context)};
}

Result<RulePredicate> patternPredicate(const ApprovalRule& rule)
{
    if (!rule.pattern)
        return invalid("A rule for a pattern needs one.", "pattern");
    const ArgumentPattern& wanted = *rule.pattern;
    if (wanted.pointer && !isJsonPointer(*wanted.pointer))
        return invalid("This must be a JSON pointer (RFC 6901), such as /command.", "pattern.pointer");
    const bool isGlob = wanted.kind == ArgumentPattern::Kind::Glob;
    const char* member = isGlob ? "pattern.glob" : "pattern.re2";
    // An empty expression is found everywhere: whoever means that says "tool".
    if (wanted.text.empty())
        return invalid("This is empty.", member);
    const Result<Pattern> pattern = isGlob ? compileGlob(wanted.text) : compileExpression(wanted.text);
    if (!pattern)
        return invalid(pattern.error().message, member);
    return RulePredicate([tool = rule.tool, pointer = wanted.pointer.value_or(std::string()),
                          compiled = *pattern](const RuledCall& call) {
        if (call.tool != tool)
            return false;
        if (pointer.empty())
            return matches(compiled, call.text);
        std::string scratch;
        const auto value = argumentValue(call.arguments, call.text, pointer, scratch);
        return value && matches(compiled, value->text);
    });
}

bool isAboutTool(ApprovalScope scope)
{
    return scope == ApprovalScope::Call || scope == ApprovalScope::Tool || scope == ApprovalScope::Pattern;
}

/// Policies' ids, tools and sessions hold no NUL, and only the last part could be anything.
std::string bucketOf(std::string_view policyId, std::string_view rule, bool isTool, std::string_view name)
{
    std::string key;
    key.reserve(policyId.size() + rule.size() + name.size() + 8);
    key.append(policyId).push_back('\0');
    key.append(std::to_string(rule.size())).push_back('\0');
    key.append(rule).append(isTool ? "t" : "s").append(name);
    return key;
}

std::string bucketOf(const ApprovalRule& rule)
{
    const bool isTool = isAboutTool(rule.scope);
    return bucketOf(rule.policyId, rule.rule, isTool, isTool ? rule.tool : rule.session);
}

bool counts(const ApprovalRule& rule, TimePoint now)
{
    return !rule.until || now < *rule.until;
}

} // namespace

Result<RuledArguments> RuledArguments::read(std::string_view arguments, bool isFreeText)
{
    if (isFreeText) {
        if (!QUtf8StringView(arguments.data(), static_cast<qsizetype>(arguments.size())).isValidUtf8())
            return invalid("This is not UTF-8.", "arguments");
        return RuledArguments{{}, std::string(arguments), true};
    }
    Result<boost::json::value> value =
        arguments.empty() ? boost::json::value(boost::json::object()) : parseStrictJson(arguments);
    if (!value)
        return invalid(value.error().message, "arguments");
    std::string text = boost::json::serialize(*value);
    return RuledArguments{std::move(*value), std::move(text), false};
}

RuledCall ruledCall(const ApprovalQuestion& question, const RuledArguments& arguments)
{
    return {.tool = question.tool,
            .arguments = arguments.isFreeText ? nullptr : &arguments.value,
            .text = arguments.text,
            .session = question.session,
            .agent = question.agent};
}

Result<RulePredicate> predicateOf(const ApprovalRule& rule)
{
    switch (rule.scope) {
    case ApprovalScope::Call:
        return RulePredicate([rule](const RuledCall& call) {
            return call.tool == rule.tool && call.session == rule.session && call.agent == rule.agent &&
                   call.text == rule.arguments;
        });
    case ApprovalScope::Tool:
        return RulePredicate([tool = rule.tool](const RuledCall& call) { return call.tool == tool; });
    case ApprovalScope::Pattern:
        return patternPredicate(rule);
    case ApprovalScope::Session:
        return RulePredicate([session = rule.session](const RuledCall& call) { return call.session == session; });
    case ApprovalScope::Agent:
        return RulePredicate([session = rule.session, agent = rule.agent](const RuledCall& call) {
            return call.session == session && call.agent == agent;
        });
    }
    return invalid("There is no such scope.", "scope");
}

Result<void> ApprovalRules::add(ApprovalRule rule)
{
    if (m_rules.contains(rule.id))
        return Error{ErrorCode::Conflict, "There is a rule with this id.", rule.id.toString()};
    Result<RulePredicate> applies = predicateOf(rule);
    if (!applies)
        return applies.error();
    Bucket& bucket = m_buckets[bucketOf(rule)];
    const auto isPattern = [](const auto& entry) { return entry->rule.scope == ApprovalScope::Pattern; };
    if (rule.scope == ApprovalScope::Pattern &&
        static_cast<std::size_t>(std::ranges::count_if(bucket, isPattern)) >= kMaxPatternsPerTool)
        return Error{ErrorCode::TooLarge, "There are too many patterns for this tool; revoke some first.", "pattern"};
    const CallId id = rule.id;
    auto entry = std::make_shared<const Entry>(Entry{std::move(rule), std::move(*applies)});
    bucket.push_back(entry);
    m_rules.emplace(id, std::move(entry));
    return {};
}

bool ApprovalRules::remove(const CallId& id)
{
    const auto found = m_rules.find(id);
    if (found == m_rules.end())
        return false;
    const auto bucket = m_buckets.find(bucketOf(found->second->rule));
    std::erase(bucket->second, found->second);
    if (bucket->second.empty())
        m_buckets.erase(bucket);
    m_rules.erase(found);
    return true;
}

std::vector<ApprovalRule> ApprovalRules::removeExpired(TimePoint now)
{
    std::vector<ApprovalRule> expired;
    for (const auto& [id, entry] : m_rules)
        if (!counts(entry->rule, now))
            expired.push_back(entry->rule);
    for (const ApprovalRule& rule : expired)
        remove(rule.id);
    return expired;
}

const ApprovalRule* ApprovalRules::find(std::string_view policyId, std::string_view rule, const RuledCall& call,
                                        TimePoint now) const
{
    const ApprovalRule* allowed = nullptr;
    const ApprovalRule* denied = nullptr;
    for (const bool isTool : {true, false}) {
        const auto bucket = m_buckets.find(bucketOf(policyId, rule, isTool, isTool ? call.tool : call.session));
        if (bucket == m_buckets.end())
            continue;
        for (const auto& entry : bucket->second) {
            const ApprovalRule*& best = entry->rule.isAllowed ? allowed : denied;
            const bool isNewer = !best || best->id < entry->rule.id;
            if (isNewer && counts(entry->rule, now) && entry->applies(call))
                best = &entry->rule;
        }
    }
    return denied ? denied : allowed;
}

std::vector<ApprovalRule> ApprovalRules::list() const
{
    std::vector<ApprovalRule> rules;
    rules.reserve(m_rules.size());
    for (const auto& [id, entry] : m_rules)
        rules.push_back(entry->rule);
    return rules;
}

} // namespace luthien::policy
