// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/tool_rules.h"

#include "policy/approval_requests.h"
#include "policy/glob.h"
#include "policy/object_reader.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace luthien::policy::builtin {

namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> kActions{"allow", "deny", "ask"};
enum class Action : std::uint8_t { Allow, Deny, Ask };

struct Rule
{
    Pattern tool;
    std::string toolGlob;
    std::optional<std::string> pointer; ///< absent = the whole arguments
    Pattern value;                      ///< null = any
    Action action = Action::Deny;
    std::string reason;
};

/// What a rule's pointer leads to.
struct Value
{
    std::string text;
    bool isString = false; ///< text is the string at the pointer: positions in it mean something
};

std::optional<Value> valueAt(const JudgedCall& call, const std::optional<std::string>& pointer)
{
    if (!call.arguments) {
        if (pointer && !pointer->empty())
            return std::nullopt;
        return Value{std::string(call.call.arguments), true};
    }
    boost::system::error_code error;
    const std::string path = pointer.value_or(std::string());
    const json::value* value = call.arguments->find_pointer(json::string_view(path.data(), path.size()), error);
    if (!value || error)
        return std::nullopt;
    if (const json::string* text = value->if_string())
        return Value{std::string(text->data(), text->size()), true};
    // Written anew, so that "\u0072m" in the model's own spelling hides nothing.
    return Value{json::serialize(*value), false};
}

/// What the rules say about a call: what to do, why, and what led to it.
struct Ruling
{
    Action action = Action::Allow;
    std::string rule; ///< see ApprovalCause
    std::string reason;
    std::vector<conversation::Match> matched;
};

class ToolRules;

class ToolRulesCall final : public PolicyCall
{
public:
    /// desk = null if no rule asks.
    ToolRulesCall(const ToolRules& policy, ApprovalDesk* desk, const PolicyContext& context)
        : m_policy(policy)
    {
        if (desk)
            m_requests.emplace(*desk, context);
    }
    [[nodiscard]] Result<PolicyVerdict> request(std::span<const conversation::RequestPart> parts) override
    {
        if (m_requests)
            m_requests->request(parts);
        return PolicyVerdict{};
    }
    [[nodiscard]] Result<PolicyVerdict> toolCall(const JudgedCall& call) override;

private:
    const ToolRules& m_policy;
    std::optional<ApprovalRequests> m_requests;
};

class ToolRules final : public Policy
{
public:
    ToolRules(std::vector<Rule> rules, Action otherwise, ApprovalDesk* desk)
        : m_rules(std::move(rules))
        , m_otherwise(otherwise)
        , m_desk(desk)
    {
    }

    [[nodiscard]] Interests interests() const noexcept override
    {
        const bool asks = m_desk != nullptr;
        return {.toolCalls = true, .request = asks, .changesArguments = asks, .remembersVerdicts = asks};
    }
    [[nodiscard]] std::unique_ptr<PolicyCall> open(const PolicyContext& context) const override
    {
        return std::make_unique<ToolRulesCall>(*this, m_desk, context);
    }

    [[nodiscard]] Ruling judge(const JudgedCall& call) const
    {
        for (std::size_t i = 0; i < m_rules.size(); ++i) {
            Ruling ruling{.action = m_rules[i].action, .rule = {}, .reason = {}, .matched = {}};
            if (!applies(m_rules[i], call, ruling.matched))
                continue;
            ruling.reason = reasonOf(i);
            ruling.rule = identityOf(m_rules[i]);
            return ruling;
        }
        return {.action = m_otherwise,
                .rule = "default",
                .reason = m_otherwise == Action::Ask ? "No rule decides about this call." : "No rule allows this call.",
                .matched = {}};
    }

private:
    static bool applies(const Rule& rule, const JudgedCall& call, std::vector<conversation::Match>& matched)
    {
        if (!matches(rule.tool, call.call.name))
            return false;
        if (!rule.pointer && !rule.value)
            return true;
        const std::optional<Value> value = valueAt(call, rule.pointer);
        if (!value)
            return false;
        PatternHit hit{0, value->text.size()};
        if (rule.value) {
            const std::optional<PatternHit> found = find(rule.value, value->text);
            if (!found)
                return false;
            hit = *found;
        }
        if (value->isString)
            matched.push_back({rule.pointer.value_or(std::string()), static_cast<std::uint32_t>(hit.begin),
                               static_cast<std::uint32_t>(hit.end)});
        return true;
    }

    /// Another text for another rule, wherever it stands in the list.
    static std::string identityOf(const Rule& rule)
    {
        return json::serialize(json::array{rule.toolGlob, rule.pointer.value_or(std::string()),
                                           rule.pointer.has_value(),
                                           rule.value ? rule.value->pattern() : std::string()});
    }

    [[nodiscard]] std::string reasonOf(std::size_t index) const
    {
        const Rule& rule = m_rules[index];
        if (!rule.reason.empty())
            return rule.reason;
        return "Rule " + std::to_string(index + 1) + (rule.action == Action::Ask ? " asks about " : " denies ") +
               rule.toolGlob + (rule.pointer ? " where " + *rule.pointer + " matches." : ".");
    }

    std::vector<Rule> m_rules;
    Action m_otherwise;
    ApprovalDesk* m_desk;
};

