// SPDX-License-Identifier: Apache-2.0
#include "protocol/openai_chat.h"
#include "protocol/openai_error.h"
#include "protocol/sse_parser.h"

namespace luthien::protocol::openai_chat {

using namespace conversation;

namespace {

class ChatDialect final : public Dialect
{
public:
    Api api() const noexcept override { return Api::OpenAiChat; }

    Result<RequestView> parseRequest(std::string_view path, std::string_view body) const override
    {
        return openai_chat::parseRequest(path, body);
    }
    Role parseMessage(std::string_view text, std::vector<Block>& blocks) const override
    {
        return openai_chat::parseMessage(text, blocks);
    }
    std::unique_ptr<StreamDecoder> makeDecoder() const override { return openai_chat::makeDecoder(); }
    std::unique_ptr<StreamDecoder> decodeBody(std::string_view body, std::vector<StreamEvent>& events) const override
    {
        return openai_chat::decodeBody(body, events);
    }

    std::string errorBody(unsigned httpStatus, std::string_view code, std::string_view message,
                          std::string_view) const override
    {
        return openai::errorObject(openai::errorTypeOf(httpStatus), code, message);
    }
    std::string errorEvent(std::string_view code, std::string_view message) const override
    {
        const char* type = openai::isPassing(code) ? "server_error" : "invalid_request_error";
        return sseEvent({}, openai::errorObject(type, code, message));
    }
    std::string_view keepalive() const noexcept override { return ": keepalive\n\n"; }
};

} // namespace

const Dialect& dialect() noexcept
{
    static const ChatDialect instance;
    return instance;
}

} // namespace luthien::protocol::openai_chat
