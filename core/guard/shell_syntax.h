// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/byte_set.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

/// The signs and words that a shell reads by, for the reader of words.
namespace luthien::guard {

inline constexpr std::array<std::string_view, 8> kOpeningWords{"{",   "if",   "while",  "until",
                                                               "for", "case", "select", "do"};
inline constexpr std::array<std::string_view, 4> kClosingWords{"}", "fi", "done", "esac"};
inline constexpr std::array<std::string_view, 6> kOtherWords{"!", "then", "else", "elif", "time", "in"};
inline constexpr std::array<std::string_view, 5> kDeclaring{"export", "declare", "local", "readonly", "typeset"};

template <std::size_t size>
[[nodiscard]] bool isOneOf(std::string_view word, const std::array<std::string_view, size>& words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// Bytes that mean something in a word, between double quotes, and in a here-document; all others stand for themselves.
inline constexpr ByteSet kWordSigns(" \t\r\n;|<>)&('\"\\$`");
inline constexpr ByteSet kQuotedSigns("\"\\$`");
inline constexpr ByteSet kDelimiterEnds(" \t\r\n;|&<>()");

[[nodiscard]] inline bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

[[nodiscard]] inline bool isNameByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Length of NAME in NAME=value or NAME+=value, 0 for any other word.
[[nodiscard]] inline std::size_t assignedNameLength(std::string_view word)
{
    std::size_t i = 0;
    while (i < word.size() && isNameByte(word[i]))
        ++i;
    const bool assigns = word.substr(i).starts_with('=') || word.substr(i).starts_with("+=");
    return i > 0 && assigns && !(word[0] >= '0' && word[0] <= '9') ? i : 0;
}

} // namespace luthien::guard
