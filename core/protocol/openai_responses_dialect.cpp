// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_write.h"
#include "protocol/openai_error.h"
#include "protocol/openai_responses.h"
#include "protocol/sse_parser.h"

namespace luthien::protocol::openai_responses {

using namespace conversation;
namespace json = boost::json;

namespace {

/// A client that is told "server_error" sends the request again, which is right when the upstream broke off; any other
/// code ends the turn and shows the message, which is right for a refusal. Seen with Codex 0.169.
std::string_view failureCodeOf(std::string_view code)
{
    return openai::isPassing(code) ? "server_error" : "invalid_prompt";
}

/// The members the SDKs require of a response object.
json::object failedResponse(std::string_view code, std::string_view message)
{
    return {{"id", "resp_failed"},
            {"object", "response"},
            {"created_at", 0},
            {"status", "failed"},
            {"error", {{"code", toJsonText(code)}, {"message", toJsonText(message)}}},
            {"incomplete_details", nullptr},
            {"instructions", nullptr},
            {"metadata", json::object()},
            {"model", ""},
            {"output", json::array()},
            {"parallel_tool_calls", true},
            {"temperature", 1},
            {"tool_choice", "auto"},
            {"tools", json::array()},
            {"top_p", 1},
            {"usage", nullptr}};
}

class ResponsesDialect final : public Dialect
{
public:
    Api api() const noexcept override { return Api::OpenAiResponses; }

    Result<RequestView> parseRequest(std::string_view, std::string_view body) const override
    {
        return openai_responses::parseRequest(body);
    }
    Role parseMessage(std::string_view text, std::vector<Block>& blocks) const override
    {
        return openai_responses::parseMessage(text, blocks);
    }
    std::unique_ptr<StreamDecoder> makeDecoder() const override { return openai_responses::makeDecoder(); }
    std::unique_ptr<StreamDecoder> decodeBody(std::string_view body, std::vector<StreamEvent>& events) const override
    {
        return openai_responses::decodeBody(body, events);
    }

    std::string errorBody(unsigned httpStatus, std::string_view code, std::string_view message,
                          std::string_view) const override
    {
        return openai::errorObject(openai::errorTypeOf(httpStatus), code, message);
    }
    std::string errorEvent(std::string_view code, std::string_view message) const override;
    std::string_view keepalive() const noexcept override { return ": keepalive\n\n"; }
};

/// As OpenAI itself does: an error event, which the SDKs throw, then response.failed, the only one Codex looks at.
/// sequence_number is left out: no client misses it, and we do not count along.
std::string ResponsesDialect::errorEvent(std::string_view code, std::string_view message) const
{
    const std::string_view shown = failureCodeOf(code);
    const json::object error = {
        {"type", "error"}, {"code", toJsonText(shown)}, {"message", toJsonText(message)}, {"param", nullptr}};
    const json::object failed = {{"type", "response.failed"}, {"response", failedResponse(shown, message)}};
    return sseEvent("error", json::serialize(error)) + sseEvent("response.failed", json::serialize(failed));
}

} // namespace

const Dialect& dialect() noexcept
{
    static const ResponsesDialect instance;
    return instance;
}

} // namespace luthien::protocol::openai_responses