Result<PolicyVerdict> ToolRulesCall::toolCall(const JudgedCall& call)
{
    Ruling ruling = m_policy.judge(call);
    if (ruling.action == Action::Allow)
        return PolicyVerdict{};
    if (ruling.action == Action::Ask)
        return m_requests->toolCall(
            call,
            {.rule = std::move(ruling.rule), .reason = std::move(ruling.reason), .matched = std::move(ruling.matched)});
    return PolicyVerdict{.verdict = conversation::Verdict::Block,
                         .reason = std::move(ruling.reason),
                         .matched = std::move(ruling.matched)};
}

/// A pattern of one of the two kinds; null if there is none.
Pattern readValuePattern(ObjectReader& reader)
{
    // Empty is what a form leaves in a field nobody filled in.
    const std::string glob = reader.text("glob").value_or(std::string());
    const std::string expression = reader.text("re2").value_or(std::string());
    if (!glob.empty() && !expression.empty())
        reader.reject("re2", "A rule has either a glob or an re2, not both.");
    if (glob.empty() && expression.empty())
        return nullptr;
    const Result<Pattern> pattern = !glob.empty() ? compileGlob(glob) : compileExpression(expression);
    if (pattern)
        return *pattern;
    reader.reject(!glob.empty() ? "glob" : "re2", pattern.error().message);
    return nullptr;
}

/// RFC 6901: empty, or '/' before every part, and ~ only as ~0 or ~1.
bool isPointer(std::string_view text)
{
    for (std::size_t tilde = text.find('~'); tilde != std::string_view::npos; tilde = text.find('~', tilde + 1)) {
        if (tilde + 1 == text.size() || (text[tilde + 1] != '0' && text[tilde + 1] != '1'))
            return false;
    }
    return text.empty() || text.front() == '/';
}

Result<Rule> readRule(const json::object& object, std::string place)
{
    ObjectReader reader(object, std::move(place));
    Rule rule;
    rule.toolGlob = reader.text("tool").value_or("*");
    if (Result<Pattern> tool = compileGlob(rule.toolGlob))
        rule.tool = std::move(*tool);
    else
        reader.reject("tool", tool.error().message);
    rule.pointer = reader.text("pointer");
    if (rule.pointer && !isPointer(*rule.pointer))
        reader.reject("pointer", "This must be a JSON pointer (RFC 6901), such as /command.");
    rule.value = readValuePattern(reader);
    if (!object.contains("do"))
        reader.reject("do", "This is missing; it must be allow, deny or ask.");
    rule.action = static_cast<Action>(reader.choice("do", kActions).value_or(1));
    rule.reason = reader.text("reason").value_or(std::string());
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    return rule;
}

Result<std::shared_ptr<const Policy>> makeToolRules(const json::object& config, const Services& services)
{
    ObjectReader reader(config);
    std::vector<Rule> rules;
    for (const json::object* object : reader.objects("rules")) {
        Result<Rule> rule = readRule(*object, "rules[" + std::to_string(rules.size()) + "]");
        if (!rule)
            return rule.error();
        rules.push_back(std::move(*rule));
    }
    const auto otherwise = static_cast<Action>(reader.choice("default", kActions).value_or(0));
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    const bool asks = otherwise == Action::Ask ||
                      std::ranges::any_of(rules, [](const Rule& rule) { return rule.action == Action::Ask; });
    if (asks && !services.approvals)
        return Error{ErrorCode::Unavailable, "There is nobody to ask here.", {}};
    return std::shared_ptr<const Policy>(
        std::make_shared<ToolRules>(std::move(rules), otherwise, asks ? services.approvals : nullptr));
}

} // namespace

const PolicyType kToolRules{
    .name = "tool-rules",
    .title = "Tool rules",
    .summary = "Allows or denies tool calls, or asks a person, by rules over the tool's name and its arguments; the "
               "first that "
               "fits counts.",
    .schema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Tool rules",
  "type": "object",
  "properties": {
    "rules": {
      "title": "Rules",
      "description": "Read from the top; the first one that fits a call decides about it.",
      "type": "array",
      "maxItems": 1000,
      "default": [],
      "items": {
        "title": "Rule",
        "type": "object",
        "properties": {
          "tool": {
            "title": "Tool",
            "description": "The tool's name, case-sensitive; * stands for any characters, ? for one.",
            "type": "string",
            "default": "*"
          },
          "pointer": {
            "title": "Argument",
            "description": "JSON pointer to the argument that is looked at, such as /command. Empty: all arguments as one JSON text.",
            "type": "string",
            "default": ""
          },
          "glob": {
            "title": "Matches glob",
            "description": "The whole value must match; * stands for any characters, ? for one. Use this or re2.",
            "type": "string"
          },
          "re2": {
            "title": "Contains expression",
            "description": "An RE2 regular expression that is found anywhere in the value. Use this or glob.",
            "type": "string"
          },
          "do": {
            "title": "Do",
            "type": "string",
            "enum": ["allow", "deny", "ask"],
            "default": "deny"
          },
          "reason": {
            "title": "Reason",
            "description": "What the operator reads when the rule denies a call or asks about it.",
            "type": "string"
          }
        },
        "required": ["do"],
        "additionalProperties": false
      }
    },
    "default": {
      "title": "Otherwise",
      "description": "What happens to calls that no rule fits.",
      "type": "string",
      "enum": ["allow", "deny", "ask"],
      "default": "allow"
    }
  },
  "additionalProperties": false
})",
    .make = makeToolRules,
};

} // namespace luthien::policy::builtin
