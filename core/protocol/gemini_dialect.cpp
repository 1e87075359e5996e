// SPDX-License-Identifier: Apache-2.0
#include "protocol/gemini.h"
#include "protocol/json_write.h"
#include "protocol/sse_parser.h"

namespace luthien::protocol::gemini {

using namespace conversation;

namespace {

std::string_view statusWordOf(unsigned httpStatus)
{
    switch (httpStatus) {
    case 401:
        return "UNAUTHENTICATED";
    case 403:
    case 421:
        return "PERMISSION_DENIED";
    case 404:
        return "NOT_FOUND";
    case 429:
        return "RESOURCE_EXHAUSTED";
    case 502:
    case 503:
        return "UNAVAILABLE";
    case 504:
        return "DEADLINE_EXCEEDED";
    default:
        return httpStatus >= 500 ? "INTERNAL" : "INVALID_ARGUMENT";
    }
}

std::string errorJson(unsigned httpStatus, std::string_view code, std::string_view message)
{
    const boost::json::object details = {{"@type", "type.googleapis.com/google.rpc.ErrorInfo"},
                                         {"reason", toJsonText(code)}};
    return boost::json::serialize(boost::json::object{{"error",
                                                       {{"code", httpStatus},
                                                        {"message", toJsonText(message)},
                                                        {"status", toJsonText(statusWordOf(httpStatus))},
                                                        {"details", boost::json::array{details}}}}});
}

class GeminiDialect final : public Dialect
{
public:
    Api api() const noexcept override { return Api::Gemini; }
    Result<RequestView> parseRequest(std::string_view path, std::string_view body) const override
    {
        return gemini::parseRequest(path, body);
    }
    Role parseMessage(std::string_view text, std::vector<Block>& blocks) const override
    {
        return gemini::parseMessage(text, blocks);
    }
    /// Without alt=sse a stream is one JSON array that grows.
    std::optional<StreamForm> streamForm(std::string_view contentType, bool isStreamAsked) const noexcept override
    {
        const auto form = Dialect::streamForm(contentType, isStreamAsked);
        return form || !isStreamAsked ? form : StreamForm::List;
    }
    std::unique_ptr<StreamDecoder> makeDecoder() const override { return gemini::makeDecoder(); }
    std::unique_ptr<StreamDecoder> decodeBody(std::string_view body, std::vector<StreamEvent>& events) const override
    {
        return gemini::decodeBody(body, events);
    }
    std::string errorBody(unsigned httpStatus, std::string_view code, std::string_view message,
                          std::string_view) const override
    {
        return errorJson(httpStatus, code, message);
    }
    std::string errorEvent(std::string_view code, std::string_view message) const override
    {
        const unsigned status = code == "upstream_timeout" ? 504U : code == "blocked_by_policy" ? 400U : 503U;
        return sseEvent({}, errorJson(status, code, message));
    }
    std::string_view keepalive() const noexcept override { return ": keepalive\n\n"; }
};

} // namespace

const Dialect& dialect() noexcept
{
    static const GeminiDialect instance;
    return instance;
}

} // namespace luthien::protocol::gemini
