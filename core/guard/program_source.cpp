// SPDX-License-Identifier: Apache-2.0
#include "guard/program_source.h"

#include "guard/byte_set.h"
#include "guard/sql_keyword.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace luthien::guard {

namespace {

constexpr std::size_t kMaxLiterals = 256;
constexpr ByteSet kQuotes("'\"`");

constexpr std::array<std::string_view, 10> kPrinting{
    "print", "console.log", "console.error", "puts", "echo", "println", "say", "printf", "var_dump", "logger.info"};

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '(' || c == ';';
}

/// The words a destructive statement begins with; also those that lead to one (WITH, BEGIN, EXPLAIN).
bool beginsLikeSql(std::string_view text)
{
    std::size_t begin = 0;
    while (begin < text.size() && (isBlank(text[begin]) || text.substr(begin).starts_with("\\n")))
        begin += text[begin] == '\\' ? 2 : 1;
    if (text.substr(begin).starts_with("--") || text.substr(begin).starts_with("/*"))
        return true;
    std::size_t end = begin;
    while (end < text.size() && ((text[end] | 0x20) >= 'a' && (text[end] | 0x20) <= 'z'))
        ++end;
    switch (sqlKeyword(text.substr(begin, end - begin))) {
    case SqlKeyword::Drop:
    case SqlKeyword::Truncate:
    case SqlKeyword::Delete:
    case SqlKeyword::Update:
    case SqlKeyword::Alter:
    case SqlKeyword::Create:
    case SqlKeyword::With:
    case SqlKeyword::Begin:
    case SqlKeyword::Explain:
    case SqlKeyword::Do:
    case SqlKeyword::Exec:
    case SqlKeyword::Execute:
    case SqlKeyword::Set:
    case SqlKeyword::Select:
    case SqlKeyword::Insert:
    case SqlKeyword::Pragma:
    case SqlKeyword::Copy:
    case SqlKeyword::Grant:
    case SqlKeyword::Revoke:
        return true;
    default:
        return false;
    }
}

/// `print("...")`: the call right before the quote only shows the text.
bool isPrinted(std::string_view before)
{
    while (!before.empty() && (before.back() == ' ' || before.back() == '('))
        before.remove_suffix(1);
    return std::any_of(kPrinting.begin(), kPrinting.end(),
                       [&](std::string_view name) { return before.ends_with(name); });
}

/// Offset behind the last byte of the literal that opens at quote; the source's end if it is never closed.
std::size_t literalEnd(std::string_view source, std::size_t first, std::string_view close)
{
    for (std::size_t i = first; i < source.size(); ++i) {
        if (source[i] == '\\')
            ++i;
        else if (source.substr(i).starts_with(close))
            return i;
    }
    return source.size();
}

MappedText unescaped(const MappedText& source, std::size_t begin, std::size_t end)
{
    MappedText value;
    const std::string_view text = source.text().substr(0, end);
    while (begin < end) {
        const std::size_t escape = std::min(text.find('\\', begin), end);
        value.append(source, begin, escape);
        if (escape == end)
            break;
        const char next = escape + 1 < end ? text[escape + 1] : '\0';
        value.append(next == 'n' ? '\n' : next == 't' ? '\t' : next != '\0' ? next : '\\', source.originAt(escape));
        begin = escape + (next != '\0' ? 2 : 1);
    }
    return value;
}

} // namespace

std::vector<MappedText> sqlLiterals(const MappedText& source)
{
    std::vector<MappedText> literals;
    const std::string_view text = source.text();
    for (std::size_t i = kQuotes.find(text); i < text.size() && literals.size() < kMaxLiterals;
         i = kQuotes.find(text, i + 1)) {
        const std::string_view triple = text.substr(i, 3);
        const bool isTriple = triple == "\"\"\"" || triple == "'''";
        const std::size_t first = i + (isTriple ? 3 : 1);
        if (!beginsLikeSql(text.substr(std::min(first, text.size()))) || isPrinted(text.substr(0, i)))
            continue;
        const std::size_t end = literalEnd(text, first, isTriple ? triple : text.substr(i, 1));
        literals.push_back(unescaped(source, first, end));
        i = end; // the next literal opens behind this one
    }
    return literals;
}

} // namespace luthien::guard
