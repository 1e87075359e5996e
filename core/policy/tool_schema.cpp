// SPDX-License-Identifier: Apache-2.0
#include "policy/tool_schema.h"

#include "base/strict_json.h"
#include "policy/glob.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace luthien::policy {

namespace {

namespace json = boost::json;
using json::array;
using json::object;
using json::value;

/// Enough for any tool's arguments; a schema that needs more than this is made to need it.
constexpr std::size_t kMaxSteps = 200'000;
constexpr std::size_t kMaxDepth = 200;

std::string_view view(json::string_view text)
{
    return {text.data(), text.size()};
}

bool isFalse(const Result<void>& result)
{
    return !result && result.error().code == ErrorCode::InvalidInput;
}

long double numberOf(const value& number)
{
    if (number.is_int64())
        return static_cast<long double>(number.get_int64());
    if (number.is_uint64())
        return static_cast<long double>(number.get_uint64());
    return number.get_double();
}

std::size_t countOf(const value& limit)
{
    return limit.is_number() && numberOf(limit) > 0 ? static_cast<std::size_t>(numberOf(limit)) : 0;
}

std::size_t charactersIn(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

/// Gemini writes types in capitals.
bool isOfType(const value& instance, std::string_view type)
{
    std::string name(type);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (name == "integer")
        return instance.is_int64() || instance.is_uint64() ||
               (instance.is_double() && std::trunc(instance.get_double()) == instance.get_double());
    return (name == "object" && instance.is_object()) || (name == "array" && instance.is_array()) ||
           (name == "string" && instance.is_string()) || (name == "number" && instance.is_number()) ||
           (name == "boolean" && instance.is_bool()) || (name == "null" && instance.is_null());
}

/// One set of arguments against one schema: how far it has gone, and where it is.
class SchemaCheck
{
public:
    explicit SchemaCheck(const value& root)
        : m_root(root)
    {
    }

    Result<void> check(const value& schema, const value& instance)
    {
        if (m_depth == kMaxDepth || ++m_steps > kMaxSteps)
            return Error{ErrorCode::TooLarge, "The tool's schema takes too much to check.", m_place};
        if (schema.is_bool())
            return schema.get_bool() ? Result<void>() : wrong("nothing is allowed here");
        if (!schema.is_object())
            return Error{ErrorCode::Unsupported, "The tool's schema is not a JSON Schema.", m_place};
        ++m_depth;
        Result<void> result = checkAll(schema.get_object(), instance);
        --m_depth;
        return result;
    }

private:
    using Check = Result<void> (SchemaCheck::*)(const object&, const value&);

    Result<void> checkAll(const object& schema, const value& instance)
    {
        if (instance.is_null() && isTrue(schema, "nullable"))
            return {};
        for (const Check one : {&SchemaCheck::reference, &SchemaCheck::type, &SchemaCheck::listed, &SchemaCheck::text,
                                &SchemaCheck::number, &SchemaCheck::items, &SchemaCheck::contains,
                                &SchemaCheck::members, &SchemaCheck::memberRules, &SchemaCheck::all, &SchemaCheck::any,
                                &SchemaCheck::oneOf, &SchemaCheck::none, &SchemaCheck::condition}) {
            if (Result<void> result = (this->*one)(schema, instance); !result)
                return result;
        }
        return {};
    }

    [[nodiscard]] Error wrong(std::string what) const { return {ErrorCode::InvalidInput, std::move(what), m_place}; }

    static bool isTrue(const object& schema, json::string_view name)
    {
        const value* member = schema.if_contains(name);
        return member && member->is_bool() && member->get_bool();
    }

    static bool isSame(const value& one, const value& other)
    {
        return one.is_number() && other.is_number() ? numberOf(one) == numberOf(other) : one == other;
    }

    /// check() of a member or an item of the instance.
    Result<void> checkIn(std::string_view name, const value& schema, const value& instance)
    {
        const std::size_t length = m_place.size();
        m_place += '/';
        m_place += name.substr(0, 100);
        Result<void> result = check(schema, instance);
        m_place.resize(length);
        return result;
    }

    Result<void> matchesPattern(std::string_view expression, std::string_view text, bool& matched)
    {
        const Result<Pattern> pattern = compileExpression(expression);
        if (!pattern)
            return Error{ErrorCode::Unsupported, "The tool's schema has a pattern that cannot be checked.", m_place};
        m_steps += 100 + text.size() / 16;
        matched = matches(*pattern, text);
        return {};
    }

    Result<void> reference(const object& schema, const value& instance)
    {
        const value* reference = schema.if_contains("$ref");
        if (!reference)
            return {};
        const json::string* target = reference->if_string();
        boost::system::error_code error;
        const value* found = nullptr;
        if (target && target->starts_with('#'))
            found = m_root.find_pointer(json::string_view(*target).substr(1), error);
        if (!found || error)
            return Error{ErrorCode::Unsupported, "The tool's schema refers to something that is not in it.", m_place};
        return check(*found, instance);
    }

    Result<void> type(const object& schema, const value& instance)
    {
        const value* type = schema.if_contains("type");
        if (!type)
            return {};
        if (const json::string* name = type->if_string()) {
            if (!isOfType(instance, view(*name)))
                return wrong("this must be of type " + std::string(view(*name).substr(0, 20)));
        } else if (const array* names = type->if_array()) {
            if (std::none_of(names->begin(), names->end(), [&](const value& one) {
                    return one.is_string() && isOfType(instance, view(one.get_string()));
                }))
                return wrong("this is of a type that is not allowed");
        }
        return {};
    }

    Result<void> listed(const object& schema, const value& instance)
    {
        if (const value* only = schema.if_contains("const"); only && !isSame(*only, instance))
            return wrong("this must have one certain value");
        const value* values = schema.if_contains("enum");
        const array* list = values ? values->if_array() : nullptr;
        if (!list)
            return {};
        m_steps += list->size();
        if (std::none_of(list->begin(), list->end(), [&](const value& one) { return isSame(one, instance); }))
            return wrong("this must be one of the listed values");
        return {};
    }

    Result<void> text(const object& schema, const value& instance)
    {
        const json::string* text = instance.if_string();
        if (!text)
            return {};
        if (const value* least = schema.if_contains("minLength"); least && charactersIn(view(*text)) < countOf(*least))
            return wrong("this text is too short");
        if (const value* most = schema.if_contains("maxLength"); most && charactersIn(view(*text)) > countOf(*most))
            return wrong("this text is too long");
        const value* pattern = schema.if_contains("pattern");
        if (!pattern || !pattern->is_string())
            return {};
        bool matched = false;
        if (Result<void> result = matchesPattern(view(pattern->get_string()), view(*text), matched); !result)
            return result;
        return matched ? Result<void>() : wrong("this does not match the pattern");
    }

    Result<void> number(const object& schema, const value& instance)
    {
        if (!instance.is_number())
            return {};
        const long double number = numberOf(instance);
        const auto limit = [&](json::string_view name) -> std::optional<long double> {
            const value* found = schema.if_contains(name);
            return found && found->is_number() ? std::optional(numberOf(*found)) : std::nullopt;
        };
        // Before draft 6 the exclusive ones were true or false.
        if (const auto least = limit("minimum");
            least && (number < *least || (number == *least && isTrue(schema, "exclusiveMinimum"))))
            return wrong("this number is too small");
        if (const auto most = limit("maximum");
            most && (number > *most || (number == *most && isTrue(schema, "exclusiveMaximum"))))
            return wrong("this number is too large");
        if (const auto below = limit("exclusiveMinimum"); below && number <= *below)
            return wrong("this number is too small");
        if (const auto above = limit("exclusiveMaximum"); above && number >= *above)
            return wrong("this number is too large");
        if (const auto step = limit("multipleOf"); step && *step > 0) {
            const long double quotient = number / *step;
            if (std::abs(quotient - std::round(quotient)) > 1e-9L)
                return wrong("this number is not a multiple of what it must be");
        }
        return {};
    }

    Result<void> items(const object& schema, const value& instance)
    {
        const array* list = instance.if_array();
        if (!list)
            return {};
        if (const value* least = schema.if_contains("minItems"); least && list->size() < countOf(*least))
            return wrong("this list is too short");
        if (const value* most = schema.if_contains("maxItems"); most && list->size() > countOf(*most))
            return wrong("this list is too long");
        const value* rest = schema.if_contains("items");
        const value* first = schema.if_contains("prefixItems");
        if (rest && rest->is_array()) { // draft 7
            first = rest;
            rest = schema.if_contains("additionalItems");
        }
        const array* prefix = first ? first->if_array() : nullptr;
        for (std::size_t i = 0; i < list->size(); ++i) {
            const value* one = prefix && i < prefix->size() ? &(*prefix)[i] : rest;
            if (Result<void> result = one ? checkIn(std::to_string(i), *one, (*list)[i]) : Result<void>(); !result)
                return result;
        }
        return isTrue(schema, "uniqueItems") ? unique(*list) : Result<void>();
    }

    Result<void> unique(const array& list)
    {
        m_steps += list.size() * list.size() / 2;
        if (m_steps > kMaxSteps)
            return Error{ErrorCode::TooLarge, "The tool's schema takes too much to check.", m_place};
        for (std::size_t i = 0; i < list.size(); ++i) {
            for (std::size_t j = i + 1; j < list.size(); ++j) {
                if (isSame(list[i], list[j]))
                    return wrong("this list holds something twice");
            }
        }
        return {};
    }

    Result<void> contains(const object& schema, const value& instance)
    {
        const array* list = instance.if_array();
        const value* sought = schema.if_contains("contains");
        if (!list || !sought)
            return {};
        std::size_t found = 0;
        for (const value& item : *list) {
            Result<void> result = check(*sought, item);
            if (!result && !isFalse(result))
                return result;
            found += result ? 1 : 0;
        }
        const value* least = schema.if_contains("minContains");
        const value* most = schema.if_contains("maxContains");
        if (found < (least ? countOf(*least) : 1) || (most && found > countOf(*most)))
            return wrong("this list does not hold what it must");
        return {};
    }

    Result<void> members(const object& schema, const value& instance)
    {
        const object* members = instance.if_object();
        if (!members)
            return {};
        const value* named = schema.if_contains("properties");
        const value* others = schema.if_contains("additionalProperties");
        for (const json::key_value_pair& member : *members) {
            bool isKnown = false;
            if (const value* known =
                    named && named->is_object() ? named->get_object().if_contains(member.key()) : nullptr) {
                isKnown = true;
                if (Result<void> result = checkIn(view(member.key()), *known, member.value()); !result)
                    return result;
            }
            if (Result<void> result = memberByPattern(schema, member, isKnown); !result)
                return result;
            if (isKnown || !others)
                continue;
            if (others->is_bool() && !others->get_bool())
                return wrong("there is no such member: " + std::string(view(member.key()).substr(0, 100)));
            if (Result<void> result = checkIn(view(member.key()), *others, member.value()); !result)
                return result;
        }
        return {};
    }

    Result<void> memberByPattern(const object& schema, const json::key_value_pair& member, bool& isKnown)
    {
        const value* patterns = schema.if_contains("patternProperties");
        if (!patterns || !patterns->is_object())
            return {};
        for (const json::key_value_pair& pattern : patterns->get_object()) {
            bool matched = false;
            if (Result<void> result = matchesPattern(view(pattern.key()), view(member.key()), matched); !result)
                return result;
            if (!matched)
                continue;
            isKnown = true;
            if (Result<void> result = checkIn(view(member.key()), pattern.value(), member.value()); !result)
                return result;
        }
        return {};
    }

    Result<void> memberRules(const object& schema, const value& instance)
    {
        const object* members = instance.if_object();
        if (!members)
            return {};
        if (const value* least = schema.if_contains("minProperties"); least && members->size() < countOf(*least))
            return wrong("this object has too few members");
        if (const value* most = schema.if_contains("maxProperties"); most && members->size() > countOf(*most))
            return wrong("this object has too many members");
        if (const value* names = schema.if_contains("propertyNames")) {
            for (const json::key_value_pair& member : *members) {
                if (Result<void> result = check(*names, value(member.key())); !result)
                    return result;
            }
        }
        if (Result<void> result = required(schema.if_contains("required"), *members); !result)
            return result;
        return dependent(schema, *members, instance);
    }

    Result<void> required(const value* names, const object& members)
    {
        const array* list = names ? names->if_array() : nullptr;
        if (!list)
            return {};
        for (const value& name : *list) {
            if (name.is_string() && !members.contains(name.get_string()))
                return wrong("a member is missing: " + std::string(view(name.get_string()).substr(0, 100)));
        }
        return {};
    }

    Result<void> dependent(const object& schema, const object& members, const value& instance)
    {
        for (const json::string_view name : {"dependentRequired", "dependentSchemas", "dependencies"}) {
            const value* rules = schema.if_contains(name);
            if (!rules || !rules->is_object())
                continue;
            for (const json::key_value_pair& rule : rules->get_object()) {
                if (!members.contains(rule.key()))
                    continue;
                Result<void> result =
                    rule.value().is_array() ? required(&rule.value(), members) : check(rule.value(), instance);
                if (!result)
                    return result;
            }
        }
        return {};
    }

    static const array* branches(const object& schema, json::string_view name)
    {
        const value* found = schema.if_contains(name);
        return found ? found->if_array() : nullptr;
    }

    Result<void> all(const object& schema, const value& instance)
    {
        const array* list = branches(schema, "allOf");
        for (std::size_t i = 0; list && i < list->size(); ++i) {
            if (Result<void> result = check((*list)[i], instance); !result)
                return result;
        }
        return {};
    }

    Result<void> any(const object& schema, const value& instance)
    {
        const array* list = branches(schema, "anyOf");
        if (!list)
            return {};
        for (const value& branch : *list) {
            const Result<void> result = check(branch, instance);
            if (result || !isFalse(result))
                return result;
        }
        return wrong("this fits none of the forms it may have");
    }

    Result<void> oneOf(const object& schema, const value& instance)
    {
        const array* list = branches(schema, "oneOf");
        if (!list)
            return {};
        std::size_t fits = 0;
        for (const value& branch : *list) {
            const Result<void> result = check(branch, instance);
            if (!result && !isFalse(result))
                return result;
            fits += result ? 1 : 0;
        }
        return fits == 1 ? Result<void>() : wrong("this must fit exactly one of the forms it may have");
    }

    Result<void> none(const object& schema, const value& instance)
    {
        const value* excluded = schema.if_contains("not");
        if (!excluded)
            return {};
        Result<void> result = check(*excluded, instance);
        if (!result && !isFalse(result))
            return result;
        return result ? wrong("this has a form it must not have") : Result<void>();
    }

    Result<void> condition(const object& schema, const value& instance)
    {
        const value* test = schema.if_contains("if");
        if (!test)
            return {};
        Result<void> holds = check(*test, instance);
        if (!holds && !isFalse(holds))
            return holds;
        const value* next = schema.if_contains(holds ? "then" : "else");
        return next ? check(*next, instance) : Result<void>();
    }

    const value& m_root;
    std::string m_place; ///< RFC 6901 in all but its escapes: for people
    std::size_t m_depth = 0;
    std::size_t m_steps = 0;
};

} // namespace

Result<void> checkAgainstSchema(const value& arguments, std::string_view schema)
{
    if (schema.empty())
        return {};
    const Result<value> root = parseStrictJson(schema);
    if (!root)
        return Error{ErrorCode::Unsupported, "The tool's schema cannot be read.", {}};
    return SchemaCheck(*root).check(*root, arguments);
}

} // namespace luthien::policy
