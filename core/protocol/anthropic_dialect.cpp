// SPDX-License-Identifier: Apache-2.0
#include "protocol/anthropic.h"
#include "protocol/json_write.h"
#include "protocol/sse_parser.h"

namespace luthien::protocol::anthropic {

using namespace conversation;
namespace json = boost::json;

namespace {

/// The API's error words. Source: platform.claude.com/docs/en/api/errors; 431 and 502 have none of their own.
std::string_view errorTypeOf(unsigned httpStatus)
{
    switch (httpStatus) {
    case 401:
        return "authentication_error";
    case 402:
        return "billing_error";
    case 403:
    case 421:
        return "permission_error";
    case 404:
        return "not_found_error";
    case 409:
        return "conflict_error";
    case 413:
        return "request_too_large";
    case 429:
        return "rate_limit_error";
    case 503:
    case 529:
        return "overloaded_error";
    case 504:
        return "timeout_error";
    default:
        return httpStatus >= 500 ? "api_error" : "invalid_request_error";
    }
}

/// Inside a stream there is no status, only our word.
std::string_view errorTypeOf(std::string_view code)
{
    if (code == "blocked_by_policy" || code == "bad_request")
        return "invalid_request_error";
    if (code == "upstream_timeout")
        return "timeout_error";
    return code == "overloaded" || code == "shutting_down" ? "overloaded_error" : "api_error";
}

json::object errorObject(std::string_view type, std::string_view message)
{
    return {{"type", "error"}, {"error", {{"type", toJsonText(type)}, {"message", toJsonText(message)}}}};
}

class AnthropicDialect final : public Dialect
{
public:
    Api api() const noexcept override { return Api::AnthropicMessages; }

    Result<RequestView> parseRequest(std::string_view, std::string_view body) const override
    {
        return anthropic::parseRequest(body);
    }
    Role parseMessage(std::string_view text, std::vector<Block>& blocks) const override
    {
        return anthropic::parseMessage(text, blocks);
    }
    std::unique_ptr<StreamDecoder> makeDecoder() const override { return anthropic::makeDecoder(); }
    std::unique_ptr<StreamDecoder> decodeBody(std::string_view body, std::vector<StreamEvent>& events) const override
    {
        return anthropic::decodeBody(body, events);
    }

    /// The word of ours stands in error.details: clients show type and message, tests and people want the code.
    std::string errorBody(unsigned httpStatus, std::string_view code, std::string_view message,
                          std::string_view requestId) const override
    {
        json::object body = errorObject(errorTypeOf(httpStatus), message);
        body["error"].get_object()["details"] = {{"code", toJsonText(code)}};
        body["request_id"] = toJsonText(requestId);
        return json::serialize(body);
    }
    std::string errorEvent(std::string_view code, std::string_view message) const override
    {
        return sseEvent("error", json::serialize(errorObject(errorTypeOf(code), message)));
    }
    std::string_view keepalive() const noexcept override { return "event: ping\ndata: {\"type\": \"ping\"}\n\n"; }
};

} // namespace

const Dialect& dialect() noexcept
{
    static const AnthropicDialect instance;
    return instance;
}

} // namespace luthien::protocol::anthropic
