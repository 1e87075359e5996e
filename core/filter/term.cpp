// SPDX-License-Identifier: Apache-2.0
#include "filter/term.h"

#include "filter/spelling.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

namespace luthien::filter {

namespace {
using ReadValue = std::variant<Value, FilterError>;

std::string lower(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter;
    });
    return result;
}

std::string inQuotes(std::string_view text)
{
    return "'" + std::string(text) + "'";
}

FilterError atName(const Token& token, std::string message, std::string suggestion)
{
    return {token.offset, token.nameLength, std::move(message), std::move(suggestion)};
}
FilterError atValue(const Token& token, std::string message, std::string suggestion = {})
{
    return {token.valueOffset, token.valueLength, std::move(message), std::move(suggestion)};
}

FilterError unknownName(const Token& token)
{
    std::vector<std::string_view> names;
    for (const Predicate& predicate : predicates())
        names.push_back(predicate.name);
    const std::string_view near = nearest(lower(token.name), names);
    return atName(token, "there is no predicate " + inQuotes(token.name),
                  near.empty() ? "put it in quotes if it is text" : "did you mean " + std::string(near) + "?");
}

bool isComparison(Operator comparison)
{
    return comparison != Operator::Colon && comparison != Operator::Equal && comparison != Operator::NotEqual &&
           comparison != Operator::Finds;
}

/// The operators of a kind, for a message.
std::string_view operatorsOf(ValueKind kind)
{
    switch (kind) {
    case ValueKind::Label:
    case ValueKind::Name:
    case ValueKind::Argument:
        return ": = != ~";
    case ValueKind::Uuid:
    case ValueKind::Choice:
        return ": = !=";
    case ValueKind::Quantity:
    case ValueKind::Score:
        return ": = != < <= > >=";
    case ValueKind::Text:
        return ": ~";
    case ValueKind::Time:
    case ValueKind::Flag:
        break;
    }
    return ":";
}

bool takes(ValueKind kind, Operator comparison)
{
    switch (comparison) {
    case Operator::Colon:
        return true;
    case Operator::Equal:
    case Operator::NotEqual:
        return kind != ValueKind::Time && kind != ValueKind::Flag && kind != ValueKind::Text;
    case Operator::Finds:
        return kind == ValueKind::Label || kind == ValueKind::Name || kind == ValueKind::Argument ||
               kind == ValueKind::Text;
    default:
        return kind == ValueKind::Quantity || kind == ValueKind::Score;
    }
}

/// A slash needs no backslash before it but in a filter.
std::string withoutEscapedSlashes(std::string_view text)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool isPair = text[i] == '\\' && i + 1 < text.size();
        if (!isPair || text[i + 1] != '/')
            result += text[i];
        if (isPair)
            result += text[++i];
    }
    return result;
}

ReadValue patternFrom(const Token& token)
{
    auto pattern = Pattern::compile(withoutEscapedSlashes(token.value));
    return pattern ? ReadValue(*std::move(pattern)) : atValue(token, pattern.error().message);
}

ReadValue phraseValue(const Token& token)
{
    Phrase phrase = phraseFrom(token.value);
    if (phrase.words.empty())
        return atValue(token, "there is no letter and no digit in this text", "~ finds other characters: text~/->/");
    return phrase;
}

FilterError unknownWord(const Token& token, const std::vector<std::string_view>& words)
{
    std::string all;
    for (const std::string_view word : words)
        all += (all.empty() ? "" : ", ") + std::string(word);
    const std::string_view near = nearest(lower(token.value), words);
    return atValue(token, inQuotes(token.value) + " is none of " + all,
                   near.empty() ? "" : "did you mean " + std::string(near) + "?");
}

ReadValue chosenFrom(const Token& token, const Predicate& predicate)
{
    ChosenWords chosen{.text = lower(token.value)};
    for (std::uint32_t number = 0; number < predicate.choices.count; ++number) {
        if (matchesGlob(predicate.choices.name(number), chosen.text, Case::Matters))
            chosen.numbers |= 1U << number;
    }
    if (chosen.numbers == 0)
        return unknownWord(token, fixedValues(predicate));
    return chosen;
}

ReadValue flagFrom(const Token& token, const Predicate& predicate)
{
    const std::string name = lower(token.value);
    for (const Flag& flag : flags()) {
        if (flag.predicate == predicate.name && flag.name == name)
            return &flag;
    }
    return unknownWord(token, fixedValues(predicate));
}

