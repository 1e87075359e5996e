// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/name_words.h"

namespace luthien::policy::builtin {

namespace {

bool isUpper(char c)
{
    return c >= 'A' && c <= 'Z';
}
bool isLower(char c)
{
    return c >= 'a' && c <= 'z';
}
bool isWordByte(char c)
{
    return isUpper(c) || isLower(c) || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

} // namespace

std::vector<std::string> nameWords(std::string_view identifier)
{
    std::vector<std::string> words;
    bool continues = false;
    for (std::size_t i = 0; i < identifier.size(); ++i) {
        const char c = identifier[i];
        if (!isWordByte(c)) {
            continues = false;
            continue;
        }
        // executeSql, and SQLQuery: a new word begins at the Q.
        const bool afterLower = i > 0 && isLower(identifier[i - 1]);
        const bool beforeLower =
            i > 0 && isUpper(identifier[i - 1]) && i + 1 < identifier.size() && isLower(identifier[i + 1]);
        if (!continues || (isUpper(c) && (afterLower || beforeLower))) {
            if (words.size() == kMaxNameWords)
                return words;
            words.emplace_back();
        }
        words.back() += isUpper(c) ? static_cast<char>(c | 0x20) : c;
        continues = true;
    }
    return words;
}

} // namespace luthien::policy::builtin
