// SPDX-License-Identifier: Apache-2.0
#include "filter/term_match.h"

#include <boost/json.hpp>

#include <algorithm>

namespace luthien::filter {

using namespace conversation;

namespace {
namespace json = boost::json;

template <typename Number>
bool compare(Number left, Operator comparison, Number right)
{
    switch (comparison) {
    case Operator::Colon:
    case Operator::Equal:
        return left == right;
    case Operator::NotEqual:
        return left != right;
    case Operator::Less:
        return left < right;
    case Operator::LessOrEqual:
        return left <= right;
    case Operator::Greater:
        return left > right;
    case Operator::GreaterOrEqual:
        return left >= right;
    case Operator::Finds:
        break;
    }
    return false;
}

bool matchesText(const Term& term, std::string_view text)
{
    if (const auto* const pattern = std::get_if<Pattern>(&term.value))
        return pattern->isIn(text);
    if (const auto* const phrase = std::get_if<Phrase>(&term.value))
        return contains(text, *phrase);
    const auto& wanted = std::get<std::string>(term.value);
    if (term.comparison != Operator::Colon)
        return (text == wanted) == (term.comparison == Operator::Equal);
    const bool caseMatters = term.predicate->kind == ValueKind::Label;
    return matchesGlob(text, wanted, caseMatters ? Case::Matters : Case::IgnoredInAscii);
}

bool matchesNumber(const Term& term, std::optional<std::int64_t> number)
{
    if (!number)
        return false; // what is not known is not compared
    if (const auto* const chosen = std::get_if<ChosenWords>(&term.value)) {
        const bool isOne = *number >= 0 && *number < 32 && ((chosen->numbers >> *number) & 1U) != 0;
        return isOne == (term.comparison != Operator::NotEqual);
    }
    return compare(*number, term.comparison, std::get<std::int64_t>(term.value));
}

bool matchesTime(const Term& term, const CallFacts& call, TimePoint now)
{
    const TimeSpan span = std::get<Moment>(term.value).at(now);
    if (term.predicate->name == "since")
        return call.startedAt >= span.from;
    if (term.predicate->name == "until")
        return call.startedAt < span.from;
    return call.startedAt >= span.from && call.startedAt < span.to;
}

Texts partOf(BlockKind kind, Texts text)
{
    switch (kind) {
    case BlockKind::Text:
        return text;
    case BlockKind::Thinking:
        return Texts::Thinking;
    case BlockKind::ToolUse:
        return Texts::Arguments;
    case BlockKind::ToolResult:
        return Texts::Result;
    default:
        return Texts::None;
    }
}

/// Words are looked for in what a tool's arguments say, expressions in how they are written.
bool matchesBlock(const Term& term, const Block& block)
{
    const auto* const phrase = std::get_if<Phrase>(&term.value);
    if (phrase != nullptr && block.kind == BlockKind::ToolUse)
        return contains(readableArguments(block.text), *phrase);
    return matchesText(term, block.text);
}

bool matchesTexts(const Term& term, const CallFacts& call, Texts wanted)
{
    const auto isHit = [&](const Block& block, Texts text) {
        return includes(wanted, partOf(block.kind, text)) && matchesBlock(term, block);
    };
    return std::ranges::any_of(call.reply, [&](const Block& block) { return isHit(block, Texts::Said); }) ||
           std::ranges::any_of(call.asked, [&](const Block& block) { return isHit(block, Texts::Asked); });
}

std::string textOf(const json::value& value)
{
    const auto* const text = value.if_string();
    return text == nullptr ? json::serialize(value) : std::string(text->data(), text->size());
}

bool anyValue(const json::value& value, const Term& term)
{
    if (const auto* const object = value.if_object())
        return std::ranges::any_of(*object, [&](const auto& member) { return anyValue(member.value(), term); });
    if (const auto* const array = value.if_array())
        return std::ranges::any_of(*array, [&](const json::value& element) { return anyValue(element, term); });
    return matchesText(term, textOf(value));
}

bool matchesArgument(const Term& term, const ToolCall& tool)
{
    const json::value* const arguments = tool.arguments();
    if (arguments == nullptr)
        return term.pointer.empty() && matchesText(term, tool.block().text);
    if (term.pointer.empty())
        return anyValue(*arguments, term);
    boost::system::error_code failed;
    const json::value* const found = arguments->find_pointer(term.pointer, failed);
    return found != nullptr && matchesText(term, textOf(*found));
}
} // namespace

const json::value* ToolCall::arguments() const
{
    if (!m_isParsed) {
        boost::system::error_code failed;
        json::value parsed =
            json::parse(json::string_view(m_block.text.data(), m_block.text.size()), failed, {}, {.max_depth = 128});
        if (!failed)
            m_arguments = std::move(parsed);
        m_isParsed = true;
    }
    return m_arguments ? &*m_arguments : nullptr;
}

bool matches(const Term& term, const CallFacts& call, TimePoint now)
{
    if (const auto* const flag = std::get_if<const Flag*>(&term.value))
        return (*flag)->test(call);
    if (term.predicate->kind == ValueKind::Time)
        return matchesTime(term, call, now);
    const FactReader& read = term.predicate->read;
    if (const auto* const text = std::get_if<CallText>(&read))
        return matchesText(term, (*text)(call));
    if (const auto* const number = std::get_if<CallNumber>(&read))
        return matchesNumber(term, (*number)(call));
    if (const auto* const texts = std::get_if<Texts>(&read))
        return matchesTexts(term, call, *texts);
    const CallId id = std::get<CallUuid>(read)(call);
    return !id.isNil() && compare(id, term.comparison, std::get<CallId>(term.value));
}

bool matches(const Term& term, const Decision& decision)
{
    const FactReader& read = term.predicate->read;
    if (const auto* const text = std::get_if<DecisionText>(&read))
        return matchesText(term, (*text)(decision));
    if (const auto* const number = std::get_if<DecisionNumber>(&read))
        return matchesNumber(term, (*number)(decision));
    if (const auto* const score = std::get_if<DecisionScore>(&read)) {
        const auto known = (*score)(decision);
        return known && compare(*known, term.comparison, std::get<double>(term.value));
    }
    return std::ranges::any_of(decision.matched, [&](const Match& match) { return matchesText(term, match.pointer); });
}

bool matches(const Term& term, const ToolCall& tool)
{
    const FactReader& read = term.predicate->read;
    if (const auto* const text = std::get_if<ToolText>(&read))
        return matchesText(term, (*text)(tool.block()));
    if (const auto* const number = std::get_if<ToolNumber>(&read))
        return matchesNumber(term, (*number)(tool.block()));
    return matchesArgument(term, tool);
}

} // namespace luthien::filter