ReadValue quantityValue(const Token& token, const Predicate& predicate)
{
    const auto number = quantityFrom(token.value, predicate.unit);
    if (!number)
        return atValue(token, std::string(predicate.name) + " takes " + std::string(quantityHint(predicate.unit)));
    return *number;
}

ReadValue scoreFrom(const Token& token)
{
    double number = 0;
    const char* const end = token.value.data() + token.value.size();
    const auto [rest, failed] = std::from_chars(token.value.data(), end, number);
    if (failed != std::errc() || rest != end || !std::isfinite(number))
        return atValue(token, "a score is a number, such as 0.6");
    return number == 0 ? 0.0 : number; // one zero
}

ReadValue momentFrom(const Token& token)
{
    auto moment = Moment::parse(token.value);
    if (!moment)
        return atValue(token, "a time is 2h (ago), today, yesterday, 2026-11-22, 2026-11-22T12:30 or "
                              "2026-11-22T12:30:05 (UTC)");
    return *std::move(moment);
}

ReadValue uuidFrom(const Token& token)
{
    const auto id = CallId::parse(token.value);
    if (!id)
        return atValue(token, "the id of a call is a UUID");
    return *id;
}

ReadValue valueFrom(const Token& token, const Term& term)
{
    if (term.comparison == Operator::Finds)
        return patternFrom(token);
    switch (term.predicate->kind) {
    case ValueKind::Label:
    case ValueKind::Name:
    case ValueKind::Argument:
        return Value(token.value);
    case ValueKind::Uuid:
        return uuidFrom(token);
    case ValueKind::Choice:
        return chosenFrom(token, *term.predicate);
    case ValueKind::Quantity:
        return quantityValue(token, *term.predicate);
    case ValueKind::Score:
        return scoreFrom(token);
    case ValueKind::Time:
        return momentFrom(token);
    case ValueKind::Text:
        return phraseValue(token);
    case ValueKind::Flag:
        return flagFrom(token, *term.predicate);
    }
    return atValue(token, "this value cannot be read");
}

/// "command" -> "/command"; what begins with a slash is a pointer already.
std::optional<std::string> pointerFrom(std::string_view path)
{
    if (path.empty())
        return std::nullopt;
    if (!path.starts_with('/')) {
        std::string pointer = "/" + std::string(path);
        std::ranges::replace(pointer, '.', '/');
        return pointer;
    }
    for (std::size_t at = path.find('~'); at != std::string_view::npos; at = path.find('~', at + 1)) {
        if (at + 1 == path.size() || (path[at + 1] != '0' && path[at + 1] != '1'))
            return std::nullopt;
    }
    return std::string(path);
}
} // namespace

std::variant<Term, FilterError> termFrom(const Token& token)
{
    constexpr std::string_view kArgument = "arg.";
    Term term{.comparison = token.comparison};
    const bool isArgument = lower(token.name.substr(0, kArgument.size())) == kArgument;
    term.predicate = findPredicate(isArgument ? "arg" : token.name);
    if (term.predicate == nullptr)
        return unknownName(token);
    if (isArgument) {
        auto pointer = pointerFrom(std::string_view(token.name).substr(kArgument.size()));
        if (!pointer)
            return atName(token, "after arg. comes the name of an argument",
                          R"(arg.command, arg.edits.0.path or arg."/a~1b")");
        term.pointer = *std::move(pointer);
    }
    if (!takes(term.predicate->kind, term.comparison)) {
        const std::string_view hint =
            isComparison(term.comparison) && term.predicate->kind == ValueKind::Time ? ", as in since:2h" : "";
        return FilterError{token.offset + token.nameLength,
                           token.valueOffset - token.offset - token.nameLength,
                           std::string(term.predicate->name) + " takes " +
                               std::string(operatorsOf(term.predicate->kind)) + " and not " +
                               std::string(operatorText(term.comparison)) + std::string(hint),
                           {}};
    }
    ReadValue value = valueFrom(token, term);
    if (auto* const error = std::get_if<FilterError>(&value))
        return std::move(*error);
    term.value = std::get<Value>(std::move(value));
    return term;
}

std::variant<Term, FilterError> textTermFrom(const Token& token)
{
    Token whole = token;
    whole.name = "text";
    return termFrom(whole);
}

} // namespace luthien::filter
