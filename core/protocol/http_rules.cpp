// SPDX-License-Identifier: Apache-2.0
#include "protocol/http_rules.h"

#include "protocol/field_list.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace luthien::protocol {

namespace {
using Refusal = std::optional<HttpError>;

constexpr std::size_t kMaxMethodBytes = 20;
constexpr std::size_t kMaxLengthDigits = 18; // below 2^63 in every parser

HttpError refusal(const char* code, const char* message, unsigned status = 400)
{
    return {status, code, message};
}

constexpr bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

constexpr bool isLetter(char c) noexcept
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

constexpr bool isHexDigit(char c) noexcept
{
    return isDigit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

bool isToken(std::string_view text) noexcept
{
    static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return isDigit(c) || isLetter(c) || kMarks.find(c) != std::string_view::npos;
    });
}

/// Rule 3. A list of codings that ends in chunked is well formed, but nothing we read; the rest has no end at all.
Refusal checkTransferEncoding(const Fields& fields)
{
    const auto count = fields.count("transfer-encoding");
    if (count == 0)
        return {};
    if (count > 1)
        return refusal("duplicate_transfer_encoding", "Transfer-Encoding comes more than once.");
    const auto value = fields.value("transfer-encoding");
    if (equalsIgnoringCase(value, "chunked"))
        return {};
    std::string_view last;
    std::size_t chunkedCount = 0;
    bool isList = true;
    forEachMember(value, [&](std::string_view coding) {
        last = coding;
        chunkedCount += equalsIgnoringCase(coding, "chunked") ? 1 : 0;
        isList = isList && isToken(coding);
    });
    if (isList && chunkedCount == 1 && equalsIgnoringCase(last, "chunked"))
        return refusal("unsupported_transfer_encoding", "The only transfer coding read here is chunked.", 501);
    return refusal("bad_transfer_encoding", "Transfer-Encoding is not chunked.");
}

/// Rule 6.
Refusal checkContentLength(const Fields& fields)
{
    const auto count = fields.count("content-length");
    if (count == 0)
        return {};
    if (count > 1)
        return refusal("duplicate_content_length", "Content-Length comes more than once.");
    const auto value = fields.value("content-length");
    const bool isPlain = !value.empty() && value.size() <= kMaxLengthDigits && std::ranges::all_of(value, isDigit) &&
                         (value.size() == 1 || value.front() != '0');
    if (!isPlain)
        return refusal("bad_content_length", "Content-Length is not one plain number.");
    return {};
}

/// Rule 10: what a gateway that folds marks into one another would take for a field of framing or routing.
bool looksLikeFramingField(std::string_view name)
{
    static constexpr std::array<std::string_view, 3> kNames = {"transfer-encoding", "content-length", "host"};
    static constexpr std::array<std::string_view, 3> kBare = {"transferencoding", "contentlength", "host"};
    if (std::ranges::any_of(kNames, [&](std::string_view known) { return equalsIgnoringCase(name, known); }))
        return false;
    std::string bare;
    std::ranges::copy_if(name, std::back_inserter(bare), [](char c) { return isDigit(c) || isLetter(c); });
    return std::ranges::any_of(kBare, [&](std::string_view known) { return equalsIgnoringCase(bare, known); });
}

/// Rules 2 to 6 and 10: the same for both sides.
Refusal checkFraming(const Fields& fields, int minorVersion, const HttpLimits& limits)
{
    if (fields.all().size() > limits.fieldCount)
        return refusal("too_many_fields", "The head has too many fields.", 431);
    if (auto error = checkTransferEncoding(fields))
        return error;
    if (fields.has("transfer-encoding") && fields.has("content-length"))
        return refusal("length_and_chunked", "Transfer-Encoding and Content-Length exclude one another.");
    if (fields.has("transfer-encoding") && minorVersion == 0)
        return refusal("chunked_in_http_1_0", "HTTP/1.0 has no Transfer-Encoding.");
    if (auto error = checkContentLength(fields))
        return error;
    if (std::ranges::any_of(fields.all(), [](const Field& field) { return looksLikeFramingField(field.name); }))
        return refusal("lookalike_field", "A field name differs from a framing field only by its marks.");
    return {};
}

bool isPort(std::string_view port) noexcept
{
    unsigned value = 0;
    const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), value);
    return failure == std::errc() && end == port.data() + port.size() && value <= 65535 && port.size() <= 5;
}

/// name[:port] or [v6][:port].
bool isAuthority(std::string_view authority) noexcept
{
    std::size_t nameEnd = 0;
    if (authority.starts_with('[')) {
        const auto bracket = authority.find(']');
        if (bracket == std::string_view::npos || bracket < 3)
            return false;
        if (!std::ranges::all_of(authority.substr(1, bracket - 1),
                                 [](char c) { return isHexDigit(c) || c == ':' || c == '.'; }))
            return false;
        nameEnd = bracket + 1;
    } else {
        nameEnd = std::min(authority.find(':'), authority.size());
        if (nameEnd == 0 || !std::ranges::all_of(authority.substr(0, nameEnd), [](char c) {
                return isLetter(c) || isDigit(c) || c == '-' || c == '.' || c == '_';
            }))
            return false;
    }
    const auto port = authority.substr(nameEnd);
    return port.empty() || (port.front() == ':' && isPort(port.substr(1)));
}

