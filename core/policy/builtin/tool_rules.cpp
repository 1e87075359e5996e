// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/tool_rules.h"

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

constexpr std::array<std::string_view, 2> kActions{"allow", "deny"};
enum class Action : std::uint8_t { Allow, Deny };

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

class ToolRules;

class ToolRulesCall final : public PolicyCall
{
public:
    explicit ToolRulesCall(const ToolRules& policy)
        : m_policy(policy)
    {
    }
    [[nodiscard]] Result<PolicyVerdict> toolCall(const JudgedCall& call) override;

private:
    const ToolRules& m_policy;
};

class ToolRules final : public Policy
{
public:
    ToolRules(std::vector<Rule> rules, Action otherwise)
        : m_rules(std::move(rules))
        , m_otherwise(otherwise)
    {
    }

    [[nodiscard]] Interests interests() const noexcept override { return {.toolCalls = true}; }
    [[nodiscard]] std::unique_ptr<PolicyCall> open(const PolicyContext&) const override
    {
        return std::make_unique<ToolRulesCall>(*this);
    }

    [[nodiscard]] PolicyVerdict judge(const JudgedCall& call) const
    {
        for (std::size_t i = 0; i < m_rules.size(); ++i) {
            PolicyVerdict verdict;
            if (applies(m_rules[i], call, verdict.matched))
                return m_rules[i].action == Action::Allow ? PolicyVerdict{} : denied(i, std::move(verdict));
        }
        if (m_otherwise == Action::Allow)
            return {};
        return {.verdict = conversation::Verdict::Block, .reason = "No rule allows this call."};
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

    [[nodiscard]] PolicyVerdict denied(std::size_t index, PolicyVerdict verdict) const
    {
        const Rule& rule = m_rules[index];
        verdict.verdict = conversation::Verdict::Block;
        verdict.reason = !rule.reason.empty() ? rule.reason
                                              : "Rule " + std::to_string(index + 1) + " denies " + rule.toolGlob +
                                                    (rule.pointer ? " where " + *rule.pointer + " matches." : ".");
        return verdict;
    }

    std::vector<Rule> m_rules;
    Action m_otherwise;
};

Result<PolicyVerdict> ToolRulesCall::toolCall(const JudgedCall& call)
{
    return m_policy.judge(call);
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
    const json::value* action = object.if_contains("do");
    if (action && action->is_string() && action->get_string() == "ask")
        reader.reject("do", "Asking a person is not possible yet; deny, or allow.");
    if (!action)
        reader.reject("do", "This is missing; it must be allow or deny.");
    rule.action = static_cast<Action>(reader.choice("do", kActions).value_or(1));
    rule.reason = reader.text("reason").value_or(std::string());
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    return rule;
}

Result<std::shared_ptr<const Policy>> makeToolRules(const json::object& config, const Services&)
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
    return std::shared_ptr<const Policy>(std::make_shared<ToolRules>(std::move(rules), otherwise));
}

} // namespace

const PolicyType kToolRules{
    .name = "tool-rules",
    .title = "Tool rules",
    .summary =
        "Allows or denies tool calls by rules over the tool's name and its arguments; the first that fits counts.",
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
            "enum": ["allow", "deny"],
            "default": "deny"
          },
          "reason": {
            "title": "Reason",
            "description": "What the operator reads when the rule denies a call.",
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
      "enum": ["allow", "deny"],
      "default": "allow"
    }
  },
  "additionalProperties": false
})",
    .make = makeToolRules,
};

} // namespace luthien::policy::builtin
