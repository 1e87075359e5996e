// SPDX-License-Identifier: Apache-2.0
#include "desktop/resend_request.h"

#include "protocol/http_message.h"
#include "proxy/trial_chains.h"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace luthien::desktop {

namespace {
namespace json = boost::json;

constexpr std::string_view kRedacted = "[redacted]";
constexpr std::string_view kResentSession = "resent-";
constexpr std::array<std::string_view, 15> kLeftOut = {
    "host",       "content-length", "content-encoding", "transfer-encoding",  "accept-encoding",
    "expect",     "connection",     "keep-alive",       "proxy-connection",   "te",
    "session-id", "session_id",     "conversation_id",  "x-session-affinity", proxy::kTrialField};

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return lower;
}

/// Fields of a session would put the new call among those of the one it was made from.
bool isLeftOut(std::string_view name)
{
    const std::string lower = lowered(name);
    return std::ranges::find(kLeftOut, lower) != kLeftOut.end() || lower.ends_with("-session-id") ||
           lower.ends_with("-session") || lower == "baggage" || lower == "x-task-id";
}

bool isOnOneLine(std::string_view text)
{
    return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; });
}

json::object headOf(const CallDetail& detail)
{
    boost::system::error_code failed;
    const json::value head = json::parse(detail.requestHead, failed);
    return !failed && head.is_object() ? head.get_object() : json::object();
}

std::string memberText(const json::object& object, std::string_view name)
{
    const json::value* const value = object.if_contains(json::string_view(name.data(), name.size()));
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// Calls each(name, value) for every header of the record.
template <typename Each>
void forEachHeader(const json::object& head, Each each)
{
    const json::value* const headers = head.if_contains("headers");
    if (headers == nullptr || !headers->is_array())
        return;
    for (const json::value& header : headers->get_array()) {
        const json::array* const pair = header.if_array();
        if (pair != nullptr && pair->size() == 2 && (*pair)[0].is_string() && (*pair)[1].is_string())
            each(std::string((*pair)[0].get_string()), std::string((*pair)[1].get_string()));
    }
}

std::string withCredential(std::string target, std::string_view credential)
{
    for (std::size_t at = target.find(kRedacted); at != std::string::npos; at = target.find(kRedacted))
        target.replace(at, kRedacted.size(), credential);
    return target;
}

/// The value of a credential's header; empty = it is one we know no form of.
std::string credentialValue(const std::string& name, std::string_view credential)
{
    const std::string lower = lowered(name);
    if (lower == "authorization")
        return "Bearer " + std::string(credential);
    const bool isKey = lower == "x-api-key" || lower == "api-key" || lower == "x-goog-api-key";
    return isKey ? std::string(credential) : std::string();
}
} // namespace

std::string resentSession(CallId original)
{
    return std::string(kResentSession) + original.toString();
}

CallId originalOf(std::string_view session)
{
    if (!session.starts_with(kResentSession))
        return {};
    return CallId::parse(session.substr(kResentSession.size())).value_or(CallId());
}

std::string trialOf(const CallDetail& detail)
{
    std::string name;
    forEachHeader(headOf(detail), [&name](const std::string& field, const std::string& value) {
        if (protocol::equalsIgnoringCase(field, proxy::kTrialField))
            name = value;
    });
    return name;
}

bool needsCredential(const CallDetail& detail)
{
    const json::object head = headOf(detail);
    bool isNeeded = memberText(head, "target").find(kRedacted) != std::string::npos;
    forEachHeader(head, [&isNeeded](const std::string& name, const std::string& value) {
        isNeeded = isNeeded || (value == kRedacted && !credentialValue(name, "x").empty());
    });
    return isNeeded;
}

Result<std::string> resendRequest(const CallDetail& detail, std::string_view body, const Resending& resending)
{
    const std::string_view credential = resending.credential;
    const Error broken{.code = ErrorCode::InvalidInput, .message = "this request cannot be sent as it was recorded"};
    if (!isOnOneLine(credential))
        return Error{.code = ErrorCode::InvalidInput, .message = "the key has to be on one line"};
    const json::object head = headOf(detail);
    const std::string method = memberText(head, "method");
    const std::string target = withCredential(memberText(head, "target"), credential);
    if (method.empty() || !target.starts_with('/') || !isOnOneLine(method + target) ||
        (method + target).find(' ') != std::string::npos)
        return broken;
    std::string wire = method + ' ' + target + " HTTP/1.1\r\nHost: " + std::string(resending.authority) + "\r\n";
    bool isWhole = true;
    forEachHeader(head, [&](const std::string& name, const std::string& value) {
        if (isLeftOut(name))
            return;
        const std::string shown = value != kRedacted   ? value
                                  : credential.empty() ? std::string()
                                                       : credentialValue(name, credential);
        if (value == kRedacted && shown.empty())
            return;
        isWhole = isWhole && isOnOneLine(name + shown) && name.find_first_of(": \t") == std::string::npos;
        wire += name + ": " + shown + "\r\n";
    });
    if (!isWhole)
        return broken;
    wire += "x-session-id: " + resentSession(detail.call.id) + "\r\nConnection: close\r\n";
    if (!resending.clientToken.empty())
        wire += "x-luthien-token: " + std::string(resending.clientToken) + "\r\n";
    if (!resending.trial.empty())
        wire += std::string(proxy::kTrialField) + ": " + std::string(resending.trial) + "\r\n";
    if (!body.empty())
        wire += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return wire + "\r\n" + std::string(body);
}

} // namespace luthien::desktop
