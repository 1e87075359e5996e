// SPDX-License-Identifier: Apache-2.0
#include "protocol/query.h"

namespace luthien::protocol {

namespace {
int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}
} // namespace

std::string percentDecoded(std::string_view text)
{
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool isEscape =
            text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 && hexDigit(text[i + 2]) >= 0;
        decoded += isEscape ? static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2])) : text[i];
        i += isEscape ? 2 : 0;
    }
    return decoded;
}

std::string lookedUpPath(std::string_view path)
{
    std::string plain;
    for (const char byte : percentDecoded(path)) {
        if (byte != '/' || !plain.ends_with('/'))
            plain += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
    }
    if (plain.ends_with('/'))
        plain.pop_back();
    return plain;
}

} // namespace luthien::protocol
