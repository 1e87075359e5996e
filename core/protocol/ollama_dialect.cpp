// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_write.h"
#include "protocol/openai_chat.h"
#include "protocol/pass_through.h"
#include "protocol/request_scan.h"

namespace luthien::protocol::pass_through {

using namespace conversation;
namespace ondemand = simdjson::ondemand;

namespace {

std::string errorJson(std::string_view message)
{
    return boost::json::serialize(boost::json::object{{"error", toJsonText(message)}});
}

/// /api/chat sends messages like Chat's; /api/generate one prompt, a text.
Role parseOllamaMessage(std::string_view text, std::vector<Block>& blocks)
{
    if (!text.starts_with('"'))
        return openai_chat::parseMessage(text, blocks);
    JsonReader reader;
    Block block;
    block.text = reader.string(text).value_or(text);
    blocks.push_back(std::move(block));
    return Role::User;
}

class OllamaDialect final : public Dialect
{
public:
    Api api() const noexcept override { return Api::Ollama; }
    Result<RequestView> parseRequest(std::string_view, std::string_view body) const override
    {
        RequestScan scan;
        scan.view().stream = true; // unlike everybody else's, the default is to stream
        return scan.read(body, &parseOllamaMessage, [&scan](std::string_view key, ondemand::value& value) {
            if (key == "messages" || key == "prompt")
                scan.takeMessages(value);
            else if (key == "system")
                scan.addSystem(textOf(value));
        });
    }
    Role parseMessage(std::string_view text, std::vector<Block>& blocks) const override
    {
        return parseOllamaMessage(text, blocks);
    }
    std::unique_ptr<StreamDecoder> makeDecoder() const override { return pass_through::makeDecoder(); }
    std::unique_ptr<StreamDecoder> decodeBody(std::string_view body, std::vector<StreamEvent>& events) const override
    {
        return other().decodeBody(body, events);
    }
    std::string errorBody(unsigned, std::string_view, std::string_view message, std::string_view) const override
    {
        return errorJson(message);
    }
    // One JSON object a line; there is no line that means nothing, so no keep-alive either.
    std::string errorEvent(std::string_view, std::string_view message) const override
    {
        return errorJson(message) + '\n';
    }
    std::string_view keepalive() const noexcept override { return {}; }
};

} // namespace

const Dialect& ollama() noexcept
{
    static const OllamaDialect instance;
    return instance;
}

} // namespace luthien::protocol::pass_through
