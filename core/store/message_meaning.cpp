// SPDX-License-Identifier: Apache-2.0
#include "store/message_meaning.h"

namespace luthien::store {

namespace {
constexpr std::string_view kCacheMark = "\"cache_control\"";
constexpr std::string_view kContent = "\"content\":";
constexpr std::string_view kSoleText = "\"content\":[{\"type\":\"text\",\"text\":\"";

/// Position after the string whose opening quote is at quote.
std::size_t endOfString(std::string_view json, std::size_t quote)
{
    std::size_t i = quote + 1;
    while (i < json.size() && json[i] != '"')
        i += json[i] == '\\' ? 2 : 1;
    return i < json.size() ? i + 1 : json.size();
}

/// Position after the JSON value that begins at from. Only as strict as skipping needs.
std::size_t endOfValue(std::string_view json, std::size_t from)
{
    int depth = 0;
    for (std::size_t i = from; i < json.size(); ++i) {
        const char c = json[i];
        if (c == '"') {
            i = endOfString(json, i) - 1;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                return i;
            if (--depth == 0)
                return i + 1;
        } else if (c == ',' && depth == 0) {
            return i;
        }
    }
    return json.size();
}

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

std::string withoutMarks(std::string_view message)
{
    std::string rest;
    rest.reserve(message.size());
    std::size_t from = 0;
    // An unescaped quote on both sides and a colon after: a member's name, never text inside a string.
    for (std::size_t at; (at = message.find(kCacheMark, from)) != std::string_view::npos;) {
        std::size_t value = at + kCacheMark.size();
        while (value < message.size() && isSpace(message[value]))
            ++value;
        if (value >= message.size() || message[value] != ':') {
            rest += message.substr(from, value - from);
            from = value;
            continue;
        }
        rest += message.substr(from, at - from);
        from = endOfValue(message, value + 1);
        while (!rest.empty() && isSpace(rest.back()))
            rest.pop_back();
        if (!rest.empty() && rest.back() == ',')
            rest.pop_back();
        else if (from < message.size() && message[from] == ',')
            ++from;
    }
    rest += message.substr(from);
    return rest;
}

/// "content":[{"type":"text","text":"x"}] becomes "content":"x", in the compact form agents write.
void writePlainText(std::string& message)
{
    const std::size_t at = message.find(kSoleText);
    if (at == std::string::npos)
        return;
    const std::size_t quote = at + kSoleText.size() - 1;
    const std::size_t end = endOfString(message, quote);
    if (message.compare(end, 2, "}]") != 0)
        return;
    message.erase(end, 2);
    message.replace(at, quote - at, kContent);
}
} // namespace

bool mayVary(std::string_view message) noexcept
{
    return message.find(kCacheMark) != std::string_view::npos || message.find(kSoleText) != std::string_view::npos;
}

std::string settled(std::string_view message)
{
    std::string settled = withoutMarks(message);
    writePlainText(settled);
    return settled;
}

} // namespace luthien::store
