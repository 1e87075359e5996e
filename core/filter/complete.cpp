// SPDX-License-Identifier: Apache-2.0
#include "filter/complete.h"

#include "filter/predicate.h"

#include <algorithm>

namespace luthien::filter {

namespace {
char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter;
}

bool beginsLike(std::string_view name, std::string_view typed)
{
    return typed.size() <= name.size() && std::ranges::equal(name.substr(0, typed.size()), typed, {}, {}, lower);
}

bool endsWord(char letter)
{
    return std::string_view(" \t\r\n()\"").find(letter) != std::string_view::npos;
}

/// Where the word before the cursor begins; npos = the cursor stands in quotes.
std::size_t wordBefore(std::string_view text)
{
    std::size_t begin = 0;
    bool isQuoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (isQuoted && text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            isQuoted = !isQuoted;
        if (!isQuoted && i < text.size() && endsWord(text[i]))
            begin = i + 1;
    }
    return isQuoted ? std::string_view::npos : begin;
}

std::string_view operatorFor(ValueKind kind)
{
    return kind == ValueKind::Quantity || kind == ValueKind::Score ? "" : ":";
}

std::vector<Candidate> names(std::string_view typed)
{
    std::vector<Candidate> candidates;
    for (const Predicate& predicate : predicates()) {
        if (beginsLike(predicate.name, typed))
            candidates.push_back({std::string(predicate.name) + std::string(operatorFor(predicate.kind)),
                                  std::string(predicate.help) + " (" + std::string(predicate.example) + ')'});
    }
    return candidates;
}

std::string helpOf(const Predicate& predicate, std::string_view value)
{
    for (const Flag& flag : flags()) {
        if (flag.predicate == predicate.name && flag.name == value)
            return "calls that " + std::string(flag.help);
    }
    return std::string(predicate.help);
}

std::vector<Candidate> values(const Predicate& predicate, std::string_view typed)
{
    std::vector<Candidate> candidates;
    std::vector<std::string_view> all = fixedValues(predicate);
    if (predicate.kind == ValueKind::Time)
        all = {"1h", "1d", "7d", "today", "yesterday"};
    for (const std::string_view value : all) {
        if (beginsLike(value, typed))
            candidates.push_back({std::string(value), helpOf(predicate, value)});
    }
    return candidates;
}
} // namespace

Completion complete(std::string_view text, std::size_t cursor)
{
    const std::string_view before = text.substr(0, std::min(cursor, text.size()));
    std::size_t begin = wordBefore(before);
    if (begin == std::string_view::npos)
        return {.offset = before.size()};
    while (begin < before.size() && before[begin] == '-')
        ++begin;
    const std::string_view word = before.substr(begin);
    const std::size_t comparison = word.find_first_of(":=!<>~");
    Completion completion{.offset = begin};
    if (comparison == std::string_view::npos) {
        completion.candidates = names(word);
    } else {
        const std::size_t valueBegin = word.find_first_not_of(":=!<>~", comparison);
        const std::size_t skipped = std::min(valueBegin, word.size());
        completion.offset += skipped;
        if (const Predicate* const predicate = findPredicate(word.substr(0, comparison)))
            completion.candidates = values(*predicate, word.substr(skipped));
    }
    std::size_t end = before.size();
    while (end < text.size() && !endsWord(text[end]) &&
           std::string_view(":=!<>~").find(text[end]) == std::string_view::npos)
        ++end;
    completion.length = end - completion.offset;
    return completion;
}

} // namespace luthien::filter