/// Rule 7.
Refusal checkHost(const RequestHead& head)
{
    const auto count = head.fields.count("host");
    if (count > 1)
        return refusal("duplicate_host", "Host comes more than once.");
    if (count == 0 && head.minorVersion >= 1)
        return refusal("no_host", "HTTP/1.1 needs a Host.");
    if (count == 1 && !isAuthority(head.fields.value("host")))
        return refusal("bad_host", "Host is not a name or address with an optional port.");
    return {};
}

/// Rule 8.
Refusal checkMethod(const RequestHead& head)
{
    static constexpr std::array<std::string_view, 4> kRefused = {"CONNECT", "TRACE", "TRACK", "PRI"};
    const std::string_view method = head.method;
    if (method.empty() || method.size() > kMaxMethodBytes ||
        !std::ranges::all_of(method, [](char c) { return (c >= 'A' && c <= 'Z') || c == '_' || c == '-'; }))
        return refusal("bad_method", "The method is not a word of capitals.");
    if (std::ranges::find(kRefused, method) != kRefused.end())
        return refusal("unsupported_method", "This method is not served.", 501);
    return {};
}

struct AbsoluteTarget
{
    std::string_view authority;
    std::string_view rest; ///< path and query
};

std::optional<AbsoluteTarget> splitAbsolute(std::string_view target)
{
    for (const std::string_view scheme : {std::string_view("http://"), std::string_view("https://")}) {
        if (!equalsIgnoringCase(target.substr(0, scheme.size()), scheme))
            continue;
        const auto rest = target.substr(scheme.size());
        const auto end = std::min(rest.find_first_of("/?"), rest.size());
        return AbsoluteTarget{rest.substr(0, end), rest.substr(end)};
    }
    return {};
}

/// Rule 9.
Refusal checkTarget(const RequestHead& head)
{
    static constexpr std::string_view kRefused = "\"<>\\^`{|}#";
    const auto isAllowed = [](char c) { return c >= 0x21 && c <= 0x7e && kRefused.find(c) == std::string_view::npos; };
    if (!std::ranges::all_of(head.target, isAllowed))
        return refusal("bad_target", "The request target holds a byte that URLs do not have.");
    if (head.target == "*" && head.method == "OPTIONS")
        return {};
    std::string_view path = head.target;
    if (const auto absolute = splitAbsolute(head.target)) {
        if (!equalsIgnoringCase(absolute->authority, head.fields.value("host")) || absolute->authority.empty())
            return refusal("target_not_host", "The request target and Host name different servers.");
        if (absolute->rest.empty() || absolute->rest.front() == '?')
            return {};
        path = absolute->rest;
    }
    if (!path.starts_with('/') || path.starts_with("//"))
        return refusal("bad_target", "The request target is not a path.");
    return {};
}

/// Rule 11.
Refusal checkConnection(const RequestHead& head)
{
    for (const std::string_view name : {"host", "content-length", "transfer-encoding", "authorization", "cookie"})
        if (listHas(head.fields, "connection", name))
            return refusal("bad_connection", "Connection names a field that is not the connection's own.");
    for (const Field& field : head.fields.all())
        if (equalsIgnoringCase(field.name, "expect") && !equalsIgnoringCase(field.value, "100-continue"))
            return refusal("bad_expectation", "The only expectation met here is 100-continue.", 417);
    return {};
}

/// Rule 12.
Refusal checkStatus(const ResponseHead& head)
{
    if (head.status < 100 || head.status > 599)
        return refusal("bad_status", "The status is not between 100 and 599.");
    const bool isBodiless = head.status < 200 || head.status == 204;
    const auto length = head.fields.value("content-length");
    if (isBodiless && (head.fields.has("transfer-encoding") || (!length.empty() && length != "0")))
        return refusal("body_of_bodiless_status", "A reply that has no body announces one.");
    return {};
}
} // namespace

std::optional<HttpError> checkRequest(const RequestHead& head, const HttpLimits& limits)
{
    if (auto error = checkFraming(head.fields, head.minorVersion, limits))
        return error;
    for (const auto check : {checkMethod, checkHost, checkTarget, checkConnection})
        if (auto error = check(head))
            return error;
    return {};
}

std::optional<HttpError> checkResponse(const ResponseHead& head, const HttpLimits& limits)
{
    auto error = checkFraming(head.fields, head.minorVersion, limits);
    if (!error)
        error = checkStatus(head);
    if (error)
        error->status = 502;
    return error;
}

std::string originForm(std::string_view method, std::string_view target)
{
    const auto absolute = splitAbsolute(target);
    if (!absolute)
        return std::string(target);
    if (absolute->rest.empty())
        return method == "OPTIONS" ? "*" : "/";
    return absolute->rest.front() == '?' ? "/" + std::string(absolute->rest) : std::string(absolute->rest);
}

} // namespace luthien::protocol
