// SPDX-License-Identifier: Apache-2.0
#include "guard/sql_trigger.h"

#include "guard/byte_set.h"
#include "guard/sql_keyword.h"

#include <cstddef>

namespace luthien::guard {

namespace {

using enum SqlKeyword;

// No keyword holds a digit, and digits can stand right before one: /*!50001DROP.
constexpr ByteSet kLetters("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_");
constexpr ByteSet kOthers = kLetters.complement();

/// DO runs a literal; a word behind it is LANGUAGE or the prefix of a literal. A shell's loop has another one there.
bool mayRunLiteral(std::string_view behindDo)
{
    const std::size_t begin = behindDo.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos || !kLetters.contains(behindDo[begin]))
        return true;
    const std::size_t end = kOthers.find(behindDo, begin);
    const bool isPrefix = end < behindDo.size() && (behindDo[end] == '\'' || behindDo[end] == '&'); // E'..', U&'..'
    return isPrefix || sqlKeyword(behindDo.substr(begin, end - begin)) == Language;
}

bool isTrigger(SqlKeyword keyword)
{
    switch (keyword) {
    case Attach:
    case Copy:
    case Create:
    case Delete:
    case Drop:
    case Exec:
    case Execute:
    case Grant:
    case Overwrite:
    case Prepare:
    case Restore:
    case Revoke:
    case SqlFunction:
    case Truncate:
    case Update:
    case WritableSchema:
    case XpCmdshell:
        return true;
    default:
        return false;
    }
}

/// psql's \! and \gexec; \copy is a keyword, too.
bool hasMetaCommand(std::string_view text)
{
    for (std::size_t i = text.find('\\'); i != std::string_view::npos; i = text.find('\\', i + 1)) {
        const std::string_view command = text.substr(i + 1);
        if (command.starts_with('!') || command.starts_with("gexec"))
            return true;
    }
    return false;
}

} // namespace

bool hasSqlTrigger(std::string_view text)
{
    for (std::size_t begin = kLetters.find(text); begin < text.size();) {
        const std::size_t end = kOthers.find(text, begin);
        const SqlKeyword keyword = sqlKeyword(text.substr(begin, end - begin));
        if (isTrigger(keyword) || (keyword == Do && mayRunLiteral(text.substr(end))))
            return true;
        begin = kLetters.find(text, end);
    }
    return hasMetaCommand(text);
}

} // namespace luthien::guard
