// SPDX-License-Identifier: Apache-2.0
#include "protocol/redaction.h"

#include "protocol/json_write.h"
#include "protocol/query.h"

#include <simdjson.h>

#include <algorithm>
#include <array>

namespace luthien::protocol {

namespace json = boost::json;

namespace {
constexpr std::string_view kRedacted = "[redacted]";

constexpr std::array<std::string_view, 10> kCredentialFields = {
    "authorization", "proxy-authorization",    "x-api-key", "api-key",
    "apikey",        "x-goog-api-key",         "cookie",    "set-cookie",
    "x-auth",        "sec-websocket-protocol", // browsers put OpenAI keys there
};
/// Names people make up: X-Luthien-Token, CF-Access-Client-Secret, Ocp-Apim-Subscription-Key, X-Amz-Security-Token.
/// Not "-key" alone: Idempotency-Key is worth seeing.
constexpr std::array<std::string_view, 11> kCredentialEndings = {
    "-token",    "_token",         "-secret",     "_secret", "-api-key", "-apikey", "-access-key", "-subscription-key",
    "-password", "-authorization", "-credential",
};
constexpr std::array<std::string_view, 22> kCredentialParameters = {
    "key",
    "api_key",
    "apikey",
    "api-key",
    "x-api-key",
    "x-goog-api-key",
    "subscription-key",
    "ocp-apim-subscription-key",
    "access_token",
    "token",
    "auth",
    "authorization",
    "secret",
    "password",
    "client_secret",
    "sig",
    "signature",
    "refresh_token",
    "id_token",
    "x-amz-signature",
    "x-amz-security-token",
    "x-goog-signature",
};

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

/// By its name as the server will read it: "%4Bey" is "key".
bool isCredentialParameter(std::string_view rawName)
{
    const std::string name = lowered(percentDecoded(rawName));
    return std::ranges::find(kCredentialParameters, name) != kCredentialParameters.end();
}

/// Header values may hold any byte; JSON may not. What is no UTF-8 is read as Latin-1. Source: RFC 9110 section 5.5.
std::string asUtf8(std::string_view value)
{
    if (simdjson::validate_utf8(value.data(), value.size()))
        return std::string(value);
    std::string text;
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            text += c;
        } else {
            text += static_cast<char>(0xC0 | (byte >> 6));
            text += static_cast<char>(0x80 | (byte & 0x3F));
        }
    }
    return text;
}

std::string shownValue(const Field& field)
{
    if (isCredentialField(field.name))
        return std::string(kRedacted);
    const bool isUrl = equalsIgnoringCase(field.name, "referer") || equalsIgnoringCase(field.name, "location") ||
                       equalsIgnoringCase(field.name, "content-location");
    return asUtf8(isUrl ? redactTarget(field.value) : field.value);
}

json::array headersOf(const Fields& fields)
{
    json::array headers;
    for (const Field& field : fields.all())
        headers.push_back(json::array{toJsonText(asUtf8(field.name)), toJsonText(shownValue(field))});
    return headers;
}
} // namespace

bool isCredentialField(std::string_view name) noexcept
{
    constexpr std::size_t kLongestName = 256; // no real one is longer; what is gets hidden
    if (name.size() > kLongestName)
        return true;
    const std::string lower = lowered(name);
    return std::ranges::find(kCredentialFields, lower) != kCredentialFields.end() ||
           std::ranges::any_of(kCredentialEndings,
                               [&lower](std::string_view ending) { return lower.ends_with(ending); });
}

std::string redactTarget(std::string_view target)
{
    const std::size_t query = target.find('?');
    if (query == std::string_view::npos)
        return std::string(target);
    std::string shown(target.substr(0, query + 1));
    for (std::size_t at = query + 1; at < target.size();) {
        const std::size_t end = std::min(target.find_first_of("&;", at), target.size());
        const std::string_view parameter = target.substr(at, end - at);
        const std::size_t equals = parameter.find('=');
        if (equals != std::string_view::npos && isCredentialParameter(parameter.substr(0, equals)))
            shown.append(parameter.substr(0, equals + 1)).append(kRedacted);
        else
            shown += parameter;
        if (end < target.size())
            shown += target[end];
        at = end + 1;
    }
    return shown;
}

std::string requestHeadJson(const RequestHead& head)
{
    return json::serialize(json::object{{"method", toJsonText(asUtf8(head.method))},
                                        {"target", toJsonText(asUtf8(redactTarget(head.target)))},
                                        {"headers", headersOf(head.fields)}});
}

std::string responseHeadJson(const ResponseHead& head)
{
    return json::serialize(json::object{{"status", head.status}, {"headers", headersOf(head.fields)}});
}

} // namespace luthien::protocol
