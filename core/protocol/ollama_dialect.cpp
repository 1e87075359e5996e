// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_write.h"
#include "protocol/ollama.h"
#include "protocol/openai_chat.h"
#include "protocol/request_scan.h"

namespace luthien::protocol::ollama {

using namespace conversation;
namespace ondemand = simdjson::ondemand;

namespace {

std::string errorJson(std::string_view message)
{
    return boost::json::serialize(boost::json::object{{"error", toJsonText(message)}});
}

class OllamaDialect final : public Dialect
{
public:
    Api api() const noexcept override { return Api::Ollama; }
    Result<RequestView> parseRequest(std::string_view, std::string_view body) const override
    {
        RequestScan scan;
        scan.view().stream = true; // unlike everybody else's, the default is to stream
        return scan.read(body, &ollama::parseMessage, [&scan](std::string_view key, ondemand::value& value) {
            if (key == "messages" || key == "prompt")
                scan.takeMessages(value);
            else if (key == "system")
                scan.addSystem(textOf(value));
        });
    }
    Role parseMessage(std::string_view text, std::vector<Block>& blocks) const override
    {
        return ollama::parseMessage(text, blocks);
    }
    /// Its clients go by what they asked for, not by what the reply says it is.
    std::optional<StreamForm> streamForm(std::string_view, bool isStreamAsked) const noexcept override
    {
        return isStreamAsked ? std::optional(StreamForm::Lines) : std::nullopt;
    }
    std::unique_ptr<StreamDecoder> makeDecoder() const override { return ollama::makeDecoder(); }
    std::unique_ptr<StreamDecoder> decodeBody(std::string_view body, std::vector<StreamEvent>& events) const override
    {
        return ollama::decodeBody(body, events);
    }
    std::string errorBody(unsigned, std::string_view, std::string_view message, std::string_view) const override
    {
        return errorJson(message);
    }
    std::string errorEvent(std::string_view, std::string_view message) const override
    {
        return errorJson(message) + '\n';
    }
    std::string_view keepalive() const noexcept override { return " "; }
};

} // namespace

/// /api/chat sends messages like Chat's; /api/generate one prompt, a text.
Role parseMessage(std::string_view json, std::vector<Block>& blocks)
{
    if (!json.starts_with('"'))
        return openai_chat::parseMessage(json, blocks);
    JsonReader reader;
    blocks.push_back({.text = std::string(reader.string(json).value_or(json))});
    return Role::User;
}

const Dialect& dialect() noexcept
{
    static const OllamaDialect instance;
    return instance;
}

} // namespace luthien::protocol::ollama
