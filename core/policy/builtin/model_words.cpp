// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/model_words.h"

#include "base/strict_json.h"

#include <boost/json/value.hpp>

#include <algorithm>

namespace luthien::policy::builtin {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kFence = "```";
/// So many places an object could begin at are tried.
constexpr int kMaxBeginnings = 2000;

std::string_view trimmedAtEnd(std::string_view text)
{
    return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

/// The reply without blanks around it, and without the fence if it is all in one, or ends with one.
std::string_view withoutFence(std::string_view text)
{
    text = trimmedAtEnd(text);
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    if (!text.ends_with(kFence))
        return text;
    text = trimmedAtEnd(text.substr(0, text.size() - kFence.size()));
    if (text.starts_with(kFence)) {
        text.remove_prefix(std::min(text.find('\n'), text.size()));
        text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    }
    return text;
}

} // namespace

std::string quoted(std::string_view name, std::string_view text)
{
    std::string result = "<" + std::string(name) + ">";
    result.reserve(text.size() + 2 * name.size() + 8);
    for (const char character : text) {
        switch (character) {
        case '&':
            result += "&amp;";
            break;
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        case '"':
            result += "&quot;";
            break;
        case '\'':
            result += "&#39;";
            break;
        default:
            result += character;
        }
    }
    return result + "</" + std::string(name) + ">";
}

Result<boost::json::object> lastObject(std::string_view reply)
{
    if (reply.size() > kMaxModelReplyBytes)
        return Error{ErrorCode::TooLarge, "The model's reply is too long.", {}};
    const std::string_view text = withoutFence(reply);
    // The usual case; what the object says may be full of braces.
    if (text.starts_with('{'))
        if (Result<boost::json::value> value = parseStrictJson(text); value && value->is_object())
            return std::move(value->get_object());
    // Only the whole rest of the text is an object of the reply's own: a brace inside one leaves something over.
    std::size_t begin = text.size();
    for (int tried = 0; tried < kMaxBeginnings && text.ends_with('}') && begin > 0; ++tried) {
        begin = text.rfind('{', begin - 1);
        if (begin == std::string_view::npos)
            break;
        Result<boost::json::value> value = parseStrictJson(text.substr(begin));
        if (value && value->is_object())
            return std::move(value->get_object());
    }
    return Error{ErrorCode::InvalidInput, "The model's reply does not end with one JSON object.", {}};
}

} // namespace luthien::policy::builtin
